//! A [`Query`] as text and binds, in the SQL of one dialect.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use sea_query::{self as sq, DynIden, SelectStatement};

use super::ast::{Distinct, Lock, Output, Query, Source, Wait};
use super::node::{Node, Term};
use super::writer::Writer;
use super::{Bind, Statement};
use crate::dialect::{Capabilities, Dialect, Placeholder, parenthesized};
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
    let mut renderer = Renderer { root: Some(query), ..Renderer::new(dialect, capabilities, entities) };
    let select = renderer.query(query)?;
    renderer.finish(0, |dialect, writer| dialect.write(&select, writer))
}

/// As many binds as most queries have: room for them is reserved.
const MANY: usize = 14;

/// The name of something in the text.
pub(super) type Name = Cow<'static, str>;

/// What is known while a query is translated.
pub(super) struct Renderer<'r> {
    pub(super) dialect: Dialect,
    pub(super) capabilities: &'r Capabilities,
    pub(super) entities: &'r dyn EntityValues,
    /// The sources of the query and of those around it, with the names that they have in the text.
    pub(super) scopes: Vec<Vec<(Source, DynIden)>>,
    /// All names given so far: each is given once, so that an inner query never hides an outer one.
    pub(super) names: FxHashSet<Name>,
    /// The whole query, where there is one.
    pub(super) root: Option<&'r Query>,
    /// The CTEs met so far, in the order in which they need each other.
    pub(super) ctes: Vec<super::render_from::Cte>,
    /// How many queries the present part stands within. The CTEs stand before the outermost.
    pub(super) depth: usize,
    /// The table that the statement writes, where no query in it may read that table directly.
    pub(super) written: Option<&'static str>,
    binds: Vec<Bind<'static>>,
    /// Binds that stand in the text already, by their place in memory. A clone of an expression
    /// shares its binds, and with them the number of the placeholder: without that PostgreSQL does
    /// not see that `GROUP BY x / $2` is the selected `x / $1`.
    shared: FxHashMap<usize, usize>,
    pub(super) varies: bool,
}

impl<'r> Renderer<'r> {
    pub(super) fn new(dialect: Dialect, capabilities: &'r Capabilities, entities: &'r dyn EntityValues) -> Self {
        Renderer {
            dialect,
            capabilities,
            entities,
            scopes: Vec::new(),
            names: FxHashSet::with_capacity_and_hasher(7, FxBuildHasher),
            root: None,
            ctes: Vec::new(),
            depth: 0,
            written: None,
            binds: Vec::with_capacity(MANY),
            shared: FxHashMap::with_capacity_and_hasher(MANY, FxBuildHasher),
            varies: false,
        }
    }
}

