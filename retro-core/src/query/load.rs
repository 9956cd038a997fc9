//! Loader options: how a query wants relationships to be loaded.

use std::fmt;
use std::marker::PhantomData;

use std::sync::Arc;

use super::{IntoExpr, OrderBy, RequestedLoad};
use crate::identity::{Load as LoadNode, Subset};
use crate::model::{Lazy, Mapped, Rel};
use crate::sql::node::Node;

/// How one relationship of the model `M`, or a path of them that ends at `U`, is to be loaded.
///
/// Made by [`joined`], [`selectin`], [`subquery`], [`lazy`], [`raise`] and [`noload`]; taken by
/// [`Select::options`](super::Select::options). [`then`](Load::then) goes on from the end:
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "teams")]
/// # struct Team {
/// #     #[retro(primary_key)]
/// #     id: i32,
/// #     #[retro(back_populates = team)]
/// #     players: HasMany<Player>,
/// # }
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "players")]
/// # struct Player {
/// #     #[retro(primary_key)]
/// #     id: i32,
/// #     #[retro(foreign_key = Team::id)]
/// #     team_id: i32,
/// #     #[retro(key = team_id, back_populates = players)]
/// #     team: BelongsTo<Team>,
/// #     #[retro(foreign_key = Player::id)]
/// #     captain_id: Option<i32>,
/// #     #[retro(key = captain_id)]
/// #     captain: BelongsTo<Option<Player>>,
/// # }
/// // Every step in the same way:
/// let query = select(Team).options(selectin(Team::players.then(Player::captain)));
/// // Each step in its own:
/// let query = select(Team).options(selectin(Team::players).then((joined(Player::captain), raise(Player::team))));
/// ```
#[must_use = "a loader option does nothing until a query is given it"]
pub struct Load<M, U> {
    root: LoadNode,
    /// How many steps below the root the end is.
    depth: usize,
    models: PhantomData<fn() -> (M, U)>,
}

/// Relationships one after the other, from the model `M` to the model `U`.
pub struct Path<M, U> {
    steps: Vec<u16>,
    models: PhantomData<fn() -> (M, U)>,
}

/// A relationship or a path of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relationship",
    label = "expected a relationship or a path of them"
)]
pub trait IntoPath {
    /// The model at which it starts.
    type From: Mapped;
    /// The model at which it ends.
    type To: Mapped;
    #[doc(hidden)]
    fn steps(self) -> Vec<u16>;
}

/// Loader options that start at the model `M`: one, or a tuple or `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loader option of `{M}`",
    label = "expected `joined(..)`, `selectin(..)` or the like of a relationship of `{M}`"
)]
pub trait LoadOptions<M> {
    #[doc(hidden)]
    fn nodes(self, nodes: &mut Vec<RequestedLoad>);
}

impl<M, U, K> Rel<M, U, K> {
    /// This relationship and then one of its target.
    pub fn then<V, L>(self, next: Rel<U, V, L>) -> Path<M, V> {
        Path { steps: vec![self.index(), next.index()], models: PhantomData }
    }
}

impl<M, U> Path<M, U> {
    /// This path and then a relationship of its last model.
    pub fn then<V, L>(mut self, next: Rel<U, V, L>) -> Path<M, V> {
        self.steps.push(next.index());
        Path { steps: self.steps, models: PhantomData }
    }
}

impl<M: Mapped, U: Mapped, K> IntoPath for Rel<M, U, K> {
    type From = M;
    type To = U;
    fn steps(self) -> Vec<u16> {
        vec![self.index()]
    }
}

impl<M: Mapped, U: Mapped> IntoPath for Path<M, U> {
    type From = M;
    type To = U;
    fn steps(self) -> Vec<u16> {
        self.steps
    }
}

/// Loads with the query, in the same statement: an inner join where the related row must be there,
/// else an outer one. At most one collection of a query is joined, and none where the query limits,
/// groups or aggregates its rows; others are loaded as [`selectin`] does.
pub fn joined<P: IntoPath>(path: P) -> Load<P::From, P::To> {
    load(path, Lazy::Joined)
}

/// Loads with the query, by one more statement for each step, over the keys that were found: as an
/// array where the database takes one, else in lists, and as a range where they are 16 integers or more
/// without a gap.
pub fn selectin<P: IntoPath>(path: P) -> Load<P::From, P::To> {
    load(path, Lazy::Selectin)
}

/// Loads with the query, by one more statement for each step, over the query itself: for results
/// with so many keys that sending them back would cost more than finding them again.
pub fn subquery<P: IntoPath>(path: P) -> Load<P::From, P::To> {
    load(path, Lazy::Subquery)
}

/// Does not load with the query, but when the session's `load` asks.
pub fn lazy<P: IntoPath>(path: P) -> Load<P::From, P::To> {
    load(path, Lazy::Select)
}

/// Does not load, and makes loading later an error: for code that must not send more statements
/// than its queries.
pub fn raise<P: IntoPath>(path: P) -> Load<P::From, P::To> {
    load(path, Lazy::Raise)
}

/// Does not load: the relationship reads as empty.
pub fn noload<P: IntoPath>(path: P) -> Load<P::From, P::To> {
    load(path, Lazy::Noload)
}

