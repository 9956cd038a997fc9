//! Rows that depend on rows of their own table, or on each other.

use retro_core::prelude::*;

/// A tree whose nodes survive their parents.
#[derive(Model, Debug, Clone)]
#[retro(table = "nodes")]
pub struct Node {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Node::id)]
    pub parent_id: Option<i32>,
    #[retro(key = parent_id, back_populates = children)]
    pub parent: BelongsTo<Option<Node>>,
    #[retro(back_populates = parent)]
    pub children: HasMany<Node>,
}

/// A tree whose branches go with their parents.
#[derive(Model, Debug, Clone)]
#[retro(table = "branches")]
pub struct Branch {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Branch::id)]
    pub parent_id: Option<i32>,
    #[retro(key = parent_id, back_populates = children)]
    pub parent: BelongsTo<Option<Branch>>,
    #[retro(back_populates = parent, cascade = "all, delete-orphan")]
    pub children: HasMany<Branch>,
}

/// A ring of rows is possible here: the reference is written by an UPDATE of its own.
#[derive(Model, Debug, Clone)]
#[retro(table = "links")]
pub struct Ring {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Ring::id)]
    pub next_id: Option<i32>,
    #[retro(key = next_id, post_update)]
    pub next: BelongsTo<Option<Ring>>,
}

/// Persons have balls, and one of them is their favourite.
#[derive(Model, Debug, Clone)]
#[retro(table = "people")]
pub struct Person {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Ball::id)]
    pub favourite_id: Option<i32>,
    #[retro(foreign_key = Ball::id)]
    pub second_id: Option<i32>,
    #[retro(foreign_key = Ball::id)]
    pub third_id: Option<i32>,
    #[retro(key = favourite_id, post_update)]
    pub favourite: BelongsTo<Option<Ball>>,
    #[retro(key = second_id, post_update)]
    pub second: BelongsTo<Option<Ball>>,
    #[retro(key = third_id, post_update)]
    pub third: BelongsTo<Option<Ball>>,
    #[retro(back_populates = owner, foreign_key = Ball::owner_id)]
    pub balls: HasMany<Ball>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "balls")]
pub struct Ball {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub colour: String,
    #[retro(foreign_key = Person::id)]
    pub owner_id: Option<i32>,
    #[retro(key = owner_id, back_populates = balls)]
    pub owner: BelongsTo<Option<Person>>,
}

/// Eggs and chickens need each other, and nothing says which comes first.
#[derive(Model, Debug, Clone)]
#[retro(table = "chickens")]
pub struct Chicken {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Egg::id)]
    pub egg_id: Option<i32>,
    #[retro(key = egg_id)]
    pub egg: BelongsTo<Option<Egg>>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "eggs")]
pub struct Egg {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Chicken::id)]
    pub chicken_id: Option<i32>,
    #[retro(key = chicken_id)]
    pub chicken: BelongsTo<Option<Chicken>>,
}

/// Somebody outside of that circle, who depends on it.
#[derive(Model, Debug, Clone)]
#[retro(table = "farmers")]
pub struct Farmer {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Chicken::id)]
    pub chicken_id: Option<i32>,
    #[retro(key = chicken_id)]
    pub chicken: BelongsTo<Option<Chicken>>,
}

/// Tasks that wait for tasks: many-to-many with itself.
#[derive(Model, Debug, Clone)]
#[retro(table = "tasks")]
pub struct Task {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(
        secondary(table = "task_dependencies", local = "task_id", remote = "needs_id"),
        back_populates = needed_by
    )]
    pub needs: ManyToMany<Task>,
    #[retro(
        secondary(table = "task_dependencies", local = "needs_id", remote = "task_id"),
        back_populates = needs
    )]
    pub needed_by: ManyToMany<Task>,
}
