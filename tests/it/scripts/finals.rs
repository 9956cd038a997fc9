//! What is in the database when a script has ended.

use std::collections::HashMap;

use retro_core::Engine;
use retro_core::prelude::*;
use serde_json::{Value, json};

use super::models::{Article, Country, Customer, Manufacturer, Order, OrderItem, Product, ProductDetail};

/// Compares the rows with those of the script, by a session that knows nothing of it.
pub async fn compare(engine: &Engine, expected: &Value) -> Result<(), String> {
    for (table, got) in tables(engine).await.map_err(|error| format!("final: {error:?}"))? {
        let expected = sorted(expected[table].as_array().unwrap().iter().map(numbers).collect());
        let got = sorted(got.iter().map(numbers).collect());
        if expected != got {
            return Err(format!("final {table}:\n    expected {expected:?}\n    got {got:?}"));
        }
    }
    Ok(())
}

fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort();
    rows
}

/// A row as text, its numbers as floats.
fn numbers(row: &Value) -> String {
    let cell = |cell: &Value| cell.as_f64().map_or_else(|| cell.clone(), |number| json!(number)).to_string();
    let cells: Vec<String> = row.as_array().into_iter().flatten().map(cell).collect();
    cells.join(" | ")
}

async fn tables(engine: &Engine) -> Result<Vec<(&'static str, Vec<Value>)>, Error> {
    let mut session = Session::new(engine);
    let manufacturers = session.all(select((Manufacturer::id, Manufacturer::name))).await?;
    let maker: HashMap<i32, String> = manufacturers.iter().cloned().collect();
    let products = session.all(select(Product)).await?;
    let products: Vec<Product> = products.into_iter().map(|e| session[e].clone()).collect();
    let product: HashMap<i32, String> = products.iter().map(|p| (p.id, p.name.clone())).collect();
    let details = session.all(select((ProductDetail::code, ProductDetail::product_id, ProductDetail::notes))).await?;
    let countries = session.all(select((Country::id, Country::name))).await?;
    let links = session.all(select((Product::name, Country::name)).from(Product).join(Product::countries)).await?;
    let customers = session.all(select((Customer::id, Customer::name, Customer::phone))).await?;
    let customer: HashMap<i32, String> = customers.iter().map(|c| (c.0, c.1.clone())).collect();
    let orders = session.all(select((Order::id, Order::number, Order::customer_id))).await?;
    let order: HashMap<i32, String> = orders.iter().map(|o| (o.0, o.1.clone())).collect();
    let items = session
        .all(select((OrderItem::order_id, OrderItem::product_id, OrderItem::quantity, OrderItem::unit_price)))
        .await?;
    let articles =
        session.all(select((Article::id, Article::title, Article::translation_of_id, Article::product_id))).await?;
    let article: HashMap<i32, String> = articles.iter().map(|a| (a.0, a.1.clone())).collect();
    let of = |names: &HashMap<i32, String>, id: Option<i32>| json!(id.map(|id| &names[&id]));
    Ok(vec![
        ("manufacturers", manufacturers.iter().map(|m| json!([m.1])).collect()),
        ("products", products.iter().map(|p| json!([p.name, maker[&p.manufacturer_id], p.year, p.cpu])).collect()),
        ("product_details", details.iter().map(|d| json!([d.0, product[&d.1], d.2])).collect()),
        ("countries", countries.iter().map(|c| json!([c.0, c.1])).collect()),
        ("products_countries", links.iter().map(|l| json!([l.0, l.1])).collect()),
        ("customers", customers.iter().map(|c| json!([c.1, c.2])).collect()),
        ("orders", orders.iter().map(|o| json!([o.1, of(&customer, o.2)])).collect()),
        ("orders_items", items.iter().map(|i| json!([order[&i.0], product[&i.1], i.2, i.3])).collect()),
        ("articles", articles.iter().map(|a| json!([a.1, of(&article, a.2), of(&product, a.3)])).collect()),
    ])
}