fn load<P: IntoPath>(path: P, how: Lazy) -> Load<P::From, P::To> {
    let steps = path.steps();
    let depth = steps.len().saturating_sub(1);
    let mut node: Option<LoadNode> = None;
    for relationship in steps.into_iter().rev() {
        node = Some(LoadNode { relationship, lazy: how, subset: None, then: node.into_iter().collect() });
    }
    let root = node.unwrap_or(LoadNode { relationship: 0, lazy: how, subset: None, then: Vec::new() });
    Load { root, depth, models: PhantomData }
}

impl<M: Mapped, U: Mapped> Load<M, U> {
    /// Loads only the rows at the end that meet a condition. The collection then reads as if it had
    /// no others: meant for reading, not for changing it. One that is loaded already stays as it is.
    ///
    /// ```
    /// # use retro_core::prelude::*;
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "teams")]
    /// # struct Team { #[retro(primary_key)] id: i32, #[retro(back_populates = team)] players: HasMany<Player> }
    /// # #[derive(Model, Debug, Clone)]
    /// # #[retro(table = "players")]
    /// # struct Player {
    /// #     #[retro(primary_key)]
    /// #     id: i32,
    /// #     goals: i32,
    /// #     #[retro(foreign_key = Team::id)]
    /// #     team_id: i32,
    /// #     #[retro(key = team_id, back_populates = players)]
    /// #     team: BelongsTo<Team>,
    /// # }
    /// // Of each team the three best players who have scored, by one statement for all teams:
    /// let best = selectin(Team::players).filter(Player::goals.gt(0)).order_by(Player::goals.desc()).limit(3);
    /// let query = select(Team).options(best);
    /// ```
    pub fn filter(self, condition: impl IntoExpr<bool>) -> Self {
        let condition = condition.into_node().0;
        self.subset(|subset| subset.filter = Some(Node::and(subset.filter.take(), condition)))
    }

    /// Loads the rows at the end in this order, and not in that of the relationship.
    pub fn order_by(self, by: impl OrderBy) -> Self {
        let mut terms = Vec::new();
        by.terms(&mut terms);
        self.subset(|subset| subset.order_by.extend(terms.into_iter().map(|order| order.0)))
    }

    /// Loads at most so many rows of each owner. Numbers them with a window function; never joined.
    pub fn limit(self, rows: u64) -> Self {
        self.subset(|subset| subset.limit = Some(rows))
    }

    fn subset(mut self, change: impl FnOnce(&mut Subset)) -> Self {
        let mut node = &mut self.root;
        for _ in 0..self.depth {
            match node.then.first_mut() {
                Some(next) => node = next,
                // The steps of a path were made as the first of their parents, so there is one.
                None => return self,
            }
        }
        change(Arc::make_mut(node.subset.get_or_insert_default()));
        self
    }

    /// How relationships of the model at the end are to be loaded in their turn: one option, or a
    /// tuple or `Vec` of them.
    pub fn then(mut self, options: impl LoadOptions<U>) -> Self {
        let mut nodes = Vec::new();
        options.nodes(&mut nodes);
        extend(&mut self.root, self.depth, nodes.into_iter().map(|requested| requested.load).collect());
        self
    }
}

/// Adds to the end of a path. Its steps were made as the first of their parents.
fn extend(node: &mut LoadNode, depth: usize, nodes: Vec<LoadNode>) {
    match node.then.first_mut() {
        Some(next) if depth > 0 => extend(next, depth - 1, nodes),
        _ => node.then.extend(nodes),
    }
}

impl<M: Mapped, U: Mapped> LoadOptions<M> for Load<M, U> {
    fn nodes(self, nodes: &mut Vec<RequestedLoad>) {
        nodes.push(RequestedLoad { mapper: M::mapper(), load: self.root });
    }
}

/// A relationship by itself is loaded by select-in.
impl<M: Mapped, U: Mapped, K> LoadOptions<M> for Rel<M, U, K> {
    fn nodes(self, nodes: &mut Vec<RequestedLoad>) {
        selectin(self).nodes(nodes);
    }
}

/// A path by itself is loaded by select-in, step by step.
impl<M: Mapped, U: Mapped> LoadOptions<M> for Path<M, U> {
    fn nodes(self, nodes: &mut Vec<RequestedLoad>) {
        selectin(self).nodes(nodes);
    }
}

impl<M, O: LoadOptions<M>> LoadOptions<M> for Vec<O> {
    fn nodes(self, nodes: &mut Vec<RequestedLoad>) {
        self.into_iter().for_each(|option| option.nodes(nodes));
    }
}

macro_rules! tuples {
    ($($t:ident $i:tt),*) => {
        impl<M, $($t: LoadOptions<M>),*> LoadOptions<M> for ($($t,)*) {
            fn nodes(self, nodes: &mut Vec<RequestedLoad>) {
                $(self.$i.nodes(nodes);)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);

impl<M, U> Clone for Load<M, U> {
    fn clone(&self) -> Self {
        Load { root: self.root.clone(), depth: self.depth, models: PhantomData }
    }
}

impl<M, U> fmt::Debug for Load<M, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Load").field(&self.root).finish()
    }
}

impl<M, U> Clone for Path<M, U> {
    fn clone(&self) -> Self {
        Path { steps: self.steps.clone(), models: PhantomData }
    }
}

impl<M, U> fmt::Debug for Path<M, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Path").field(&self.steps).finish()
    }
}
