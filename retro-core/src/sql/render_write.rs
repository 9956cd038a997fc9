//! A [`Write`] as text and binds, in the SQL of one dialect.

use std::sync::Arc;

use sea_query as sq;

use super::Template;
use super::ast::{ColumnRef, DerivedKind, Distinct, From, Output, Query};
use super::fresh_alias;
use super::node::{Node, Related};
use super::render::{EntityValues, Rendered, Renderer, iden, only_where};
use super::rewrite::Rewrite;
use super::write::{Action, Set, Then, Upsert, Write};
use crate::dialect::{Capabilities, Dialect};
use crate::error::{Error, Result};
use crate::mapping::Mapper;

/// Renders statements that write, for one database.
#[derive(Clone, Copy)]
pub(crate) struct Writes<'r> {
    pub(crate) dialect: Dialect,
    pub(crate) capabilities: &'r Capabilities,
    pub(crate) entities: &'r dyn EntityValues,
}

impl Writes<'_> {
    /// Whether the database can do it at all.
    pub(crate) fn check(&self, write: &Write) -> Result<()> {
        if let Some(problem) = &write.problem {
            return Err(Error::configuration(problem.to_string()).with_model(write.mapper.name()));
        }
        let Writes { dialect, capabilities, .. } = self;
        let refused =
            |what: &str| Err(Error::configuration(format!("{dialect} {what}")).with_model(write.mapper.name()));
        if let Some(upsert) = write.upsert() {
            check_key(write.mapper, &upsert.conflict)?;
            if upsert.filter.is_some() && !capabilities.on_conflict {
                return refused("has no condition on the update of an upsert; set the value with `case()` instead");
            }
            if matches!(upsert.then, Then::Ignore) && !capabilities.on_conflict && !write.returning.is_empty() {
                return refused(
                    "gives back the rows that were there too, ignored or not; select them by their key instead",
                );
            }
        }
        match &write.action {
            Action::Update(set) if set.is_empty() => Err(Error::configuration(format!(
                "the {} sets nothing; say what with `.set({}::column.to(value))`",
                write.describe(),
                write.mapper.name()
            ))
            .with_model(write.mapper.name())),
            _ if write.returning.is_empty() => Ok(()),
            Action::Insert { .. } if !capabilities.insert_returning => refused(
                "has no INSERT .. RETURNING; `session.add` and flush fill generated keys in, or select the rows by a key that you know",
            ),
            Action::Update(_) if !capabilities.update_returning => {
                refused("has no UPDATE .. RETURNING; select the rows `.for_update()` first, and then update them")
            }
            Action::Delete if !capabilities.delete_returning => {
                refused("has no DELETE .. RETURNING; select the rows `.for_update()` first, and then delete them")
            }
            _ => Ok(()),
        }
    }

    /// An INSERT of one row of expressions.
    pub(crate) fn insert_values(&self, write: &Write, values: &[Set]) -> Result<Rendered> {
        let version = write.mapper.def.version.filter(|version| values.iter().all(|set| set.column != *version));
        let columns: Vec<u16> = values.iter().map(|set| set.column).chain(version).collect();
        let mut renderer = self.renderer(write);
        let mut insert = renderer.insert(write, &columns);
        // There is no row yet whose columns the values could name.
        let scopes = std::mem::take(&mut renderer.scopes);
        let mut exprs = values.iter().map(|set| renderer.value(write, set)).collect::<Result<Vec<_>>>()?;
        renderer.scopes = scopes;
        exprs.extend(version.map(|_| sq::Expr::Constant(sq::Value::Int(Some(1)))));
        insert.values(exprs).map_err(mismatched)?;
        let tail = renderer.tail(write, &columns)?;
        renderer.finish_write(insert, tail, sq::InsertStatement::with_cte)
    }

    /// An INSERT of the rows of a query.
    pub(crate) fn insert_query(&self, write: &Write, columns: &[u16], query: &Query) -> Result<Rendered> {
        let version = write.mapper.def.version.filter(|version| !columns.contains(version));
        let columns: Vec<u16> = columns.iter().copied().chain(version).collect();
        let mut query = query.clone();
        if version.is_some() {
            append(&mut query, &Arc::new(Node::Integer(1)));
        }
        if write.upsert().is_some() {
            condition_last(&mut query);
        }
        let mut renderer = self.renderer(write);
        let mut insert = renderer.insert(write, &columns);
        // It does not see the row that is written, and may read the table in any way.
        let written = renderer.written.take();
        let select = renderer.apart(&query);
        renderer.written = written;
        insert.select_from(select?).map_err(mismatched)?;
        let tail = renderer.tail(write, &columns)?;
        renderer.finish_write(insert, tail, sq::InsertStatement::with_cte)
    }

    pub(crate) fn update(&self, write: &Write) -> Result<Rendered> {
        let mut renderer = self.renderer(write);
        let mut update = sq::UpdateStatement::new();
        update.table(renderer.table(write.target()));
        for set in renderer.ordered(write, write.updates(&[]))? {
            update.value(iden(write.mapper.column(set.column).name), renderer.value(write, &set)?);
        }
        if let Some(filter) = renderer.filter(write)? {
            only_where(&mut update, filter);
        }
        let tail = renderer.tail(write, &[])?;
        renderer.finish_write(update, tail, sq::UpdateStatement::with_cte)
    }

    pub(crate) fn delete(&self, write: &Write) -> Result<Rendered> {
        let mut renderer = self.renderer(write);
        let mut delete = sq::DeleteStatement::new();
        delete.from_table(renderer.table(write.target()));
        if let Some(filter) = renderer.filter(write)? {
            only_where(&mut delete, filter);
        }
        let tail = renderer.tail(write, &[])?;
        renderer.finish_write(delete, tail, sq::DeleteStatement::with_cte)
    }

    /// What follows the rows of an INSERT whose columns these are, and which has so many binds: what
    /// becomes of rows whose key is taken, and what is given back.
    pub(crate) fn tail(&self, write: &Write, columns: &[u16], binds: usize) -> Result<Rendered> {
        let mut renderer = self.renderer(write);
        // Nothing can be put before the statement: that text is there already.
        renderer.depth = 0;
        renderer.declare(write.target());
        let tail = renderer.tail(write, columns)?;
        renderer.finish(binds, |dialect, writer| tail.iter().for_each(|tail| dialect.write_expr(tail, writer)))
    }

    fn renderer(&self, write: &Write) -> Renderer<'_> {
        let mut renderer = Renderer::new(self.dialect, self.capabilities, self.entities);
        // The statement itself counts as a query where the CTEs may stand before it.
        renderer.depth = usize::from(self.capabilities.with_before_write);
        renderer.scopes.push(Vec::new());
        renderer.written = (!self.capabilities.reads_written).then_some(write.mapper.table());
        renderer
    }
}

