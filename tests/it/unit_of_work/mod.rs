//! The unit of work: what a session promises, and the cases that SQLAlchemy's own tests ask for, each
//! under the name that it has there. `BEHAVIOURS.md` lists them all, with those that have no equal here.

mod batches;
mod cancelling;
mod cascades;
mod changes;
mod cycles;
mod deleting;
mod errors;
mod expiring;
mod keys;
mod links;
mod member_order;
mod merging;
mod order;
mod plan;
mod random_links;
mod row_switch;
mod sending;
mod states;
mod transactions;
mod versions;
