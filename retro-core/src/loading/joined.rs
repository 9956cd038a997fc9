//! [`Prepared`]: a query with everything joined to it that its plan wants joined.

use super::plan::{How, Plan, Reach, Step};
use super::text::Text;
use crate::engine::{Columns, Engine};
use crate::error::{Error, Result};
use crate::identity::Load;
use crate::mapping::{Direction, Mapper, Relationship};
use crate::query::{Ask, FieldColumn, Item, Request, RequestedLoad, relate};
use crate::sql::ast::{JoinKind, Output, Query, Source};
use crate::sql::node::{Node, Term};
use crate::sql::{Access, EntityValues, Statement, render};

/// A query that is ready to be rendered, and where its result has what.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) query: Query,
    /// What is sent in place of the query, where the user has written it.
    pub(super) text: Option<Text>,
    /// The entities in a row: first the selected ones, then the joined ones, each after its owner.
    pub(crate) sites: Vec<Site>,
    /// The selected items, in order.
    pub(crate) fields: Vec<FieldColumn>,
    pub(crate) populate_existing: bool,
    /// Columns put out so far.
    width: usize,
    /// Sources aliased so far.
    aliases: u32,
    pub(crate) joins_collection: bool,
}

/// Where the entities of one model are in the rows of a result.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) mapper: &'static Mapper,
    pub(crate) source: Source,
    pub(crate) columns: Columns,
    /// Whether a row may lack it.
    optional: bool,
    /// The site that it is joined to, and over which relationship.
    pub(crate) owner: Option<(usize, &'static Relationship)>,
    /// What is to be loaded from here on.
    pub(crate) plan: Plan,
}

impl Prepared {
    pub(crate) fn new(ask: Ask, reach: Reach, engine: &Engine) -> Result<Prepared> {
        match ask {
            Ask::Select(request) => Prepared::select(request, reach),
            Ask::Text(request) => Prepared::text(request, reach, engine),
        }
    }

    /// Whether there is nothing in a row but selected entities, so that it tells nothing more once they
    /// are in the session, and other rows have no say in what they are linked to.
    pub(super) fn is_only_entities(&self) -> bool {
        self.text.is_none()
            && !self.joins_collection
            && self.sites.iter().all(|site| site.owner.is_none())
            && self.fields.iter().all(|field| matches!(field, FieldColumn::Entity(_)))
    }

    fn select(request: Request, reach: Reach) -> Result<Prepared> {
        let Request { query, items, loads, populate_existing, .. } = request;
        let reach = match reach {
            Reach::Statements => reach,
            Reach::Row { joins } => Reach::Row { joins: joins && !query.is_aggregated() },
        };
        let mut prepared = Prepared::bare(query, populate_existing);
        prepared.put_out(items, &loads, reach)?;
        prepared.check_options(&loads)?;
        prepared.expand();
        Ok(prepared)
    }

    /// What a statement that writes gives back. Nothing can be joined to it.
    pub(crate) fn returned(items: Vec<Item>) -> Result<Prepared> {
        let mut prepared = Prepared::bare(Query::default(), false);
        prepared.put_out(items, &[], Reach::Statements)?;
        Ok(prepared)
    }

    fn put_out(&mut self, items: Vec<Item>, loads: &[RequestedLoad], reach: Reach) -> Result<()> {
        for item in items {
            match item {
                Item::Value(sql_type) => {
                    self.fields.push(FieldColumn::Value { offset: self.width, sql_type, name: None });
                    self.width += 1;
                }
                Item::Owned(source) => {
                    self.fields.push(FieldColumn::Owned(Columns::From(self.width)));
                    self.width += source.mapper.map_or(0, |mapper| mapper.all_columns.len());
                }
                Item::Entity { source, optional } => {
                    if let Some(mapper) = source.mapper {
                        let plan = Plan::new(mapper, &given(loads, mapper), reach)?;
                        self.fields.push(FieldColumn::Entity(self.sites.len()));
                        self.add_site(mapper, source, optional, plan);
                    }
                }
            }
        }
        Ok(())
    }

    /// A query whose outputs are not known yet.
    pub(crate) fn bare(query: Query, populate_existing: bool) -> Prepared {
        Prepared {
            query,
            text: None,
            sites: Vec::new(),
            fields: Vec::new(),
            populate_existing,
            width: 0,
            aliases: 0,
            joins_collection: false,
        }
    }

