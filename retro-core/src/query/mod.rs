//! The query language: [`Select`], expressions and loader options.
//!
//! A query is an untyped tree (`sql::ast`) under a thin typed surface: [`Select<R>`](Select) knows
//! the type of its rows, [`Expr<T>`](Expr) the type of its value, and neither knows more. Queries
//! are values: build them in steps, clone them, hand them around. A session runs them.
//!
//! ```
//! use retro_core::prelude::*;
//! # #[derive(Model, Debug, Clone)]
//! # #[retro(table = "products")]
//! # struct Product {
//! #     #[retro(primary_key)]
//! #     id: i32,
//! #     name: String,
//! #     year: i32,
//! #     cpu: Option<String>,
//! # }
//!
//! fn search(text: &str, newest_first: bool) -> Select<Entity<Product>> {
//!     let mut query = select(Product).filter(Product::name.contains(text) | Product::cpu.eq("Z80"));
//!     if newest_first {
//!         query = query.order_by(Product::year.desc());
//!     }
//!     query.limit(10)
//! }
//!
//! let sql = search("ZX", true).to_sql(retro_core::Dialect::Sqlite).unwrap();
//! assert!(sql.ends_with(r#"ORDER BY "products"."year" DESC LIMIT ?"#));
//! ```

mod aggregate;
mod arithmetic;
mod expression;
mod load;
mod operand;
mod order;
mod relationship;
mod select;
mod selection;

pub use aggregate::{Average, Countable, Sum, avg, count, count_all, count_distinct, max, min, sum};
pub use arithmetic::{Arithmetic, Operand};
pub use expression::{Expr, Expression, Textual, lit};
pub use load::{IntoPath, Load, LoadOptions, Path, joined, lazy, noload, raise, selectin, subquery};
pub use operand::IntoExpr;
pub use order::{Grouping, Order, OrderBy};
pub(crate) use relationship::{association, members_of, relate};
pub(crate) use select::{Request, RequestedLoad};
pub use select::{Select, select};
pub(crate) use selection::{FieldColumn, Item, Items};
pub use selection::{Fields, Optional, Selection};
