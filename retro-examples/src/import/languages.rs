//! `articles.csv` again, when all articles are there: their languages, and which are translations.

use std::collections::HashMap;

use retro_core::prelude::*;

use super::{ArticleRow, ImportError, Located, Rows, named};
use crate::models::{BlogArticle, Language};

/// Sets the languages and originals of the articles and returns how many articles the file has. What
/// is set already is not written again, so that this may be repeated.
pub(super) async fn import(session: &mut Session, mut rows: Rows<ArticleRow>) -> Result<usize, ImportError> {
    let articles: HashMap<_, _> = session.all(select((BlogArticle::title, BlogArticle))).await?.into_iter().collect();
    let mut languages: HashMap<_, _> = session.all(select((Language::name, Language))).await?.into_iter().collect();
    let mut read = 0;

    while let Some(Located { line, row }) = rows.next().transpose()? {
        let article = named("article", &row.title, &articles);
        let article = article.map_err(|reason| rows.error(line, "title", reason))?;
        if let Some(name) = row.language {
            let language =
                *languages.entry(name).or_insert_with_key(|name| session.add(new!(Language { name: name.as_str() })));
            session.push(language, Language::articles, article);
        }
        if let Some(title) = row.translation_of {
            let original = named("article", &title, &articles);
            let original = original.map_err(|reason| rows.error(line, "translation_of", reason))?;
            session.push(original, BlogArticle::translations, article);
        }
        read += 1;
    }
    Ok(read)
}
