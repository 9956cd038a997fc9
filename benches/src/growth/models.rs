//! A model for each shape of graph whose growth is measured.

use retro_core::prelude::*;

/// The one with many.
#[derive(Model, Debug, Clone)]
#[retro(table = "growth_shelves")]
pub(super) struct Shelf {
    #[retro(primary_key)]
    pub(super) id: i64,
    #[retro(length = 32)]
    pub(super) name: String,
    #[retro(back_populates = shelf, cascade = "all, delete-orphan")]
    pub(super) books: HasMany<Book>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "growth_books")]
pub(super) struct Book {
    #[retro(primary_key)]
    pub(super) id: i64,
    #[retro(length = 32)]
    pub(super) title: String,
    #[retro(foreign_key = Shelf::id, index)]
    pub(super) shelf_id: Option<i64>,
    #[retro(key = shelf_id, back_populates = books)]
    pub(super) shelf: BelongsTo<Option<Shelf>>,
    #[retro(secondary = "growth_books_tags", back_populates = books)]
    pub(super) tags: ManyToMany<Tag>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "growth_tags")]
pub(super) struct Tag {
    #[retro(primary_key)]
    pub(super) id: i64,
    #[retro(length = 32)]
    pub(super) name: String,
    #[retro(secondary = "growth_books_tags", back_populates = tags)]
    pub(super) books: ManyToMany<Book>,
}

/// Each follows another of its kind.
#[derive(Model, Debug, Clone)]
#[retro(table = "growth_links")]
pub(super) struct Link {
    #[retro(primary_key)]
    pub(super) id: i64,
    #[retro(foreign_key = Link::id, index)]
    pub(super) above_id: Option<i64>,
    #[retro(key = above_id, back_populates = below)]
    pub(super) above: BelongsTo<Option<Link>>,
    #[retro(back_populates = above, cascade = "all")]
    pub(super) below: HasMany<Link>,
}
