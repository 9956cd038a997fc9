//! Queries, and statements that go past the session.

use retro_core::prelude::*;
use retro_core::query::{Expr, Select};
use serde_json::Value;

use super::models::{
    Article, Country, Customer, Handle, Manufacturer, Order, OrderItem, Product, ProductDetail, Scripted,
};

/// The entity that has a natural key.
pub async fn find(session: &mut Session, class: &str, key: &str) -> Result<Option<Handle>, Error> {
    match class {
        "Manufacturer" => one(session, select(Manufacturer).filter(Manufacturer::name.eq(key))).await,
        "Product" => one(session, select(Product).filter(Product::name.eq(key))).await,
        "ProductDetail" => one(session, select(ProductDetail).filter(ProductDetail::code.eq(key))).await,
        "Country" => one(session, select(Country).filter(Country::name.eq(key))).await,
        "Customer" => one(session, select(Customer).filter(Customer::name.eq(key))).await,
        "Order" => one(session, select(Order).filter(Order::number.eq(key))).await,
        "Article" => one(session, select(Article).filter(Article::title.eq(key))).await,
        other => panic!("no natural key of {other}"),
    }
}

async fn one<M: Scripted>(session: &mut Session, query: Select<Entity<M>>) -> Result<Option<Handle>, Error> {
    Ok(session.one_or_none(query).await?.map(M::handle))
}

/// The entities that meet all conditions.
pub async fn all(session: &mut Session, class: &str, conditions: &Value) -> Result<Vec<Handle>, Error> {
    macro_rules! all {
        ($($model:ident),*) => {
            match class {
                $(stringify!($model) => handles(session, filtered(select($model), class, conditions)).await,)*
                other => panic!("no model {other}"),
            }
        };
    }
    all!(Manufacturer, Product, ProductDetail, Country, Customer, Order, OrderItem, Article)
}

async fn handles<M: Scripted>(session: &mut Session, query: Select<Entity<M>>) -> Result<Vec<Handle>, Error> {
    Ok(session.all(query).await?.into_iter().map(M::handle).collect())
}

/// How many entities meet all conditions.
pub async fn count(session: &mut Session, class: &str, conditions: &Value) -> Result<u64, Error> {
    macro_rules! count {
        ($($model:ident),*) => {
            match class {
                $(stringify!($model) => session.count(filtered(select($model), class, conditions)).await,)*
                other => panic!("no model {other}"),
            }
        };
    }
    count!(Manufacturer, Product, ProductDetail, Country, Customer, Order, OrderItem, Article)
}

fn filtered<R>(query: Select<R>, class: &str, conditions: &Value) -> Select<R> {
    conditions
        .as_array()
        .into_iter()
        .flatten()
        .fold(query, |query, condition| query.filter(self::condition(class, condition)))
}

fn condition(class: &str, condition: &Value) -> Expr<bool> {
    let Some(relationship) = condition["rel"].as_str() else { return column(class, condition) };
    let is_empty = condition["empty"] == true;
    macro_rules! related {
        ($($model:ident $name:literal $target:ident $relationship:ident $empty:ident $any:ident),* $(,)?) => {
            match (class, relationship) {
                $((stringify!($model), $name) if is_empty => $model::$relationship.$empty(),
                  (stringify!($model), $name) => $model::$relationship.$any(column(stringify!($target), condition)),)*
                other => panic!("no relationship {other:?}"),
            }
        };
    }
    match (class, relationship, is_empty) {
        ("Product", "manufacturer", false) => Product::manufacturer.has(column("Manufacturer", condition)),
        ("OrderItem", "product", false) => OrderItem::product.has(column("Product", condition)),
        ("OrderItem", "order", false) => OrderItem::order.has(column("Order", condition)),
        _ => related!(
            Manufacturer "products" Product products is_empty any,
            Product "countries" Country countries is_empty any,
            Product "articles" Article articles is_empty any,
            Product "detail" ProductDetail detail is_none has,
            Country "products" Product products is_empty any,
            Customer "orders" Order orders is_empty any,
            Order "items" OrderItem items is_empty any,
            Order "customer" Customer customer is_none has,
            Article "product" Product product is_none has,
            Article "translation_of" Article translation_of is_none has,
            Article "translations" Article translations is_empty any,
        ),
    }
}

/// A condition on a column.
fn column(class: &str, condition: &Value) -> Expr<bool> {
    let attr = condition["attr"].as_str().unwrap_or_default();
    match (class, attr) {
        ("Product", "year") => number(&Product::year, condition),
        ("OrderItem", "quantity") => number(&OrderItem::quantity, condition),
        ("Product", "cpu") => text(&Product::cpu, condition),
        ("Customer", "phone") => text(&Customer::phone, condition),
        ("Product", "name") => text(&Product::name.nullable(), condition),
        ("Manufacturer", "name") => text(&Manufacturer::name.nullable(), condition),
        ("Country", "name") => text(&Country::name.nullable(), condition),
        ("Order", "number") => text(&Order::number.nullable(), condition),
        ("Article", "title") => text(&Article::title.nullable(), condition),
        other => panic!("no condition on {other:?}"),
    }
}

macro_rules! comparison {
    ($name:ident, $type:ty, $read:expr) => {
        fn $name(column: &impl Expression<Type = Option<$type>>, condition: &Value) -> Expr<bool> {
            let read: fn(&Value) -> $type = $read;
            let value = || read(&condition["value"]);
            match condition["cmp"].as_str().unwrap_or_default() {
                "=" => column.eq(value()),
                "!=" => column.ne(value()),
                "<" => column.lt(value()),
                "<=" => column.le(value()),
                ">" => column.gt(value()),
                ">=" => column.ge(value()),
                "in" => column.in_(condition["value"].as_array().into_iter().flatten().map(read)),
                "is_null" => column.is_null(),
                "not_null" => column.is_not_null(),
                other => panic!("no comparison {other}"),
            }
        }
    };
}
comparison!(number, i32, |value| value.as_i64().unwrap_or_default() as i32);
comparison!(text, String, |value| value.as_str().unwrap_or_default().to_string());

pub fn raw_update(op: &Value) -> String {
    let (table, key) = place(op);
    let attr = op["attr"].as_str().unwrap_or_default();
    format!("UPDATE {table} SET {attr} = {} WHERE {key} = {}", literal(&op["value"]), literal(&op["key"]))
}

pub fn raw_delete(op: &Value) -> String {
    let (table, key) = place(op);
    format!("DELETE FROM {table} WHERE {key} = {}", literal(&op["key"]))
}

/// A class's table and the column of its natural key.
fn place(op: &Value) -> (&'static str, &'static str) {
    match op["class"].as_str().unwrap_or_default() {
        "Manufacturer" => ("manufacturers", "name"),
        "Product" => ("products", "name"),
        "ProductDetail" => ("product_details", "code"),
        "Country" => ("countries", "name"),
        "Customer" => ("customers", "name"),
        "Order" => ("orders", "number"),
        "Article" => ("articles", "title"),
        other => panic!("no natural key of {other}"),
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    }
}
