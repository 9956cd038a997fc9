//! The unit of work: what a session promises, and the cases that SQLAlchemy's own tests ask for, each
//! under the name that it has there.
//!
//! Left out because they have no equal here: columns set to SQL expressions (`ClauseAttributesTest`),
//! types that evaluate NULL (`NullEvaluatingTest`), keys that cannot be compared or hold NULL
//! (`EnsurePKSortableTest`, `PartialNullPKTest`: key columns are ordered types and never `Option`),
//! relationships without save-update (`NoSaveCascadeFlushTest`: a struct in a relationship field has
//! moved into the session), the same member twice (`test_append_del`: collections are sets), and
//! natural keys whose children the session itself updates (`test_onetomany_nonpassive`: ON UPDATE
//! CASCADE does that). Hooks and inheritance have their tests with them when they come.

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
mod merging;
mod order;
mod plan;
mod random_links;
mod row_switch;
mod sending;
mod states;
mod transactions;
mod versions;
