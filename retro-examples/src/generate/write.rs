//! The files: columns, formats and quoting.
//!
//! In `products.csv` and `views.csv` fields are quoted where they must be; in the others all that is
//! not a number is, header apart. Lines end with `\n`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use csv::{QuoteStyle, WriterBuilder};

use super::GenerateError;
use super::blog::{Article, Blog, View};
use super::products::MACHINES;
use super::store::{Order, Review, Store};
use crate::import::{ArticleRow, CsvRow, OrderRow, ProductRow, ReviewRow, ViewRow};

/// The places for items in a row of `orders.csv`.
const ITEMS_PER_ROW: usize = 3;

/// Writes all files, making the directory if need be.
pub(super) fn write(dir: &Path, store: &Store, blog: &Blog) -> Result<(), GenerateError> {
    fs::create_dir_all(dir).map_err(|error| GenerateError::new(dir, error.into()))?;
    write_rows::<ProductRow>(dir, "products.csv", QuoteStyle::Necessary, products())?;
    let orders = store.orders.iter().map(|order| order_fields(store, order));
    write_rows::<OrderRow>(dir, "orders.csv", QuoteStyle::NonNumeric, orders)?;
    let reviews = store.reviews.iter().map(|review| review_fields(store, review));
    write_rows::<ReviewRow>(dir, "reviews.csv", QuoteStyle::NonNumeric, reviews)?;
    let articles = blog.articles.iter().map(article_fields);
    write_rows::<ArticleRow>(dir, "articles.csv", QuoteStyle::NonNumeric, articles)?;
    let views = blog.views.iter().map(|view| view_fields(store, blog, view));
    write_rows::<ViewRow>(dir, "views.csv", QuoteStyle::Necessary, views)
}

fn products() -> impl Iterator<Item = Vec<String>> {
    MACHINES.iter().map(|machine| {
        vec![
            machine.countries.to_owned(),
            machine.manufacturer.to_owned(),
            machine.name.to_owned(),
            machine.cpu.to_owned(),
            machine.year.to_string(),
        ]
    })
}

fn order_fields(store: &Store, order: &Order) -> Vec<String> {
    let customer = &store.customers[order.customer];
    let mut fields = vec![
        customer.name.clone(),
        customer.addresses[order.address].clone(),
        customer.phone.clone(),
        order.timestamp.to_string(),
    ];
    for item in &order.items {
        let (dollars, cents) = (item.unit_price_cents / 100, item.unit_price_cents % 100);
        fields.push(MACHINES[item.product].name.to_owned());
        fields.push(format!("{dollars}.{cents:02}"));
        fields.push(item.quantity.to_string());
    }
    for _ in order.items.len()..ITEMS_PER_ROW {
        fields.extend(["", "0.00", "0"].map(str::to_owned));
    }
    fields
}

fn review_fields(store: &Store, review: &Review) -> Vec<String> {
    vec![
        store.customers[review.customer].name.clone(),
        MACHINES[review.product].name.to_owned(),
        review.timestamp.to_string(),
        review.rating.to_string(),
        review.comment.clone(),
    ]
}

fn article_fields(article: &Article) -> Vec<String> {
    vec![
        article.title.to_owned(),
        article.author.to_owned(),
        article.timestamp.to_string(),
        article.product.to_owned(),
        article.language.to_owned(),
        article.translation_of.to_owned(),
    ]
}

fn view_fields(store: &Store, blog: &Blog, view: &View) -> Vec<String> {
    let reader = &blog.readers[view.reader as usize];
    vec![
        blog.articles[view.article as usize].title.to_owned(),
        reader.id.to_string(),
        view.visit.to_string(),
        reader.customer.map(|customer| store.customers[customer].name.clone()).unwrap_or_default(),
        view.timestamp.to_string(),
    ]
}

fn write_rows<R: CsvRow>(
    dir: &Path,
    file: &str,
    quoting: QuoteStyle,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), GenerateError> {
    let path = dir.join(file);
    let write = || -> Result<(), csv::Error> {
        let mut file = BufWriter::new(File::create(&path)?);
        writeln!(file, "{}", R::COLUMNS.join(","))?;
        let mut writer = WriterBuilder::new().quote_style(quoting).from_writer(file);
        for row in rows {
            writer.write_record(&row)?;
        }
        let mut file = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        file.flush()?;
        Ok(())
    };
    write().map_err(|error| GenerateError::new(&path, error))
}