impl Renderer<'_> {
    fn insert(&mut self, write: &Write, columns: &[u16]) -> sq::InsertStatement {
        let mut insert = sq::InsertStatement::new();
        insert.into_table(self.table(write.target()));
        insert.columns(columns.iter().map(|&column| iden(write.mapper.column(column).name)));
        insert
    }

    fn finish_write<S: sq::QueryStatementWriter>(
        mut self,
        mut statement: S,
        tail: Option<sq::Expr>,
        with_cte: fn(&mut S, sq::WithClause) -> &mut S,
    ) -> Result<Rendered> {
        if let Some(with) = self.with_clause() {
            with_cte(&mut statement, with);
        }
        self.finish(0, |dialect, writer| {
            dialect.write(&statement, writer);
            tail.iter().for_each(|tail| dialect.write_expr(tail, writer));
        })
    }

    fn tail(&mut self, write: &Write, columns: &[u16]) -> Result<Option<sq::Expr>> {
        let mut tail = self.template();
        if let Some(upsert) = write.upsert() {
            tail = self.conflict(tail, write, upsert, columns)?;
        } else if write.returning.is_empty() {
            return Ok(None);
        }
        if !write.returning.is_empty() {
            let mut returned = Vec::new();
            for output in &write.returning {
                self.returned(output, &mut returned)?;
            }
            tail = tail.sql(" RETURNING ").list(returned);
        }
        Ok(Some(tail.build()))
    }

    fn returned(&mut self, output: &Output, returned: &mut Vec<sq::Expr>) -> Result<()> {
        match output {
            Output::Node { node, .. } => returned.push(self.node(node)?),
            Output::Entity(source) => {
                let name = self.name(*source)?;
                let columns = source.mapper.map_or(&[][..], |mapper| mapper.def.columns);
                returned.extend(columns.iter().map(|column| sq::Expr::col((name.clone(), iden(column.name)))));
            }
        }
        Ok(())
    }

    fn conflict(&mut self, tail: Template, write: &Write, upsert: &Upsert, columns: &[u16]) -> Result<Template> {
        let name = |column: u16| sq::Expr::col(iden(write.mapper.column(column).name));
        let updates = self.ordered(write, write.updates(columns))?;
        let mut set = Vec::with_capacity(updates.len());
        for update in updates {
            let value = self.value(write, &update)?;
            set.push(self.template().expr(name(update.column)).sql(" = ").expr(value).build());
        }
        if !self.capabilities.on_conflict {
            if set.is_empty() {
                // Not INSERT IGNORE, which would swallow every other error too.
                let column = write.mapper.key().first().copied().unwrap_or_default();
                let same = self.node(&write.target().column(write.mapper.column(column)).node())?;
                set.push(self.template().expr(name(column)).sql(" = ").expr(same).build());
            }
            return Ok(tail.sql(" ON DUPLICATE KEY UPDATE ").list(set));
        }
        let tail = tail.sql(" ON CONFLICT (").list(upsert.conflict.iter().map(|&column| name(column))).sql(")");
        if set.is_empty() {
            return Ok(tail.sql(" DO NOTHING"));
        }
        let tail = tail.sql(" DO UPDATE SET ").list(set);
        Ok(match &upsert.filter {
            Some(filter) => tail.sql(" WHERE ").expr(self.node(filter)?),
            None => tail,
        })
    }

    /// A value for a column.
    fn value(&mut self, write: &Write, set: &Set) -> Result<sq::Expr> {
        self.node(&set.node).map_err(|error| {
            let field = write.mapper.column(set.column).field;
            error.context(format!("the value for {}::{field}", write.mapper.name()))
        })
    }

    fn filter(&mut self, write: &Write) -> Result<Option<sq::Expr>> {
        let Some(filter) = &write.filter else { return Ok(None) };
        let mut reads = Vec::new();
        filter.tables(&mut reads);
        match self.written.take().filter(|written| reads.contains(written)) {
            // As a whole, so that the condition may name the row that is written.
            Some(_) => self.node(&found_before(write, filter)).map(Some),
            None => self.node(filter).map(Some),
        }
    }

    /// A query that reads the written table, one level deeper: that is read before the first row is
    /// written. DISTINCT keeps the database from merging both levels.
    pub(super) fn read_before(&mut self, query: &Query, table: &str) -> Result<sq::SelectStatement> {
        let mut inner = match self.apart(query) {
            Ok(inner) => inner,
            // It sees less a level deeper: if that is what is wrong, it is about the written row.
            Err(error) => return Err(self.scoped(query).map_or(error, |_| self.names_written_row(table))),
        };
        if query.compound.is_empty() && !query.is_limited() {
            inner.distinct();
        }
        let name = self.free_name("found", false);
        let mut outer = sq::SelectStatement::new();
        outer.column(sq::Asterisk).from_subquery(inner, iden(name));
        Ok(outer)
    }

    /// A condition on related rows names the row that is written, and cannot be put a level deeper.
    pub(super) fn check_related(&self, related: &Related) -> Result<()> {
        let association = related.secondary.as_ref().map(|association| association.source.table);
        match self.written {
            Some(written) if related.target.table == written || association == Some(written) => {
                Err(self.names_written_row(written))
            }
            _ => Ok(()),
        }
    }

    #[cold]
    fn names_written_row(&self, table: &str) -> Error {
        Error::configuration(format!(
            "it is looked for in `{table}`, which the statement writes, by the row that it writes, and {} cannot do that; use two statements, or load the entities and change them",
            self.dialect
        ))
    }

    /// Where a value sees what was set to the left of it, whoever reads a column comes before the
    /// column is set: then all see the row as it was.
    fn ordered(&self, write: &Write, mut rest: Vec<Set>) -> Result<Vec<Set>> {
        if self.capabilities.sets_at_once || rest.len() < 2 {
            return Ok(rest);
        }
        let mut reads: Vec<Vec<&str>> = rest.iter().map(|set| columns_of(write, &set.node)).collect();
        let mut ordered = Vec::with_capacity(rest.len());
        while !rest.is_empty() {
            let is_free = |&n: &usize| {
                let name = write.mapper.column(rest[n].column).name;
                reads.iter().enumerate().all(|(other, reads)| other == n || !reads.contains(&name))
            };
            let Some(next) = (0..rest.len()).find(is_free) else { return Err(circular(write, &rest, self.dialect)) };
            reads.remove(next);
            ordered.push(rest.remove(next));
        }
        Ok(ordered)
    }
}

