//! What is read most.

use retro_core::prelude::*;

use super::Table;
use crate::models::{BlogArticle, BlogSession, BlogView};

/// An article of the blog and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct ReadArticle {
    /// The article, with its author and its language loaded.
    pub article: Entity<BlogArticle>,
    /// How often it was read.
    pub views: i64,
    /// By how many readers.
    pub readers: i64,
}

/// The articles that were read most often.
///
/// # Errors
///
/// What the database reports.
pub async fn most_read(session: &mut Session, limit: u64) -> Result<Vec<ReadArticle>, Error> {
    let views = count(BlogView);
    let readers = count_distinct(BlogSession::user_id);
    let most = session
        .all(
            select((BlogArticle, &views, readers))
                .join(BlogArticle::views)
                .join(BlogView::session)
                .group_by(BlogArticle)
                .order_by((views.desc(), BlogArticle::title))
                .options((selectin(BlogArticle::author), selectin(BlogArticle::language)))
                .limit(limit),
        )
        .await?;
    Ok(most.into_iter().map(|(article, views, readers)| ReadArticle { article, views, readers }).collect())
}

impl ReadArticle {
    /// The articles as a table.
    pub fn table(session: &Session, articles: &[ReadArticle]) -> Table {
        let rows = articles.iter().map(|read| {
            let article = session.view(read.article);
            [
                article.title().to_owned(),
                article.author().name().to_owned(),
                article.language().map(|language| language.name().to_owned()).unwrap_or_default(),
                read.views.to_string(),
                read.readers.to_string(),
            ]
        });
        Table::new("Most read articles", ["article", "author", "language", "views", "readers"], rows)
    }
}
