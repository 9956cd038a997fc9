//! `articles.csv`: authors are made where they are first met.

use std::collections::{HashMap, HashSet};

use retro_core::prelude::*;

use super::{ArticleRow, ImportError, Located, Rows, named};
use crate::models::{BlogArticle, BlogAuthor, Product};

/// Adds the articles to the session and returns how many there are.
pub(super) async fn import(session: &mut Session, mut rows: Rows<ArticleRow>) -> Result<usize, ImportError> {
    let products: HashMap<_, _> = session.all(select((Product::name, Product))).await?.into_iter().collect();
    let mut authors: HashMap<_, _> = session.all(select((BlogAuthor::name, BlogAuthor))).await?.into_iter().collect();
    let mut written: HashSet<_> = session.all(select(BlogArticle::title)).await?.into_iter().collect();
    let mut added = 0;

    while let Some(Located { line, row }) = rows.next().transpose()? {
        let ArticleRow { title, author, timestamp, product, .. } = row;
        if !written.insert(title.clone()) {
            let reason = format!("`{title}` is in the blog already; was this file imported before?");
            return Err(rows.error(line, "title", reason));
        }
        let product = product.map(|name| named("product", &name, &products)).transpose();
        let product = product.map_err(|reason| rows.error(line, "product", reason))?;
        let author =
            *authors.entry(author).or_insert_with_key(|name| session.add(new!(BlogAuthor { name: name.as_str() })));
        session.push(author, BlogAuthor::articles, new!(BlogArticle { title, product, timestamp }));
        added += 1;
    }
    Ok(added)
}