/// The condition that a row is one of those that meet another condition, out of a list of keys that is
/// complete before the first row is written; DISTINCT makes sure of that here too.
fn found_before(write: &Write, filter: &Arc<Node>) -> Arc<Node> {
    let (mapper, target) = (write.mapper, write.target());
    let again = target.aliased(fresh_alias());
    let node = |column: ColumnRef| Output::Node { node: Arc::new(column.node()), label: None };
    let key = again.columns(mapper, mapper.key());
    let query = Query {
        distinct: Distinct::Rows,
        outputs: key.iter().copied().map(node).collect(),
        from: vec![From::Table(again)],
        filter: Some(filter.with_source(target, again)),
        ..Query::default()
    };
    let (derived, found) = query.derived("found", DerivedKind::Subquery);
    let outputs = key.into_iter().map(|column| node(ColumnRef { source: found, ..column })).collect();
    let rows = Query { outputs, from: vec![From::Derived(derived, found)], ..Query::default() };
    Arc::new(Node::InQuery { node: Node::row(&target.columns(mapper, mapper.key())), query: Arc::new(rows) })
}

/// The columns of the written table that an expression names, also in queries within it.
fn columns_of(write: &Write, node: &Arc<Node>) -> Vec<&'static str> {
    struct Names<'w>(&'w Write, Vec<&'static str>);
    impl Rewrite for Names<'_> {
        fn column(&mut self, column: &ColumnRef) -> ColumnRef {
            if column.source == self.0.target() {
                self.1.push(column.name);
            }
            *column
        }
    }
    let mut names = Names(write, Vec::new());
    names.node(node);
    names.1
}

