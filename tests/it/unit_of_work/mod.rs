//! The unit of work: what a session promises, and the cases that SQLAlchemy's own tests ask for, each
//! under the name that it has there.

mod cascades;
mod changes;
mod cycles;
mod deleting;
mod keys;
mod links;
mod order;
mod row_switch;
mod versions;
