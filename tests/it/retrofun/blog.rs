//! The blog of the book's data. The example has no importers for these files, so this is one: just
//! what the reports need.

use std::collections::HashMap;
use std::path::Path;

use csv::{Reader, StringRecord};
use retro_core::prelude::*;
use retro_examples::models::{BlogArticle, BlogAuthor, BlogSession, BlogUser, BlogView, Customer, Language, Product};

/// Brings articles.csv and views.csv into a store that has products and customers.
pub async fn bring_in(session: &mut Session, directory: &Path) -> Result<(), Error> {
    articles(session, directory).await?;
    views(session, directory).await?;
    session.commit().await
}

async fn articles(session: &mut Session, directory: &Path) -> Result<(), Error> {
    let products: HashMap<String, i32> = session.all(select((Product::name, Product::id))).await?.into_iter().collect();
    let (mut authors, mut languages, mut known) = (HashMap::new(), HashMap::new(), HashMap::new());
    for row in rows(directory, "articles.csv") {
        let [title, author, timestamp, product, language, original] = fields(&row);
        let author =
            *authors.entry(author.to_owned()).or_insert_with(|| session.add(new!(BlogAuthor { name: author })));
        let language =
            *languages.entry(language.to_owned()).or_insert_with(|| session.add(new!(Language { name: language })));
        let article = session.add(BlogArticle {
            title: title.into(),
            timestamp: at(timestamp),
            product_id: products.get(product).copied(),
            author: author.into(),
            language: language.into(),
            ..Default::default()
        });
        known.insert(title.to_owned(), (article, original.to_owned()));
    }
    for (article, original) in known.values() {
        if !original.is_empty() {
            session.set(*article, BlogArticle::translation_of, known[original].0);
        }
    }
    session.flush().await.map(|_| ())
}

async fn views(session: &mut Session, directory: &Path) -> Result<(), Error> {
    let customers: HashMap<String, Uuid> =
        session.all(select((Customer::name, Customer::id))).await?.into_iter().collect();
    let articles: HashMap<String, i32> =
        session.all(select((BlogArticle::title, BlogArticle::id))).await?.into_iter().collect();
    let (mut users, mut visits) = (HashMap::new(), HashMap::new());
    for row in rows(directory, "views.csv") {
        let [title, user, visit, customer, timestamp] = fields(&row);
        let user = *users.entry(user.to_owned()).or_insert_with(|| {
            let customer_id = customers.get(customer).copied();
            session.add(BlogUser { id: user.parse().unwrap(), customer_id, ..Default::default() })
        });
        let visit = *visits.entry(visit.to_owned()).or_insert_with(|| {
            session.add(BlogSession { id: visit.parse().unwrap(), user: user.into(), ..Default::default() })
        });
        session.add(BlogView {
            article_id: articles[title],
            session: visit.into(),
            timestamp: at(timestamp),
            ..Default::default()
        });
    }
    Ok(())
}

fn rows(directory: &Path, file: &str) -> impl Iterator<Item = StringRecord> {
    Reader::from_path(directory.join(file)).unwrap().into_records().map(Result::unwrap)
}

fn fields<const N: usize>(row: &StringRecord) -> [&str; N] {
    row.iter().collect::<Vec<_>>().try_into().unwrap()
}

fn at(timestamp: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(timestamp, "%Y-%m-%d %H:%M:%S").unwrap()
}
