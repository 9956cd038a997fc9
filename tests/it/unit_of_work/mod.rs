//! The unit of work: what a session promises, and the cases that SQLAlchemy's own tests ask for, each
//! under the name that it has there.

mod cascades;
mod changes;
mod cycles;
mod deleting;
mod expiring;
mod keys;
mod links;
mod merging;
mod order;
mod row_switch;
mod states;
mod transactions;
mod versions;