impl Renderer<'_> {
    /// The text that `write` writes, and its binds, which follow so many that are taken.
    pub(super) fn finish(self, taken: usize, write: impl FnOnce(Dialect, &mut Writer)) -> Result<Rendered> {
        let mut writer = Writer::new(self.capabilities, taken);
        write(self.dialect, &mut writer);
        let (sql, order) = writer.into_parts();
        let binds = match self.capabilities.placeholder {
            Placeholder::Numbered => self.binds,
            Placeholder::Question => reorder(self.binds, &order),
        };
        check_number(taken + binds.len(), self.dialect, self.capabilities)?;
        Ok(Rendered { sql, binds, varies: self.varies })
    }

    /// Translates a query within the scopes around it. The outermost one has the CTEs before it.
    pub(super) fn query(&mut self, query: &Query) -> Result<SelectStatement> {
        let written = self.written.take_if(|table| query.names_table(table));
        self.depth += 1;
        let select = match written {
            None => self.scoped(query),
            Some(table) => self.read_before(query, table),
        };
        self.depth -= 1;
        self.written = self.written.or(written);
        let mut select = select?;
        if self.depth == 0
            && let Some(with) = self.with_clause()
        {
            select.with_cte(with);
        }
        Ok(select)
    }

    pub(super) fn scoped(&mut self, query: &Query) -> Result<SelectStatement> {
        self.scopes.push(Vec::new());
        let select = self.clauses(query);
        self.scopes.pop();
        select
    }

    fn clauses(&mut self, query: &Query) -> Result<SelectStatement> {
        if let Some(problem) = &query.problem {
            return Err(Error::configuration(problem.to_string()));
        }
        if !query.compound.is_empty() {
            return self.compound(query);
        }
        let mut select = SelectStatement::new();
        self.sources(query, &mut select)?;
        self.distinct(&query.distinct, &mut select)?;
        for output in &query.outputs {
            self.output(output, &mut select)?;
        }
        if let Some(filter) = &query.filter {
            only_where(&mut select, self.node(filter)?);
        }
        for node in &query.group_by {
            select.add_group_by([self.sorted(node)?]);
        }
        if let Some(having) = &query.having {
            select.and_having(self.node(having)?);
        }
        for term in &query.order_by {
            let node = match self.label_of(query, term) {
                Some(label) => sq::Expr::col(iden(label)),
                None => self.sorted(&term.node)?,
            };
            self.term(term, node, &mut select);
        }
        self.limits(query, &mut select);
        if let Some(lock) = query.lock {
            self.lock(lock, query, &mut select)?;
        }
        Ok(select)
    }

    fn distinct(&mut self, distinct: &Distinct, select: &mut SelectStatement) -> Result<()> {
        match distinct {
            Distinct::No => {}
            Distinct::Rows => {
                select.distinct();
            }
            Distinct::On(_) if !self.capabilities.distinct_on => {
                return Err(Error::configuration(format!(
                    "{} has no DISTINCT ON; number the rows with `row_number().over(..)` in a subquery and keep the first ones",
                    self.dialect
                )));
            }
            Distinct::On(nodes) => {
                let column = |node: &Arc<Node>| match &**node {
                    Node::Column(column) => Ok((self.name(column.source)?, iden(column.name))),
                    _ => Err(Error::configuration(
                        "`distinct_on` takes columns; label the expression in a subquery and take its column",
                    )),
                };
                let columns: Vec<_> = nodes.iter().map(column).collect::<Result<_>>()?;
                select.distinct_on(columns);
            }
        }
        Ok(())
    }

    /// Where rows cannot be locked the transaction locks all others out; see `Transaction`.
    fn lock(&mut self, lock: Lock, query: &Query, select: &mut SelectStatement) -> Result<()> {
        if !self.capabilities.row_locks {
            return Ok(());
        }
        let kind = if lock.exclusive { sq::LockType::Update } else { sq::LockType::KeyShare };
        let tables = match self.capabilities.locks_of {
            true => query.lockable(),
            false => Vec::new(),
        };
        let name = |source: Source| self.name(source).map(|name| sq::TableRef::Table(sq::TableName(None, name), None));
        let tables: Vec<sq::TableRef> = tables.into_iter().map(name).collect::<Result<_>>()?;
        let behavior = match lock.wait {
            Wait::Block => None,
            Wait::Fail => Some(sq::LockBehavior::Nowait),
            Wait::Skip => Some(sq::LockBehavior::SkipLocked),
        };
        match (tables.is_empty(), behavior) {
            (true, None) => select.lock(kind),
            (true, Some(behavior)) => select.lock_with_behavior(kind, behavior),
            (false, None) => select.lock_with_tables(kind, tables),
            (false, Some(behavior)) => select.lock_with_tables_behavior(kind, tables, behavior),
        };
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
    pub(super) fn declare(&mut self, source: Source) -> DynIden {
        let name = iden(self.free_name(source.table, source.alias != 0 && !source.derived));
        if let Some(scope) = self.scopes.last_mut() {
            scope.push((source, name.clone()));
        }
        name
    }

    /// A name that nothing else in the text has: the wanted one, or the wanted one with a number.
    pub(super) fn free_name(&mut self, wanted: &'static str, numbered: bool) -> Name {
        let mut name = Name::Borrowed(wanted);
        let mut number = 1;
        while (numbered && number == 1) || self.names.contains(&name) {
            name = Name::Owned(format!("{wanted}_{number}"));
            number += 1;
        }
        self.names.insert(name.clone());
        name
    }

    /// The name of a source: the innermost query that reads it counts.
    pub(super) fn name(&self, source: Source) -> Result<DynIden> {
        let found = self.scopes.iter().rev().flatten().find(|(declared, _)| *declared == source);
        found.map(|(_, name)| name.clone()).ok_or_else(|| not_read(source))
    }

    /// An expression by which rows are ordered or grouped. A value alone must not be taken for the
    /// place of a column.
    pub(super) fn sorted(&mut self, node: &Node) -> Result<sq::Expr> {
        let expr = self.node(node)?;
        Ok(match node {
            Node::Bind(_) => self.dialect.not_a_place(expr),
            _ => expr,
        })
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
                select.expr_as(self.node(node)?, iden(*label));
            }
        }
        Ok(())
    }

    pub(super) fn term(&mut self, term: &Term, node: sq::Expr, select: &mut SelectStatement) {
        let node = self.dialect.by_value(node, term.sql_type);
        let order = if term.descending { sq::Order::Desc } else { sq::Order::Asc };
        match term.nulls_first {
            None => sq::OrderedStatement::order_by_expr(select, node, order),
            Some(first) => {
                let nulls = if first { sq::NullOrdering::First } else { sq::NullOrdering::Last };
                // Where the order cannot say it, `IS NULL` is written behind the expression.
                let node = if self.capabilities.orders_nulls { node } else { parenthesized(self.dialect, node) };
                sq::OrderedStatement::order_by_expr_with_nulls(select, node, order, nulls)
            }
        };
    }

    /// The label of what a query is ordered by, if it puts that out under a name that nothing else
    /// has: an order by the name need not be calculated once more.
    fn label_of(&self, query: &Query, term: &Term) -> Option<&'static str> {
        // Where NULL is sorted by a term of its own, that is an expression, which cannot name labels.
        if term.nulls_first.is_some() && !self.capabilities.orders_nulls {
            return None;
        }
        let label = query.outputs.iter().find_map(|output| match output {
            Output::Node { node, label } if node.is_same(&term.node) => *label,
            _ => None,
        })?;
        let names = query.outputs.iter().flat_map(Output::names);
        (names.filter(|name| name.eq_ignore_ascii_case(label)).count() == 1).then_some(label)
    }

    pub(super) fn limits(&mut self, query: &Query, select: &mut SelectStatement) {
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

    /// A bind that is made of a part of the query, which may stand in several places.
    pub(super) fn shared<T: ?Sized>(&mut self, part: &T, bind: impl FnOnce(&T) -> Bind<'static>) -> sq::Expr {
        let place = std::ptr::from_ref(part).cast::<()>() as usize;
        let number = match self.shared.get(&place) {
            Some(&number) => number as u64,
            None => {
                let number = self.add(bind(part));
                self.shared.insert(place, number as usize);
                number
            }
        };
        sq::Expr::Value(sq::Value::BigUnsigned(Some(number)))
    }
}

