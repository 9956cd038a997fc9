//! From what a database says to the model.

use super::models::{OrderItem, Product, shop};
use crate::dialect::Dialect;
use crate::model::Mapped;
use crate::schema::locate;

fn place(dialect: Dialect, table: Option<&str>, constraint: Option<&str>, columns: &[&str]) -> Option<String> {
    let columns: Vec<String> = columns.iter().map(|column| column.to_string()).collect();
    let place = locate(dialect, shop().mappers(), table, constraint, &columns)?;
    Some(format!("{}::{} {}", place.model, place.fields.join("+"), place.constraint.unwrap_or_default()))
}

#[test]
fn by_table_and_constraint() {
    let found = place(Dialect::Postgres, Some("products"), Some("uq_products_name"), &[]);
    assert_eq!(found.unwrap(), "Product::name uq_products_name");
    let found = place(Dialect::Postgres, Some("orders_items"), Some("fk_orders_items_order_id_orders"), &["order_id"]);
    assert_eq!(found.unwrap(), "OrderItem::order_id fk_orders_items_order_id_orders");
}

#[test]
fn by_constraint_alone() {
    let found = place(Dialect::MySql, None, Some("ix_manufacturers_name"), &[]);
    assert_eq!(found.unwrap(), "Manufacturer::name ix_manufacturers_name");
    assert_eq!(place(Dialect::MySql, None, Some("PRIMARY"), &[]), None);
    let found = place(Dialect::MySql, Some("orders_items"), Some("PRIMARY"), &[]);
    assert_eq!(found.unwrap(), "OrderItem::product_id+order_id pk_orders_items");
}

#[test]
fn by_columns() {
    let found = place(Dialect::Sqlite, Some("products"), None, &["name"]);
    assert_eq!(found.unwrap(), "Product::name uq_products_name");
    let found = place(Dialect::Sqlite, Some("products"), None, &["year"]);
    assert_eq!(found.unwrap(), "Product::year ");
    assert_eq!(place(Dialect::Sqlite, Some("elsewhere"), None, &["year"]), None);
}

#[test]
fn an_association_table_is_its_relationship() {
    let found = place(Dialect::Postgres, Some("products_countries"), Some("pk_products_countries"), &[]);
    assert_eq!(found.unwrap(), "Product::countries pk_products_countries");
}

#[test]
fn among_some_models_only() {
    let found = locate(Dialect::Sqlite, &[OrderItem::mapper()], Some("products"), None, &["name".to_string()]);
    assert_eq!(found, None);
    let found = locate(Dialect::Sqlite, &[Product::mapper()], Some("products"), None, &["name".to_string()]);
    assert_eq!(found.unwrap().fields, ["name"]);
}
