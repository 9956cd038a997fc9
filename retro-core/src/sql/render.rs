//! A [`Query`] as text and binds, in the SQL of one dialect.

use rustc_hash::{FxHashMap, FxHashSet};
use sea_query::{self as sq, DynIden, SelectStatement};

use super::ast::{From, Join, JoinKind, Output, Query, Source, Term};
use super::writer::Writer;
use super::{Bind, Statement};
use crate::dialect::{Capabilities, Dialect, Placeholder};
use crate::error::{Error, Result};
use crate::model::EntityId;
use crate::value::{SqlType, Value};

/// Gives the values of entities that a query compares with.
pub(crate) trait EntityValues {
    /// A column of an entity, as the database has it.
    fn value(&self, session: u32, id: EntityId, column: u16) -> Result<Bind<'static>>;
}

/// For texts that are only shown: every entity's value is `NULL`.
pub(crate) struct NoEntities;

impl EntityValues for NoEntities {
    fn value(&self, _: u32, _: EntityId, _: u16) -> Result<Bind<'static>> {
        Ok(Bind::new(SqlType::I64, Value::Null))
    }
}

/// A query as the database takes it.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) sql: String,
    pub(crate) binds: Vec<Bind<'static>>,
    /// Whether the text depends on the length of a list, so that keeping it prepared is a waste.
    pub(crate) varies: bool,
}

impl Rendered {
    pub(crate) fn into_statement(self) -> Statement<'static> {
        match self.varies {
            true => Statement::once(self.sql, self.binds),
            false => Statement::cached(self.sql.into(), self.binds),
        }
    }
}

/// Renders a query.
///
/// # Errors
/// If it names a model that it does not read, or has more binds than the database takes.
pub(crate) fn render(
    query: &Query,
    dialect: Dialect,
    capabilities: &Capabilities,
    entities: &dyn EntityValues,
) -> Result<Rendered> {
    let mut renderer = Renderer {
        dialect,
        capabilities,
        entities,
        scopes: Vec::new(),
        names: FxHashSet::default(),
        binds: Vec::new(),
        shared: FxHashMap::default(),
        varies: false,
    };
    let select = renderer.query(query)?;
    renderer.finish(&select)
}

/// What is known while a query is translated.
pub(super) struct Renderer<'r> {
    pub(super) dialect: Dialect,
    pub(super) capabilities: &'r Capabilities,
    pub(super) entities: &'r dyn EntityValues,
    /// The sources of the query and of those around it, with the names that they have in the text.
    pub(super) scopes: Vec<Vec<(Source, String)>>,
    /// All names given so far: each is given once, so that an inner query never hides an outer one.
    names: FxHashSet<String>,
    binds: Vec<Bind<'static>>,
    /// Binds that stand in the text already, by their place in memory. A clone of an expression
    /// shares its binds, and with them the number of the placeholder: without that PostgreSQL does
    /// not see that `GROUP BY x / $2` is the selected `x / $1`.
    shared: FxHashMap<usize, usize>,
    pub(super) varies: bool,
}

