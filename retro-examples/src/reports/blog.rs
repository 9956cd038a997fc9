//! The blog: articles, their translations, and who reads them.

use retro_core::prelude::*;

use crate::models::{BlogArticle, BlogAuthor, BlogSession, BlogUser, BlogView, Customer, Language};

/// The ten articles that were viewed most often.
pub fn top_articles() -> Select<(String, String, i64)> {
    let views = count(BlogView);
    select((BlogArticle::title, BlogAuthor::name, &views))
        .join(BlogArticle::author)
        .join(BlogArticle::views)
        .group_by((BlogArticle, BlogAuthor))
        .order_by((views.desc(), BlogArticle::title))
        .limit(10)
}

/// Views, visits and readers of 2022, month by month.
pub fn views_per_month() -> Select<(i32, i64, i64, i64)> {
    let month = BlogView::timestamp.month();
    select((&month, count(BlogView), count_distinct(BlogSession), count_distinct(BlogSession::user_id)))
        .join(BlogView::session)
        .filter(BlogView::timestamp.year().eq(2022))
        .group_by(&month)
        .order_by(&month)
}

/// The views of 2022 month by month, of the articles in each language.
pub fn views_by_language() -> Select<(i32, String, i64)> {
    let month = BlogView::timestamp.month();
    select((&month, Language::name, count(BlogView)))
        .join(BlogView::article)
        .join(BlogArticle::language)
        .filter(BlogView::timestamp.year().eq(2022))
        .group_by((&month, Language))
        .order_by((Language::name, &month))
}

/// How many views come from readers that are known to be customers, and from others.
pub fn customers_and_strangers() -> Select<(String, i64, i64, f64)> {
    let kind = case().when(BlogUser::customer_id.is_not_null(), "customer").otherwise("anonymous");
    let (views, users) = (count(BlogView), count_distinct(BlogUser));
    let views_per_user = views.cast::<f64>() / &users;
    select((&kind, views, users, views_per_user))
        .join(BlogView::session)
        .join(BlogSession::user)
        .group_by(&kind)
        .order_by(&kind)
}

/// What Robert Bauer translated from English: both titles, and the language of the translation.
pub fn translations_by_robert_bauer() -> Select<(String, String, String)> {
    let original = alias(BlogArticle);
    let original_title = BlogArticle::title.of(original);
    let is_english = BlogArticle::language.has(Language::name.eq("English"));
    select((&original_title, BlogArticle::title, Language::name))
        .from(BlogArticle)
        .join(BlogArticle::translation_of.to(original))
        .join(BlogArticle::language)
        .filter(BlogArticle::author.has(BlogAuthor::name.eq("Robert Bauer")))
        .filter(is_english.of(original))
        .order_by((&original_title, Language::name, BlogArticle::title))
}

/// The articles of each language, how many are originals and translations, and the views of them all.
pub fn languages() -> Select<(String, i64, i64, i64, i64)> {
    // A query of its own: joined, each article would count once for each of its views.
    let views = select(count(BlogView))
        .join(BlogView::article)
        .filter(BlogArticle::language_id.eq(Language::id))
        .scalar()
        .required()
        .label("views");
    let originals = count(BlogArticle).filter(BlogArticle::translation_of_id.is_null());
    let translations = count(BlogArticle::translation_of_id);
    select((Language::name, count(BlogArticle), originals, translations, &views))
        .join(Language::articles)
        .group_by(Language)
        .order_by((views.desc(), Language::name))
}

/// The ten customers who read most: views, visits, and when they last read something.
pub fn top_readers() -> Select<(String, i64, i64, NaiveDateTime)> {
    let views = count(BlogView);
    let latest = max(BlogView::timestamp).required();
    select((Customer::name, &views, count_distinct(BlogSession), latest))
        .join(Customer::blog_users)
        .join(BlogUser::sessions)
        .join(BlogSession::views)
        .group_by(Customer)
        .order_by((views.desc(), Customer::name))
        .limit(10)
}

/// The articles that were viewed most often, with their author, their language where that is known,
/// and the number of readers.
pub fn most_read(limit: u64) -> Select<(String, String, Option<String>, i64, i64)> {
    let views = count(BlogView);
    let readers = count_distinct(BlogSession::user_id);
    select((BlogArticle::title, BlogAuthor::name, Language::name.nullable(), &views, readers))
        .join(BlogArticle::author)
        .outer_join(BlogArticle::language)
        .join(BlogArticle::views)
        .join(BlogView::session)
        .group_by((BlogArticle, BlogAuthor, Language))
        .order_by((views.desc(), BlogArticle::title))
        .limit(limit)
}
