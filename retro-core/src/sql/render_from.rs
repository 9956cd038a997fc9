//! What a query reads: tables, joins, subqueries, CTEs, and the parts of a union.

use std::sync::Arc;

use sea_query::{self as sq, SelectStatement};

use super::ast::{Derived, DerivedKind, From, Join, JoinKind, Query, SetOp, Source};
use super::render::{Name, Renderer, iden};
use crate::error::{Error, Result};

/// A CTE, rendered once however often it is read.
pub(super) struct Cte {
    /// The number of its definition.
    number: u32,
    name: Name,
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
        for (index, join) in query.joins.iter().enumerate() {
            match query.joins.get(index + 1).filter(|next| next.bridged) {
                Some(next) => self.join(&join.leading_to(next)?, select)?,
                None => self.join(join, select)?,
            }
        }
        Ok(())
    }

    fn join(&mut self, join: &Join, select: &mut SelectStatement) -> Result<()> {
        let Join { kind, from, on, lateral, .. } = join;
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
                Ok(self.named(cte, *source))
            }
            From::Recursion(number, source) => {
                let cte = self.ctes.iter().find(|cte| cte.number == *number).map(|cte| cte.name.clone());
                let cte = cte.ok_or_else(|| {
                    Error::configuration(format!(
                        "the query reads {} within its own definition, but is not part of it",
                        source.table
                    ))
                })?;
                Ok(self.named(cte, *source))
            }
        }
    }

    /// A query that does not see the sources around it.
    pub(super) fn apart(&mut self, query: &Query) -> Result<SelectStatement> {
        let around = std::mem::take(&mut self.scopes);
        let select = self.query(query);
        self.scopes = around;
        select
    }

    /// The name of a CTE, whose text comes before the statement.
    fn cte(&mut self, derived: &Arc<Derived>) -> Result<Name> {
        if let Some(cte) = self.ctes.iter().find(|cte| cte.number == derived.number) {
            return Ok(cte.name.clone());
        }
        let DerivedKind::Cte { recursive, materialized } = derived.kind else {
            return Ok(derived.name.into());
        };
        // Within the statement the name of a table would mean the CTE.
        let mut tables = Vec::new();
        derived.query.tables(&mut tables);
        self.root.iter().for_each(|root| root.tables(&mut tables));
        let name = self.free_name(derived.name, tables.contains(&derived.name));
        self.ctes.push(Cte { number: derived.number, name: name.clone(), recursive, text: None });
        let select = self.apart(&derived.query)?;
        let mut text = sq::CommonTableExpression::new();
        text.table_name(iden(name.clone())).query(select);
        // Only PostgreSQL and SQLite have the word, and only for speed.
        if let (Some(materialized), true) = (materialized, self.capabilities.materialized) {
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
    fn named(&mut self, cte: Name, source: Source) -> sq::TableRef {
        let cte = iden(cte);
        // The first reader calls it by its own name.
        let is_free = !self.scopes.iter().flatten().any(|(_, name)| *name == cte);
        let alias = if is_free {
            if let Some(scope) = self.scopes.last_mut() {
                scope.push((source, cte.clone()));
            }
            None
        } else {
            Some(self.declare(source)).filter(|name| *name != cte)
        };
        sq::TableRef::Table(sq::TableName(None, cte), alias)
    }

    /// The CTEs that were met and stand nowhere yet.
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
        if query.lock.is_some() || query.compound.iter().any(|(_, part)| part.lock.is_some()) {
            return Err(Error::configuration(
                "the rows of a union cannot be locked; lock them in a query of their own, by their keys",
            ));
        }
        let mut first =
            Query { compound: Vec::new(), order_by: Vec::new(), limit: None, offset: None, ..query.clone() };
        let names: Vec<&'static str> = query.order_by.iter().map(|term| first.name_of(term)).collect::<Result<_>>()?;
        let width = first.width();
        let mut select = self.query(&first)?;
        for (op, part) in &query.compound {
            if part.width() != width {
                return Err(Error::configuration(format!(
                    "the parts of a union must select equally many columns, and these select {width} and {}",
                    part.width()
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
        // SQLite orders a union by its columns and by nothing made of them.
        if query.order_by.iter().any(|term| self.dialect.compares_otherwise(term.sql_type)) {
            select = self.wrapped(select, "whole");
        }
        for (term, name) in query.order_by.iter().zip(names) {
            self.term(term, sq::Expr::col(iden(name)), &mut select);
        }
        self.limits(query, &mut select);
        Ok(select)
    }

    /// A part of a union. One with an order, a limit or parts of its own is wrapped: SQLite takes no
    /// parentheses here.
    fn part(&mut self, part: &Query) -> Result<SelectStatement> {
        if part.compound.is_empty() && part.order_by.is_empty() && !part.is_limited() {
            return self.query(part);
        }
        let mut part = part.clone();
        part.separate_outputs();
        let select = self.query(&part)?;
        Ok(self.wrapped(select, "part"))
    }

    fn wrapped(&mut self, select: SelectStatement, name: &'static str) -> SelectStatement {
        let name = self.free_name(name, false);
        let mut wrapped = SelectStatement::new();
        wrapped.column(sq::Asterisk).from_subquery(select, iden(name));
        wrapped
    }
}

#[cold]
fn read_twice(source: Source) -> Error {
    Error::configuration(format!(
        "the query reads {} twice, and its columns could mean either; join an alias of it (`let other = alias({})`), or ask through a relationship with `.has(..)` or `.any(..)`",
        source.name(),
        source.name()
    ))
}