    /// Counts columns that were put out before any site.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.width += columns;
    }

    /// Adds a site whose columns the query puts out next.
    pub(crate) fn add_site(&mut self, mapper: &'static Mapper, source: Source, optional: bool, plan: Plan) {
        let columns = Columns::From(self.width);
        self.sites.push(Site { mapper, source, columns, optional, owner: None, plan });
        self.width += mapper.all_columns.len();
    }

    pub(super) fn check_options(&self, loads: &[RequestedLoad]) -> Result<()> {
        let is_selected = |load: &&RequestedLoad| self.sites.iter().any(|site| site.mapper.id == load.mapper.id);
        match loads.iter().find(|load| !is_selected(load)) {
            None => Ok(()),
            Some(load) => {
                let name = load.mapper.name();
                let relationship = load.mapper.relationship(load.load.relationship).name();
                Err(Error::configuration(format!(
                    "an option says how to load {name}::{relationship}, but the query does not select {name}"
                ))
                .with_model(name))
            }
        }
    }

    /// Joins what the plans of the selected sites want joined.
    pub(crate) fn expand(&mut self) {
        for index in 0..self.sites.len() {
            let plan = std::mem::take(&mut self.sites[index].plan);
            self.join_steps(index, &plan);
            self.sites[index].plan = plan;
        }
    }

    fn join_steps(&mut self, owner: usize, plan: &Plan) {
        for step in plan.steps.iter().filter(|step| step.how == How::Joined) {
            let is_limited = step.subset.as_ref().is_some_and(|subset| subset.limit.is_some());
            if self.can_join(step.relationship) && !is_limited {
                self.join_step(owner, step);
            }
        }
    }

    /// Joined rows must not change which rows the query finds: not where it groups them, and a
    /// collection not where it counts or limits them either. A second collection would multiply
    /// with the first. What is not joined here is loaded after the query.
    fn can_join(&self, relationship: &Relationship) -> bool {
        if self.query.is_aggregated() {
            return false;
        }
        let counts =
            self.query.is_limited() || self.fields.iter().any(|field| !matches!(field, FieldColumn::Entity(_)));
        !relationship.is_collection() || !(self.joins_collection || counts)
    }

    fn join_step(&mut self, owner: usize, step: &Step) {
        let relationship = step.relationship;
        let mapper = relationship.target();
        self.aliases += 1;
        let source = Source::of(mapper).aliased(self.aliases);
        let required = relationship.direction == Direction::ManyToOne && !relationship.nullable;
        let subset = step.subset.as_deref();
        let filter = subset.and_then(|subset| subset.filter.as_ref());
        // A target that is not wanted must not take its owner with it.
        let optional = self.sites[owner].optional || !required || filter.is_some();
        let kind = if optional { JoinKind::Left } else { JoinKind::Inner };
        relate(&mut self.query, kind, relationship, self.sites[owner].source, source);
        if let (Some(filter), Some(join)) = (filter, self.query.joins.last_mut()) {
            join.on = Some(Node::and(join.on.take(), filter.with_source(Source::of(mapper), source)));
        }
        self.query.outputs.push(Output::Entity(source));
        if relationship.is_collection() {
            self.joins_collection = true;
            self.query.order_by.extend(match subset {
                Some(subset) if !subset.order_by.is_empty() => moved(&subset.order_by, Source::of(mapper), source),
                _ => order(relationship, source),
            });
        }
        self.add_site(mapper, source, optional, step.then.clone());
        let site = self.sites.len() - 1;
        self.sites[site].owner = Some((owner, relationship));
        self.join_steps(site, &step.then);
    }

    /// Nothing is loaded with the rows.
    pub(crate) fn forget_plans(&mut self) {
        self.sites.iter_mut().for_each(|site| site.plan = Plan::default());
    }

    /// Where the entities of a source are.
    pub(crate) fn site_of(&self, source: Source) -> Option<usize> {
        self.sites.iter().position(|site| site.source == source)
    }

    /// The tables that the query and everything loaded with it read; `None` for a text, which may
    /// read any.
    pub(crate) fn tables(&self) -> Option<Vec<&'static str>> {
        if self.text.is_some() {
            return None;
        }
        let mut tables = Vec::new();
        self.query.tables(&mut tables);
        for site in &self.sites {
            site.plan.tables(&mut tables);
        }
        Some(tables)
    }

    /// What is to be sent, and what that does to the rows that it meets.
    pub(crate) fn statement(
        &self,
        engine: &Engine,
        entities: &dyn EntityValues,
    ) -> Result<(Statement<'static>, Access)> {
        if let Some(text) = &self.text {
            return Ok((text.statement.clone(), text.access));
        }
        let rendered = render(&self.query, engine.dialect(), &engine.capabilities(), entities)?;
        // Where rows cannot be locked a transaction locks all others out.
        let access = if self.query.lock.is_some() { Access::Lock } else { Access::Read };
        Ok((rendered.into_statement(), access))
    }
}

/// The order of a collection.
pub(crate) fn order(relationship: &Relationship, source: Source) -> Vec<Term> {
    let Some(mapper) = source.mapper else { return Vec::new() };
    let term = |order: &crate::model::OrderDef| Term {
        node: std::sync::Arc::new(source.column(mapper.column(order.column)).node()),
        sql_type: mapper.column(order.column).sql_type,
        descending: order.descending,
        nulls_first: None,
    };
    relationship.def.order_by.iter().map(term).collect()
}

fn moved(terms: &[Term], from: Source, to: Source) -> Vec<Term> {
    terms.iter().map(|term| Term { node: term.node.with_source(from, to), ..term.clone() }).collect()
}

pub(super) fn given(loads: &[RequestedLoad], mapper: &Mapper) -> Vec<Load> {
    loads.iter().filter(|load| load.mapper.id == mapper.id).map(|load| load.load.clone()).collect()
}
