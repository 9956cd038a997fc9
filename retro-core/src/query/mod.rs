//! The query language: [`Select`], expressions and loader options; [`insert`], [`update`] and
//! [`delete`].
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

// expressions
mod aggregate;
mod arithmetic;
mod case;
mod condition;
mod expression;
mod function;
pub(crate) mod hybrid;
mod json;
mod operand;
mod row;
mod text;
mod time;
mod window;
// queries
mod alias;
mod asked;
mod from_row;
mod join;
mod keyset;
mod load;
mod order;
mod raw;
mod relationship;
mod rewrite;
mod select;
mod selection;
mod set;
mod subquery;
// statements that write
mod write;

pub use aggregate::{
    Average, Countable, Sum, avg, count, count_all, count_distinct, max, min, string_agg, sum, sum_distinct,
};
pub use alias::{Alias, alias};
pub use arithmetic::{Arithmetic, NumberExpression};
pub(crate) use asked::Ask;
pub use asked::{Asked, Query};
pub use case::{Case, CaseWhen, case};
pub use condition::{and_, not_, or_};
pub use expression::{Expr, Expression, lit};
pub use from_row::FromRow;
pub use function::{Args, func};
pub use join::{Hop, IntoFrom, IntoJoin};
pub use json::{IntoJsonStep, JsonDocument, JsonExpression, JsonPath};
pub use keyset::Keyset;
pub use load::{IntoPath, Load, LoadOptions, Path, joined, lazy, noload, raise, selectin, subquery};
pub use operand::{InList, IntoExpr, Lift, Operand};
pub use order::{Grouping, Order, OrderBy};
pub use raw::{BoundValue, IntoBind, TextQuery, TextRow, TextStatement, text};
pub(crate) use raw::{Layout, TextRequest};
pub(crate) use relationship::{association, members_of, relate};
pub use row::{Row, RowExpressions, RowOf, RowValues, row};
pub(crate) use select::{Read, Request, RequestedLoad};
pub use select::{Select, select};
pub(crate) use selection::{FieldColumn, Item, Items};
pub use selection::{Fields, Optional, Owned, Selection};
pub use subquery::{DerivedRow, Subquery, exists};
pub use text::{Concat, TextExpression, Textual};
pub use time::{Dated, Temporal, TemporalExpression, Timed};
pub use window::{
    Window, WindowFunction, cume_dist, dense_rank, first_value, lag, last_value, lead, nth_value, ntile, percent_rank,
    rank, row_number, window,
};
pub(crate) use write::Executable;
pub use write::{
    Assignment, Assignments, Columns, Delete, Execute, Executed, Insert, InsertInto, OnConflict, Returning, RowFor,
    Update, Upsert, delete, excluded, insert, update,
};

pub use crate::sql::node::{Bound, DateUnit};
