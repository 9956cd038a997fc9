//! [`Prepared`]: a query with everything joined to it that its plan wants joined.

use super::plan::{How, Plan, Step};
use crate::error::{Error, Result};
use crate::identity::Load;
use crate::mapping::{Direction, Mapper, Relationship};
use crate::query::{FieldColumn, Item, Request, RequestedLoad, relate};
use crate::sql::ast::{JoinKind, Output, Query, Source};
use crate::sql::node::{Node, Term};

/// A query that is ready to be rendered, and where its result has what.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) query: Query,
    /// The entities in a row: first the selected ones, then the joined ones, each after its owner.
    pub(crate) sites: Vec<Site>,
    /// The selected items, in order.
    pub(crate) fields: Vec<Field>,
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
    /// The first of its columns.
    pub(crate) offset: usize,
    /// Whether a row may lack it.
    optional: bool,
    /// The site that it is joined to, and over which relationship.
    pub(crate) owner: Option<(usize, &'static Relationship)>,
    /// What is to be loaded from here on; only for selected sites.
    pub(crate) plan: Plan,
}

/// A selected item.
#[derive(Debug)]
pub(crate) enum Field {
    Site(usize),
    Value(FieldColumn),
}

impl Prepared {
    pub(crate) fn new(request: Request) -> Result<Prepared> {
        let Request { query, items, loads, populate_existing, .. } = request;
        let mut prepared = Prepared::bare(query, populate_existing);
        prepared.select(items, &loads)?;
        prepared.check_options(&loads)?;
        prepared.expand();
        Ok(prepared)
    }

    /// What a statement that writes gives back. Nothing can be joined to it.
    pub(crate) fn returned(items: Vec<Item>) -> Result<Prepared> {
        let mut prepared = Prepared::bare(Query::default(), false);
        prepared.select(items, &[])?;
        Ok(prepared)
    }

    fn select(&mut self, items: Vec<Item>, loads: &[RequestedLoad]) -> Result<()> {
        for item in items {
            match item {
                Item::Value(sql_type) => {
                    self.fields.push(Field::Value(FieldColumn::Value { offset: self.width, sql_type }));
                    self.width += 1;
                }
                Item::Owned(source) => {
                    self.fields.push(Field::Value(FieldColumn::Owned { offset: self.width }));
                    self.width += source.mapper.map_or(0, |mapper| mapper.all_columns.len());
                }
                Item::Entity { source, optional } => {
                    if let Some(mapper) = source.mapper {
                        let plan = Plan::new(mapper, &given(loads, mapper))?;
                        self.fields.push(Field::Site(self.sites.len()));
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
        self.sites.push(Site { mapper, source, offset: self.width, optional, owner: None, plan });
        self.width += mapper.all_columns.len();
    }

    fn check_options(&self, loads: &[RequestedLoad]) -> Result<()> {
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
        let counts = self.query.is_limited() || self.fields.iter().any(|field| matches!(field, Field::Value(_)));
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
        self.add_site(mapper, source, optional, Plan::default());
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

    /// Adds the tables that the query and everything loaded with it read.
    pub(crate) fn tables(&self) -> Vec<&'static str> {
        let mut tables = Vec::new();
        self.query.tables(&mut tables);
        for site in &self.sites {
            site.plan.tables(&mut tables);
        }
        tables
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

fn given(loads: &[RequestedLoad], mapper: &Mapper) -> Vec<Load> {
    loads.iter().filter(|load| load.mapper.id == mapper.id).map(|load| load.load.clone()).collect()
}
