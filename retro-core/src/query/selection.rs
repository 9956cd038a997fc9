//! [`Selection`]: what can be selected, and how a row of the result is read.

use std::marker::PhantomData;

use super::{Alias, Expr, Expression};
use crate::engine::{Columns, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::mapping::Mapper;
use crate::model::{Column, Entity, EntityRef, Mapped, Model, Root};
use crate::private::RowReader;
use crate::sql::ast::{Output, Query, Source};
use crate::value::{ColumnType, SqlType};

/// What [`select`](super::select) takes: a model, an alias, a column, an expression, or a tuple of
/// these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "expected a model, a column, an expression, or a tuple of these"
)]
pub trait Selection {
    /// The type of a row of the result.
    type Row: 'static;

    #[doc(hidden)]
    fn add(self, items: &mut Items);
    #[doc(hidden)]
    fn read(fields: &mut Fields<'_>) -> Result<Self::Row>;
}

/// A model that may be missing from a row, because it is joined with
/// [`outer_join`](super::Select::outer_join): read as an `Option`.
#[derive(Debug, Clone, Copy)]
pub struct Optional<M>(Source, PhantomData<fn() -> M>);

impl<M: Mapped> Root<M> {
    /// The model as an `Option`, for one that is joined with
    /// [`outer_join`](super::Select::outer_join) and may be missing from a row.
    pub fn optional(self) -> Optional<M> {
        Optional(Source::of(M::mapper()), PhantomData)
    }

    /// The model as plain structs, which no session tracks: `select(Product.owned())`.
    pub fn owned(self) -> Owned<M> {
        Owned(Source::of(M::mapper()), PhantomData)
    }
}

impl<M: Mapped> Alias<M> {
    /// As an `Option`, where it is joined with [`outer_join`](super::Select::outer_join) and may be
    /// missing from a row.
    pub fn optional(self) -> Optional<M> {
        Optional(self.source(), PhantomData)
    }

    /// As plain structs, which no session tracks.
    pub fn owned(self) -> Owned<M> {
        Owned(self.source(), PhantomData)
    }
}

/// A model that is read as plain structs, which no session tracks.
#[derive(Debug, Clone, Copy)]
pub struct Owned<M>(Source, PhantomData<fn() -> M>);

/// Everything selected, in order.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Items {
    pub(crate) query: Query,
    pub(crate) items: Vec<Item>,
}

/// One thing selected.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item {
    Entity {
        source: Source,
        optional: bool,
    },
    /// All columns of a model, read as a plain struct.
    Owned(Source),
    Value(SqlType),
}

impl Item {
    /// The name of what is an entity.
    pub(crate) fn name(&self) -> Option<&'static str> {
        match self {
            Item::Entity { source, .. } => Some(source.name()),
            Item::Owned(_) | Item::Value(_) => None,
        }
    }

    /// The model, if it is an entity.
    pub(crate) fn entity(&self) -> Option<&'static Mapper> {
        match self {
            Item::Entity { source, .. } => source.mapper,
            Item::Owned(_) | Item::Value(_) => None,
        }
    }
}

impl Items {
    fn entity(&mut self, source: Source, item: Item) {
        self.query.read(source);
        self.query.outputs.push(Output::Entity(source));
        self.items.push(item);
    }

    fn value<E: Expression>(&mut self, expression: &E) {
        let node = expression.node().0;
        node.sources(&mut |source| self.query.read(source));
        self.query.outputs.push(Output::Node { node, label: expression.label_text() });
        self.items.push(Item::Value(E::Type::SQL_TYPE));
    }
}

/// The fields of one row of a result, read from left to right.
#[doc(hidden)]
pub struct Fields<'r> {
    pub(crate) session: u32,
    /// The row itself, unless nothing but entities is in it.
    pub(crate) row: Option<&'r Row>,
    /// Where each item is.
    pub(crate) columns: &'r [FieldColumn],
    /// The entities of the result, place by place and row by row.
    pub(crate) entities: &'r [Vec<Option<EntityRef>>],
    /// The number of the row.
    pub(crate) index: usize,
    pub(crate) next: usize,
}

/// Where a selected item of a result is.
#[derive(Debug)]
pub(crate) enum FieldColumn {
    /// An entity, at this place of those that a row has.
    Entity(usize),
    Owned(Columns),
    Value {
        offset: usize,
        sql_type: SqlType,
        /// The name by which it was found.
        name: Option<&'static str>,
    },
}

