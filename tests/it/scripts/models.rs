//! The models of the scripts, and how their parts are found by the names that scripts use.
//!
//! Columns that scripts set to `NULL` against the table's will are options here, so that it is the
//! database that refuses.

use retro_core::prelude::*;
use serde_json::{Value, json};

#[derive(Model, Debug, Clone)]
#[retro(table = "manufacturers")]
pub struct Manufacturer {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub name: String,
    #[retro(back_populates = manufacturer, cascade = "all, delete-orphan")]
    pub products: HasMany<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "products")]
pub struct Product {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub name: String,
    #[retro(foreign_key = Manufacturer::id)]
    pub manufacturer_id: i32,
    pub year: Option<i32>,
    #[retro(length = 32)]
    pub cpu: Option<String>,
    #[retro(key = manufacturer_id, back_populates = products)]
    pub manufacturer: BelongsTo<Manufacturer>,
    #[retro(back_populates = product, cascade = "all, delete-orphan")]
    pub detail: HasOne<ProductDetail>,
    #[retro(back_populates = product)]
    pub articles: HasMany<Article>,
    #[retro(secondary = "products_countries", back_populates = products)]
    pub countries: ManyToMany<Country>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "product_details")]
pub struct ProductDetail {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub code: String,
    #[retro(length = 128)]
    pub notes: Option<String>,
    #[retro(foreign_key = Product::id)]
    pub product_id: i32,
    #[retro(key = product_id, back_populates = detail)]
    pub product: BelongsTo<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "countries")]
pub struct Country {
    #[retro(primary_key, generated = false)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    #[retro(secondary = "products_countries", back_populates = countries)]
    pub products: ManyToMany<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "customers")]
pub struct Customer {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub name: String,
    #[retro(length = 32)]
    pub phone: Option<String>,
    #[retro(back_populates = customer)]
    pub orders: HasMany<Order>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "orders")]
pub struct Order {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 16, unique)]
    pub number: String,
    #[retro(foreign_key = Customer::id)]
    pub customer_id: Option<i32>,
    #[retro(key = customer_id, back_populates = orders)]
    pub customer: BelongsTo<Option<Customer>>,
    #[retro(back_populates = order, cascade = "all, delete-orphan")]
    pub items: HasMany<OrderItem>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "orders_items")]
pub struct OrderItem {
    #[retro(primary_key, foreign_key = Order::id)]
    pub order_id: i32,
    #[retro(primary_key, foreign_key = Product::id)]
    pub product_id: i32,
    pub quantity: Option<i32>,
    pub unit_price: Option<f64>,
    #[retro(key = order_id, back_populates = items)]
    pub order: BelongsTo<Order>,
    #[retro(key = product_id)]
    pub product: BelongsTo<Product>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "articles")]
pub struct Article {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64, unique)]
    pub title: String,
    #[retro(foreign_key = Product::id)]
    pub product_id: Option<i32>,
    #[retro(foreign_key = Article::id)]
    pub translation_of_id: Option<i32>,
    #[retro(key = product_id, back_populates = articles)]
    pub product: BelongsTo<Option<Product>>,
    #[retro(key = translation_of_id, back_populates = translations)]
    pub translation_of: BelongsTo<Option<Article>>,
    #[retro(back_populates = translation_of)]
    pub translations: HasMany<Article>,
}

impl Owned {
    /// The natural key; of an order item nothing, its key is in other rows.
    pub fn natural_key(&self) -> String {
        match self {
            Owned::Manufacturer(m) => m.name.clone(),
            Owned::Product(m) => m.name.clone(),
            Owned::ProductDetail(m) => m.code.clone(),
            Owned::Country(m) => m.name.clone(),
            Owned::Customer(m) => m.name.clone(),
            Owned::Order(m) => m.number.clone(),
            Owned::OrderItem(_) => String::new(),
            Owned::Article(m) => m.title.clone(),
        }
    }
}

/// A model of the scripts: its name, and its columns by name.
pub trait Scripted: Model + Clone + std::fmt::Debug {
    const CLASS: &'static str;

    fn handle(entity: Entity<Self>) -> Handle;
    fn entity(handle: Handle) -> Entity<Self>;
    fn owned(self) -> Owned;
    fn column(&self, attr: &str) -> Value;
    fn set_column(&mut self, attr: &str, value: &Value);
    fn key(&self) -> Key;
    fn by_key(key: Key) -> Self::Key;
}

/// The primary key of a row: the second part is an order item's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub i32, pub i32);

/// A value between a script and a field.
trait Field {
    fn show(&self) -> Value;
    fn read(value: &Value) -> Self;
}

impl Field for i32 {
    fn show(&self) -> Value {
        json!(self)
    }
    fn read(value: &Value) -> Self {
        value.as_i64().map_or(0, |v| v as i32)
    }
}

impl Field for f64 {
    fn show(&self) -> Value {
        json!(self)
    }
    fn read(value: &Value) -> Self {
        value.as_f64().unwrap_or_default()
    }
}

impl Field for String {
    fn show(&self) -> Value {
        json!(self)
    }
    fn read(value: &Value) -> Self {
        value.as_str().unwrap_or_default().into()
    }
}

impl<T: Field> Field for Option<T> {
    fn show(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::show)
    }
    fn read(value: &Value) -> Self {
        (!value.is_null()).then(|| T::read(value))
    }
}