/// Gives a statement its one condition. The renderer copies what it is given as `and_where`, each time
/// it writes it.
pub(super) fn only_where(statement: &mut impl sq::ConditionalStatement, condition: sq::Expr) {
    statement.and_or_where(sq::LogicalChainOper::And(condition));
}

/// A name is written as it is if the program says it as a literal of letters, digits and `_`, as
/// nearly all are, else with its quotes doubled.
pub(super) fn iden(name: impl Into<Name>) -> DynIden {
    match name.into() {
        Name::Borrowed(name) => DynIden::from(name),
        Name::Owned(name) => DynIden::from(name),
    }
}

/// Whether the database takes so many parameters.
pub(crate) fn check_number(binds: usize, dialect: Dialect, capabilities: &Capabilities) -> Result<()> {
    if binds <= capabilities.max_binds {
        return Ok(());
    }
    Err(Error::configuration(format!(
        "the query has {binds} parameters, and {dialect} takes at most {} in one statement; split its longest list",
        capabilities.max_binds,
    )))
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
fn not_read(source: Source) -> Error {
    let name = source.name();
    let remedy = match (source.derived, source.alias) {
        (true, _) => "give it to the query with `.from(&..)` or `.join_on(&.., condition)`",
        (false, 0) => {
            "select it, join it with `.join(..)`, or ask through a relationship with `.has(..)` or `.any(..)`"
        }
        (false, _) => "select the alias, or join it with `.join(relationship.to(alias))`",
    };
    let what = if source.alias != 0 && !source.derived { "an alias of " } else { "" };
    let error = Error::configuration(format!("the query names {what}{name}, which it does not read; {remedy}"));
    match source.mapper {
        Some(mapper) => error.with_model(mapper.name()),
        None => error,
    }
}