impl Fields<'_> {
    fn entity<M>(&mut self) -> Result<Option<Entity<M>>> {
        let column = self.columns.get(self.next);
        self.next += 1;
        match column {
            Some(FieldColumn::Entity(place)) => {
                let at = self.entities.get(*place).and_then(|found| found.get(self.index).copied().flatten());
                Ok(at.map(|at| Entity::new(self.session, at)))
            }
            _ => Err(misread()),
        }
    }

    fn required<M: Mapped>(&mut self) -> Result<Entity<M>> {
        self.entity()?.ok_or_else(|| {
            let name = M::mapper().name();
            Error::new(
                ErrorKind::Conversion,
                format!("a row of the result has no {name}; select `{name}.optional()` and read an `Option`"),
            )
            .with_model(name)
        })
    }

    fn owned<M: Mapped>(&mut self) -> Result<M> {
        let column = self.columns.get(self.next);
        self.next += 1;
        match column {
            Some(FieldColumn::Owned(columns)) => {
                let row = self.row.ok_or_else(misread)?;
                M::read(&mut RowReader::new(row, columns, M::definition()))
            }
            _ => Err(misread()),
        }
    }

    pub(super) fn value<T: ColumnType>(&mut self) -> Result<T> {
        let column = self.columns.get(self.next);
        self.next += 1;
        let Some(FieldColumn::Value { offset, sql_type, name }) = column else { return Err(misread()) };
        let value = self.row.ok_or_else(misread)?.get(*offset, *sql_type).and_then(T::from_value);
        value.map_err(|error| {
            let hint = match T::NULLABLE {
                true => "",
                false => "; where a value may be missing read an `Option`, which `select` gives for `.nullable()`",
            };
            let what = match name {
                Some(name) => format!("the column `{name}`"),
                None => format!("value {} of the selection", self.next),
            };
            Error::new(ErrorKind::Conversion, format!("{what} cannot be read: {error}{hint}")).with_source(error)
        })
    }
}

#[cold]
fn misread() -> Error {
    Error::configuration("a row was read with the selection of another query")
}

impl<M: Model> Selection for Root<M> {
    type Row = Entity<M>;

    fn add(self, items: &mut Items) {
        let source = Source::of(M::mapper());
        items.entity(source, Item::Entity { source, optional: false });
    }

    fn read(fields: &mut Fields<'_>) -> Result<Entity<M>> {
        fields.required()
    }
}

impl<M: Model> Selection for Optional<M> {
    type Row = Option<Entity<M>>;

    fn add(self, items: &mut Items) {
        items.entity(self.0, Item::Entity { source: self.0, optional: true });
    }

    fn read(fields: &mut Fields<'_>) -> Result<Option<Entity<M>>> {
        fields.entity()
    }
}

impl<M: Model> Selection for Alias<M> {
    type Row = Entity<M>;

    fn add(self, items: &mut Items) {
        let source = self.source();
        items.entity(source, Item::Entity { source, optional: false });
    }

    fn read(fields: &mut Fields<'_>) -> Result<Entity<M>> {
        fields.required()
    }
}

impl<M: Model> Selection for Owned<M> {
    type Row = M;

    fn add(self, items: &mut Items) {
        items.entity(self.0, Item::Owned(self.0));
    }

    fn read(fields: &mut Fields<'_>) -> Result<M> {
        fields.owned()
    }
}

impl<M: Mapped, T: ColumnType> Selection for Column<M, T> {
    type Row = T;

    fn add(self, items: &mut Items) {
        items.value(&self);
    }

    fn read(fields: &mut Fields<'_>) -> Result<T> {
        fields.value()
    }
}

impl<T: ColumnType> Selection for Expr<T> {
    type Row = T;

    fn add(self, items: &mut Items) {
        items.value(&self);
    }

    fn read(fields: &mut Fields<'_>) -> Result<T> {
        fields.value()
    }
}

impl<T: ColumnType> Selection for &Expr<T> {
    type Row = T;

    fn add(self, items: &mut Items) {
        items.value(self);
    }

    fn read(fields: &mut Fields<'_>) -> Result<T> {
        fields.value()
    }
}

macro_rules! tuples {
    ($($t:ident $i:tt),*) => {
        impl<$($t: Selection),*> Selection for ($($t,)*) {
            type Row = ($($t::Row,)*);

            fn add(self, items: &mut Items) {
                $(self.$i.add(items);)*
            }

            fn read(fields: &mut Fields<'_>) -> Result<Self::Row> {
                Ok(($($t::read(fields)?,)*))
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
