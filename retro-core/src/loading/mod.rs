//! stub, replaced by the query branch
use crate::error::Result;
use crate::identity::{IdentityKey, Store};
use crate::mapping::{Mapper, Relationship};
use crate::model::{EntityId, EntityRef};
use crate::transaction::Transaction;
pub(crate) async fn load_for_flush(_: &mut Store, _: &mut Transaction, _: &'static Relationship, _: &[EntityId]) -> Result<()> { Ok(()) }
pub(crate) async fn stored_members(_: &mut Store, _: &mut Transaction, _: &'static Relationship, _: EntityId) -> Result<Vec<EntityRef>> { Ok(vec![]) }
pub(crate) async fn reload(_: &mut Store, _: &mut Transaction, _: &[EntityId]) -> Result<()> { Ok(()) }
pub(crate) async fn by_key(_: &mut Store, _: &mut Transaction, _: &'static Mapper, _: &IdentityKey) -> Result<Option<EntityRef>> { Ok(None) }
