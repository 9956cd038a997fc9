//! The unit of work: what a session promises, and the cases that SQLAlchemy's own tests ask for, each
//! under the name that it has there.

mod cascades;
mod changes;
mod deleting;
mod order;
