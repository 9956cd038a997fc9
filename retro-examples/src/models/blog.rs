//! The store's blog: articles in several languages, and who read them when.

use retro_core::prelude::*;

use super::{Customer, Product};

/// An article of the blog, or the translation of one.
#[derive(Model, Debug, Clone)]
#[retro(table = "blog_articles")]
pub struct BlogArticle {
    /// Given by the database.
    #[retro(primary_key)]
    pub id: i32,
    /// Its title.
    #[retro(length = 128, index)]
    pub title: String,
    /// Names [`author`](BlogArticle::author).
    #[retro(foreign_key = BlogAuthor::id, index)]
    pub author_id: i32,
    /// Names [`product`](BlogArticle::product).
    #[retro(foreign_key = Product::id, index)]
    pub product_id: Option<i32>,
    /// When it was published.
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,
    /// Names [`language`](BlogArticle::language).
    #[retro(foreign_key = Language::id, index)]
    pub language_id: Option<i32>,
    /// Names [`translation_of`](BlogArticle::translation_of).
    #[retro(foreign_key = BlogArticle::id, index)]
    pub translation_of_id: Option<i32>,

    /// Who wrote it.
    #[retro(key = author_id, back_populates = articles)]
    pub author: BelongsTo<BlogAuthor>,
    /// The machine that it is about, if it is about one.
    #[retro(key = product_id, back_populates = articles)]
    pub product: BelongsTo<Option<Product>>,
    /// The language that it is in, where that is known.
    #[retro(key = language_id, back_populates = articles)]
    pub language: BelongsTo<Option<Language>>,
    /// The original, if this is a translation.
    #[retro(key = translation_of_id, back_populates = translations)]
    pub translation_of: BelongsTo<Option<BlogArticle>>,
    /// Its translations.
    #[retro(back_populates = translation_of)]
    pub translations: HasMany<BlogArticle>,
    /// When it was read.
    #[retro(back_populates = article, lazy = "write_only")]
    pub views: HasMany<BlogView>,
}

/// Somebody who writes for the blog.
#[derive(Model, Debug, Clone)]
#[retro(table = "blog_authors")]
pub struct BlogAuthor {
    /// Given by the database.
    #[retro(primary_key)]
    pub id: i32,
    /// The whole name.
    #[retro(length = 64, index)]
    pub name: String,

    /// What the author wrote.
    #[retro(back_populates = author, lazy = "write_only")]
    pub articles: HasMany<BlogArticle>,
}

/// A language that articles are written in.
#[derive(Model, Debug, Clone)]
#[retro(table = "languages")]
pub struct Language {
    /// Given by the database.
    #[retro(primary_key)]
    pub id: i32,
    /// Its name in English.
    #[retro(length = 32, index, unique)]
    pub name: String,

    /// What is written in it.
    #[retro(back_populates = language, lazy = "write_only")]
    pub articles: HasMany<BlogArticle>,
}

/// A reader of the blog, known by a cookie.
#[derive(Model, Debug, Clone)]
#[retro(table = "blog_users")]
pub struct BlogUser {
    /// What the cookie says.
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    /// Names [`customer`](BlogUser::customer).
    #[retro(foreign_key = Customer::id, index)]
    pub customer_id: Option<Uuid>,

    /// The customer that the reader is, where that is known.
    #[retro(key = customer_id, back_populates = blog_users)]
    pub customer: BelongsTo<Option<Customer>>,
    /// The reader's visits.
    #[retro(back_populates = user, lazy = "write_only")]
    pub sessions: HasMany<BlogSession>,
}

/// A visit of a reader.
#[derive(Model, Debug, Clone)]
#[retro(table = "blog_sessions")]
pub struct BlogSession {
    /// What the cookie says.
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    /// Names [`user`](BlogSession::user).
    #[retro(foreign_key = BlogUser::id, index)]
    pub user_id: Uuid,

    /// Whose visit it was.
    #[retro(key = user_id, back_populates = sessions)]
    pub user: BelongsTo<BlogUser>,
    /// What was read.
    #[retro(back_populates = session, lazy = "write_only")]
    pub views: HasMany<BlogView>,
}

/// An article read in a visit.
#[derive(Model, Debug, Clone)]
#[retro(table = "blog_views")]
pub struct BlogView {
    /// Given by the database.
    #[retro(primary_key)]
    pub id: i32,
    /// Names [`article`](BlogView::article).
    #[retro(foreign_key = BlogArticle::id)]
    pub article_id: i32,
    /// Names [`session`](BlogView::session).
    #[retro(foreign_key = BlogSession::id)]
    pub session_id: Uuid,
    /// When it was read.
    #[retro(default = now(), index)]
    pub timestamp: NaiveDateTime,

    /// What was read.
    #[retro(key = article_id, back_populates = views)]
    pub article: BelongsTo<BlogArticle>,
    /// The visit in which it was read.
    #[retro(key = session_id, back_populates = views)]
    pub session: BelongsTo<BlogSession>,
}
