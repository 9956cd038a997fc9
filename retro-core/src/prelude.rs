//! The names that every file of a program on retro needs: `use retro_core::prelude::*;`

pub use crate::engine::Engine;
pub use crate::error::Error;
pub use crate::model::{BelongsTo, Entity, HasMany, HasOne, ManyToMany, Model, Rel};
pub use crate::query::{
    DateUnit, Execute, Expr, Expression, FromRow, JsonExpression, NumberExpression, Select, TemporalExpression,
    TextExpression, alias, and_, avg, case, count, count_all, count_distinct, delete, dense_rank, excluded, exists,
    func, insert, joined, lag, lazy, lead, lit, max, min, noload, or_, raise, rank, row, row_number, select, selectin,
    string_agg, subquery, sum, text, update, window,
};
pub use crate::schema::MetaData;
pub use crate::session::{ModelView, Session, State};
pub use crate::value::{ColumnType, Json};
pub use crate::{metadata, new};
pub use retro_derive::{ColumnType, FromRow, Model, hybrid};

#[cfg(feature = "chrono")]
pub use crate::now;
#[cfg(feature = "chrono")]
pub use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
#[cfg(feature = "decimal")]
pub use rust_decimal::Decimal;
#[cfg(feature = "uuid")]
pub use uuid::Uuid;