impl Renderer<'_> {
    fn finish(self, select: &SelectStatement) -> Result<Rendered> {
        let mut writer = Writer::new(self.capabilities.placeholder);
        self.dialect.write_select(select, &mut writer);
        let (sql, order) = writer.into_parts();
        let binds = match self.capabilities.placeholder {
            Placeholder::Numbered => self.binds,
            Placeholder::Question => reorder(self.binds, &order),
        };
        if binds.len() > self.capabilities.max_binds {
            return Err(Error::configuration(format!(
                "the query has {} parameters, and {} takes at most {} in one statement; split its longest list",
                binds.len(),
                self.dialect,
                self.capabilities.max_binds,
            )));
        }
        Ok(Rendered { sql, binds, varies: self.varies })
    }

    /// Translates a query within the scopes around it.
    pub(super) fn query(&mut self, query: &Query) -> Result<SelectStatement> {
        self.scopes.push(Vec::new());
        let select = self.clauses(query);
        self.scopes.pop();
        select
    }

    fn clauses(&mut self, query: &Query) -> Result<SelectStatement> {
        let mut select = SelectStatement::new();
        self.sources(query, &mut select)?;
        if query.distinct {
            select.distinct();
        }
        for output in &query.outputs {
            self.output(output, &mut select)?;
        }
        if let Some(filter) = &query.filter {
            select.and_where(self.node(filter)?);
        }
        for node in &query.group_by {
            let node = self.node(node)?;
            select.add_group_by([node]);
        }
        if let Some(having) = &query.having {
            select.and_having(self.node(having)?);
        }
        for term in &query.order_by {
            self.term(term, &mut select)?;
        }
        self.limits(query, &mut select);
        Ok(select)
    }

    /// FROM and the joins. What is joined is not read by FROM as well.
    fn sources(&mut self, query: &Query, select: &mut SelectStatement) -> Result<()> {
        let mut first = true;
        for from in query.from.iter().filter(|from| !query.is_joined(from.source())) {
            let table = match from {
                From::Table(source) => self.table(*source),
                From::Query(inner, source) => {
                    let inner = self.query(inner)?;
                    let name = self.declare(*source);
                    sq::TableRef::SubQuery(Box::new(inner), name)
                }
            };
            match std::mem::replace(&mut first, false) {
                true => select.from(table),
                // Not a comma: tables after one are not seen by the conditions of later joins.
                false => select.cross_join(table),
            };
        }
        if first && !query.joins.is_empty() {
            return Err(Error::configuration(
                "every model that the query reads is joined, and none is left to begin with; start the joins at a selected model",
            ));
        }
        for Join { kind, source, on } in &query.joins {
            if self.scopes.last().is_some_and(|scope| scope.iter().any(|(read, _)| read == source)) {
                return Err(read_twice(*source));
            }
            let table = self.table(*source);
            let on = self.node(on)?;
            match kind {
                JoinKind::Inner => select.inner_join(table, on),
                JoinKind::Left => select.left_join(table, on),
            };
        }
        Ok(())
    }

    /// A source as it stands in FROM or JOIN.
    pub(super) fn table(&mut self, source: Source) -> sq::TableRef {
        let name = self.declare(source);
        let table = sq::TableName(None, iden(source.table));
        let alias = (name != iden(source.table)).then_some(name);
        sq::TableRef::Table(table, alias)
    }

    /// Gives a source its name: the table's where that is free, else the table's with a number.
    fn declare(&mut self, source: Source) -> DynIden {
        let mut name = source.table.to_owned();
        if source.alias != 0 || self.names.contains(&name) {
            let mut number = 1;
            while self.names.contains(&format!("{}_{number}", source.table)) {
                number += 1;
            }
            name = format!("{}_{number}", source.table);
        }
        self.names.insert(name.clone());
        let declared = iden(&name);
        if let Some(scope) = self.scopes.last_mut() {
            scope.push((source, name));
        }
        declared
    }

    /// The name of a source: the innermost query that reads it counts.
    pub(super) fn name(&self, source: Source) -> Result<DynIden> {
        let found = self.scopes.iter().rev().flatten().find(|(declared, _)| *declared == source);
        found.map(|(_, name)| iden(name)).ok_or_else(|| not_read(source))
    }

    fn output(&mut self, output: &Output, select: &mut SelectStatement) -> Result<()> {
        match output {
            Output::Entity(source) => {
                let name = self.name(*source)?;
                for column in source.mapper.map_or(&[][..], |mapper| mapper.def.columns) {
                    select.column((name.clone(), iden(column.name)));
                }
            }
            Output::Node { node, label: None } => {
                select.expr(self.node(node)?);
            }
            Output::Node { node, label: Some(label) } => {
                select.expr_as(self.node(node)?, iden(label));
            }
        }
        Ok(())
    }

    fn term(&mut self, term: &Term, select: &mut SelectStatement) -> Result<()> {
        let order = if term.descending { sq::Order::Desc } else { sq::Order::Asc };
        let node = self.node(&term.node)?;
        match term.nulls_first {
            None => sq::OrderedStatement::order_by_expr(select, node, order),
            Some(first) => {
                let nulls = if first { sq::NullOrdering::First } else { sq::NullOrdering::Last };
                sq::OrderedStatement::order_by_expr_with_nulls(select, node, order, nulls)
            }
        };
        Ok(())
    }

    fn limits(&mut self, query: &Query, select: &mut SelectStatement) {
        if !query.is_limited() {
            return;
        }
        // An OFFSET alone is not understood everywhere, a LIMIT that limits nothing is.
        let limit = query.limit.unwrap_or(u64::MAX);
        select.limit(self.number(limit));
        if let Some(offset) = query.offset {
            select.offset(self.number(offset));
        }
    }

    fn number(&mut self, value: u64) -> u64 {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        self.add(Bind::new(SqlType::I64, Value::Int(value)))
    }

    /// Adds a bind and gives its number.
    fn add(&mut self, bind: Bind<'static>) -> u64 {
        self.binds.push(bind);
        self.binds.len() as u64 - 1
    }

    pub(super) fn bind(&mut self, bind: Bind<'static>) -> sq::Expr {
        sq::Expr::Value(self.bind_value(bind))
    }

    /// The number of a bind, as the renderer takes values.
    pub(super) fn bind_value(&mut self, bind: Bind<'static>) -> sq::Value {
        sq::Value::BigUnsigned(Some(self.add(bind)))
    }

    /// A bind of the query itself, which may stand in several places.
    pub(super) fn shared_bind(&mut self, bind: &Bind<'static>) -> sq::Expr {
        let place = std::ptr::from_ref(bind) as usize;
        let number = match self.shared.get(&place) {
            Some(&number) => number as u64,
            None => {
                let number = self.add(bind.clone());
                self.shared.insert(place, number as usize);
                number
            }
        };
        sq::Expr::Value(sq::Value::BigUnsigned(Some(number)))
    }
}

pub(super) fn iden(name: &str) -> DynIden {
    DynIden::from(name.to_owned())
}

/// Binds in the order of their placeholders.
fn reorder(binds: Vec<Bind<'static>>, order: &[usize]) -> Vec<Bind<'static>> {
    let in_order = order.len() == binds.len() && order.iter().enumerate().all(|(place, &number)| place == number);
    if in_order {
        return binds;
    }
    order.iter().filter_map(|&number| binds.get(number).cloned()).collect()
}

#[cold]
fn read_twice(source: Source) -> Error {
    Error::configuration(format!(
        "the query reads {} twice, and its columns could mean either; ask through a relationship with `.has(..)` or `.any(..)` instead of joining again",
        source.name()
    ))
}

#[cold]
fn not_read(source: Source) -> Error {
    let name = source.name();
    let error = Error::configuration(format!(
        "the query names {name}, which it does not read; select it, join it with `.join(..)`, or ask through a relationship with `.has(..)` or `.any(..)`"
    ));
    match source.mapper {
        Some(mapper) => error.with_model(mapper.name()),
        None => error,
    }
}