macro_rules! models {
    ($($model:ident { $($column:ident),* } $key:expr, $of_key:expr;)*) => {
        /// The handle of an entity of any of the models.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Handle {
            $($model(Entity<$model>)),*
        }

        /// A struct of any of the models, outside a session.
        #[derive(Debug, Clone)]
        pub enum Owned {
            $($model($model)),*
        }

        impl Owned {
            pub fn new(class: &str) -> Owned {
                match class {
                    $(stringify!($model) => Owned::$model($model::default()),)*
                    other => panic!("no model {other}"),
                }
            }

            pub fn class(&self) -> &'static str {
                match self {
                    $(Owned::$model(_) => stringify!($model),)*
                }
            }

            pub fn column(&self, attr: &str) -> Value {
                match self {
                    $(Owned::$model(model) => model.column(attr),)*
                }
            }

            pub fn set_column(&mut self, attr: &str, value: &Value) {
                match self {
                    $(Owned::$model(model) => model.set_column(attr, value),)*
                }
            }
        }

        $(impl Scripted for $model {
            const CLASS: &'static str = stringify!($model);

            fn handle(entity: Entity<Self>) -> Handle {
                Handle::$model(entity)
            }

            fn entity(handle: Handle) -> Entity<Self> {
                match handle {
                    Handle::$model(entity) => entity,
                    other => panic!("{other:?} is no {}", Self::CLASS),
                }
            }

            fn owned(self) -> Owned {
                Owned::$model(self)
            }

            fn column(&self, attr: &str) -> Value {
                match attr {
                    $(stringify!($column) => self.$column.show(),)*
                    other => panic!("no column {other} of {}", Self::CLASS),
                }
            }

            fn set_column(&mut self, attr: &str, value: &Value) {
                match attr {
                    $(stringify!($column) => self.$column = Field::read(value),)*
                    other => panic!("no column {other} of {}", Self::CLASS),
                }
            }

            fn key(&self) -> Key {
                let key: fn(&Self) -> Key = $key;
                key(self)
            }

            fn by_key(key: Key) -> Self::Key {
                let of_key: fn(Key) -> Self::Key = $of_key;
                of_key(key)
            }
        })*

        /// Evaluates an expression for the entity of a handle, whatever its model.
        macro_rules! entity {
            ($handle:expr, |$entity:ident| $body:expr) => {
                match $handle {
                    $($crate::scripts::models::Handle::$model($entity) => $body),*
                }
            };
        }

        /// Evaluates an expression with a model as the type `M`.
        macro_rules! model {
            ($class:expr, $body:expr) => {
                match $class {
                    $(stringify!($model) => { type M = $crate::scripts::models::$model; $body })*
                    other => panic!("no model {other}"),
                }
            };
        }

        /// Evaluates an expression for a struct.
        macro_rules! owned {
            ($owned:expr, |$model_value:ident| $body:expr) => {
                match $owned {
                    $($crate::scripts::models::Owned::$model($model_value) => $body),*
                }
            };
        }
    };
}

models! {
    Manufacturer { name } |m| Key(m.id, 0), |key| key.0;
    Product { name, year, cpu } |m| Key(m.id, 0), |key| key.0;
    ProductDetail { code, notes } |m| Key(m.id, 0), |key| key.0;
    Country { id, name } |m| Key(m.id, 0), |key| key.0;
    Customer { name, phone } |m| Key(m.id, 0), |key| key.0;
    Order { number } |m| Key(m.id, 0), |key| key.0;
    OrderItem { quantity, unit_price } |m| Key(m.order_id, m.product_id), |key| (key.0, key.1);
    Article { title } |m| Key(m.id, 0), |key| key.0;
}

/// Evaluates an expression for a reference of the entity of a handle; `None` if its model has no
/// reference of that name.
macro_rules! reference {
    ($handle:expr, $attr:expr, |$entity:ident, $rel:ident| $body:expr) => {{
        use $crate::scripts::models::{Article, Handle, Order, OrderItem, Product, ProductDetail};
        reference!(@ $handle, $attr, $entity, $rel, $body;
            Product "manufacturer" Product::manufacturer, Product "detail" Product::detail,
            ProductDetail "product" ProductDetail::product, Order "customer" Order::customer,
            OrderItem "order" OrderItem::order, OrderItem "product" OrderItem::product,
            Article "product" Article::product, Article "translation_of" Article::translation_of)
    }};
    (@ $handle:expr, $attr:expr, $entity:ident, $rel:ident, $body:expr; $($model:ident $name:literal $constant:path),*) => {
        match ($handle, $attr) {
            $((Handle::$model($entity), $name) => { let $rel = $constant; Some($body) })*
            _ => None,
        }
    };
}

/// Evaluates an expression for a collection of the entity of a handle.
macro_rules! collection {
    ($handle:expr, $attr:expr, |$entity:ident, $rel:ident| $body:expr) => {{
        use $crate::scripts::models::{Article, Country, Customer, Handle, Manufacturer, Order, Product};
        collection!(@ $handle, $attr, $entity, $rel, $body;
            Manufacturer "products" Manufacturer::products, Product "articles" Product::articles,
            Product "countries" Product::countries, Country "products" Country::products,
            Customer "orders" Customer::orders, Order "items" Order::items,
            Article "translations" Article::translations)
    }};
    (@ $handle:expr, $attr:expr, $entity:ident, $rel:ident, $body:expr; $($model:ident $name:literal $constant:path),*) => {
        match ($handle, $attr) {
            $((Handle::$model($entity), $name) => { let $rel = $constant; Some($body) })*
            _ => None,
        }
    };
}

#[allow(clippy::single_component_path_imports)] // what makes a macro an item of this module
pub(super) use {collection, entity, model, owned, reference};