#[cold]
fn circular(write: &Write, rest: &[Set], dialect: Dialect) -> Error {
    let fields: Vec<&str> = rest.iter().map(|set| write.mapper.column(set.column).field).collect();
    Error::configuration(format!(
        "{} are set from each other's old values, and {dialect} sets one after the other; use two statements, or load the entities and change them",
        fields.join(" and "),
    ))
    .with_model(write.mapper.name())
    .with_columns(fields)
}

/// Rows can only be in conflict over a key.
fn check_key(mapper: &Mapper, conflict: &[u16]) -> Result<()> {
    let is_it = |columns: &[u16]| columns.len() == conflict.len() && columns.iter().all(|c| conflict.contains(c));
    if mapper.unique_columns().any(is_it) {
        return Ok(());
    }
    let fields: Vec<&str> = conflict.iter().map(|&column| mapper.column(column).field).collect();
    Err(Error::configuration(format!(
        "`on_conflict` names {} of {}, which is no key of it: it takes the columns of the primary key, or of a `unique` constraint or index of the model",
        fields.join(", "),
        mapper.name(),
    ))
    .with_model(mapper.name())
    .with_columns(fields))
}

/// Adds an output to each part of a query.
fn append(query: &mut Query, node: &Arc<Node>) {
    query.outputs.push(Output::Node { node: node.clone(), label: None });
    query.compound.iter_mut().for_each(|(_, part)| append(part, node));
}

/// Gives a query a WHERE if it has none: without it SQLite takes the ON of a conflict for that of a join.
fn condition_last(query: &mut Query) {
    match query.compound.last_mut() {
        Some((_, part)) => condition_last(part),
        None => {
            query.filter.get_or_insert_with(|| Arc::new(Node::Boolean(true)));
        }
    }
}

#[cold]
fn mismatched(cause: sq::error::Error) -> Error {
    Error::configuration(format!("the insert has other columns than values: {cause}"))
}
