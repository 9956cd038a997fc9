//! What a query reads: tables, joins, subqueries, CTEs, and the parts of a union.

use std::sync::Arc;

use sea_query::{self as sq, DynIden, SelectStatement};

use super::ast::{Derived, DerivedKind, From, Join, JoinKind, Output, Query, SetOp, Source};
use super::node::{Node, Term};
use super::render::{Renderer, iden};
use crate::error::{Error, Result};

/// A CTE, rendered once however often it is read.
pub(super) struct Cte {
    /// The number of its definition.
    number: u32,
    name: String,
    recursive: bool,
    /// None while it is being rendered, when only itself may name it.
    text: Option<sq::CommonTableExpression>,
}

impl Renderer<'_> {
    /// FROM and the joins. What is joined is not read by FROM as well.
    pub(super) fn sources(&mut self, query: &Query, select: &mut SelectStatement) -> Result<()> {
        let mut first = true;
        for from in query.from.iter().filter(|from| !query.is_joined(from.source())) {
            let table = self.from(from)?;
            match std::mem::replace(&mut first, false) {
                true => select.from(table),
                // Not a comma: tables after one are not seen by the conditions of later joins.
                false => select.cross_join(table),
            };
        }
        if first && !query.joins.is_empty() {
            return Err(Error::configuration(
                "every model that the query reads is joined, and none is left to begin with; start the joins at a selected model, or name the first with `.from(..)`",
            ));
        }
        for join in &query.joins {
            self.join(join, select)?;
        }
        Ok(())
    }

    fn join(&mut self, join: &Join, select: &mut SelectStatement) -> Result<()> {
        let Join { kind, from, on, lateral } = join;
        let source = from.source();
        if self.scopes.last().is_some_and(|scope| scope.iter().any(|(read, _)| *read == source)) {
            return Err(read_twice(source));
        }
        if *kind == JoinKind::Full && !self.capabilities.full_join {
            return Err(Error::configuration(format!(
                "{} has no FULL JOIN; put an outer join and the unmatched rows of the other side together with `union_all`",
                self.dialect
            )));
        }
        if *lateral {
            return self.join_lateral(join, select);
        }
        let table = self.from(from)?;
        let on = on.as_ref().map(|on| self.node(on)).transpose()?.unwrap_or(sq::Expr::Constant(true.into()));
        match kind {
            JoinKind::Inner => select.inner_join(table, on),
            JoinKind::Left => select.left_join(table, on),
            JoinKind::Right => select.right_join(table, on),
            JoinKind::Full => select.full_outer_join(table, on),
            JoinKind::Cross => select.cross_join(table),
        };
        Ok(())
    }

    fn join_lateral(&mut self, join: &Join, select: &mut SelectStatement) -> Result<()> {
        let From::Derived(derived, source) = &join.from else {
            return Err(Error::configuration("only a subquery can be joined laterally"));
        };
        if !self.capabilities.lateral {
            return Err(Error::configuration(format!(
                "{} has no LATERAL; number the rows with `row_number().over(..)` in a subquery instead, or select scalar subqueries",
                self.dialect
            )));
        }
        // Unlike any other subquery in FROM it sees the sources beside it.
        let inner = self.query(&derived.query)?;
        let name = self.declare(*source);
        let kind = if join.kind == JoinKind::Left { sq::JoinType::LeftJoin } else { sq::JoinType::InnerJoin };
        let on = match &join.on {
            Some(on) => self.node(on)?,
            None => sq::Expr::Constant(true.into()),
        };
        select.join_lateral(kind, inner, name, on);
        Ok(())
    }

    fn from(&mut self, from: &From) -> Result<sq::TableRef> {
        match from {
            From::Table(source) => Ok(self.table(*source)),
            From::Derived(derived, source) if derived.kind == DerivedKind::Subquery => {
                let inner = self.apart(&derived.query)?;
                let name = self.declare(*source);
                Ok(sq::TableRef::SubQuery(Box::new(inner), name))
            }
            From::Derived(derived, source) => {
                let cte = self.cte(derived)?;
                Ok(self.named(&cte, *source))
            }
            From::Recursion(number, source) => {
                let cte = self.ctes.iter().find(|cte| cte.number == *number).map(|cte| cte.name.clone());
                let cte = cte.ok_or_else(|| {
                    Error::configuration(format!(
                        "the query reads {} within its own definition, but is not part of it",
                        source.table
                    ))
                })?;
                Ok(self.named(&cte, *source))
            }
        }
    }

    /// A query that does not see the sources around it.
    fn apart(&mut self, query: &Query) -> Result<SelectStatement> {
        let around = std::mem::take(&mut self.scopes);
        let select = self.query(query);
        self.scopes = around;
        select
    }

    /// The name of a CTE, whose text comes before the statement.
    fn cte(&mut self, derived: &Arc<Derived>) -> Result<String> {
        if let Some(cte) = self.ctes.iter().find(|cte| cte.number == derived.number) {
            return Ok(cte.name.clone());
        }
        let DerivedKind::Cte { recursive, materialized } = derived.kind else {
            return Ok(derived.name.to_owned());
        };
        let name = self.free_name(derived.name, false);
        self.ctes.push(Cte { number: derived.number, name: name.clone(), recursive, text: None });
        let select = self.apart(&derived.query)?;
        let mut text = sq::CommonTableExpression::new();
        text.table_name(iden(&name)).query(select);
        // Only PostgreSQL and SQLite have the word, and only for speed.
        if let (Some(materialized), true) = (materialized, self.capabilities.aggregate_filter) {
            text.materialized(materialized);
        }
        // Behind those that it reads, which were met while it was rendered.
        if let Some(place) = self.ctes.iter().position(|cte| cte.number == derived.number) {
            let cte = self.ctes.remove(place);
            self.ctes.push(Cte { text: Some(text), ..cte });
        }
        Ok(name)
    }

    /// A CTE as it stands in FROM.
    fn named(&mut self, cte: &str, source: Source) -> sq::TableRef {
        // The first reader calls it by its own name.
        let is_free = !self.scopes.iter().flatten().any(|(_, name)| name == cte);
        let name: DynIden = if is_free {
            if let Some(scope) = self.scopes.last_mut() {
                scope.push((source, cte.to_owned()));
            }
            iden(cte)
        } else {
            self.declare(source)
        };
        let alias = (name != iden(cte)).then_some(name);
        sq::TableRef::Table(sq::TableName(None, iden(cte)), alias)
    }

    /// Puts the CTEs before the statement.
    pub(super) fn hoist(&mut self, select: &mut SelectStatement) {
        if let Some(with) = self.with_clause() {
            select.with_cte(with);
        }
    }

    pub(super) fn with_clause(&mut self) -> Option<sq::WithClause> {
        if self.ctes.is_empty() {
            return None;
        }
        let mut with = sq::WithClause::new();
        with.recursive(self.ctes.iter().any(|cte| cte.recursive));
        for cte in std::mem::take(&mut self.ctes) {
            if let Some(text) = cte.text {
                with.cte(text);
            }
        }
        Some(with)
    }

    /// A union, intersection or difference.
    pub(super) fn compound(&mut self, query: &Query) -> Result<SelectStatement> {
        let first = Query { compound: Vec::new(), order_by: Vec::new(), limit: None, offset: None, ..query.clone() };
        let width = width(&first);
        let mut select = self.clauses_of_part(&first)?;
        for (op, part) in &query.compound {
            if self::width(part) != width {
                return Err(Error::configuration(format!(
                    "the parts of a union must select equally many columns, and these select {width} and {}",
                    self::width(part)
                )));
            }
            let part = self.part(part)?;
            select.union(
                match op {
                    SetOp::Union => sq::UnionType::Distinct,
                    SetOp::UnionAll => sq::UnionType::All,
                    SetOp::Intersect => sq::UnionType::Intersect,
                    SetOp::Except => sq::UnionType::Except,
                },
                part,
            );
        }
        for term in &query.order_by {
            let node = self.output_of(&first, term)?;
            self.term(term, node, &mut select);
        }
        self.limits(query, &mut select);
        Ok(select)
    }

    fn clauses_of_part(&mut self, part: &Query) -> Result<SelectStatement> {
        // In a scope of its own, so that the other parts can read the same tables.
        self.query(part)
    }

    /// A part of a union. One with an order, a limit or parts of its own is wrapped: SQLite takes no
    /// parentheses here.
    fn part(&mut self, part: &Query) -> Result<SelectStatement> {
        let select = self.query(part)?;
        if part.compound.is_empty() && part.order_by.is_empty() && !part.is_limited() {
            return Ok(select);
        }
        let name = self.free_name("part", false);
        let mut wrapped = SelectStatement::new();
        wrapped.column(sq::Asterisk).from_subquery(select, iden(&name));
        Ok(wrapped)
    }

    /// What a term of the order of a union stands for: a column of the result, by its name where it
    /// has one and else by its place.
    fn output_of(&self, first: &Query, term: &Term) -> Result<sq::Expr> {
        let mut place = 0;
        for output in &first.outputs {
            match output {
                Output::Node { node, label } => {
                    place += 1;
                    if node.is_same(&term.node) {
                        let name = label.or_else(|| node.column_name());
                        return Ok(match name {
                            Some(name) => sq::Expr::col(iden(name)),
                            None => sq::Expr::Constant(sq::Value::BigInt(Some(place))),
                        });
                    }
                }
                Output::Entity(source) => {
                    place += source.mapper.map_or(0, |mapper| mapper.def.columns.len() as i64);
                    if let Node::Column(column) = &*term.node
                        && column.source == *source
                    {
                        return Ok(sq::Expr::col(iden(column.name)));
                    }
                }
            }
        }
        Err(Error::configuration(
            "a union can only be ordered by what its first part selects: order by that column or by the very expression that is selected",
        ))
    }
}

/// How many columns a query puts out.
fn width(query: &Query) -> usize {
    let columns = |output: &Output| match output {
        Output::Node { .. } => 1,
        Output::Entity(source) => source.mapper.map_or(0, |mapper| mapper.def.columns.len()),
    };
    query.outputs.iter().map(columns).sum()
}

#[cold]
fn read_twice(source: Source) -> Error {
    Error::configuration(format!(
        "the query reads {} twice, and its columns could mean either; join an alias of it (`let other = alias({})`), or ask through a relationship with `.has(..)` or `.any(..)`",
        source.name(),
        source.name()
    ))
}
