//! Writing what changed.

use futures::future::BoxFuture;

use super::Session;
use crate::error::{Error, Result};
use crate::identity::Lifecycle;
use crate::loading;
use crate::mapping::Direction;
use crate::unit_of_work::{self, Counts, Deletion, FlushPlan, Plan};

/// What a flush did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlushOutcome {
    /// Statements sent, without the SELECTs that deletes needed.
    pub statements: usize,
    /// Rows inserted.
    pub inserted: usize,
    /// Rows updated.
    pub updated: usize,
    /// Rows deleted.
    pub deleted: usize,
}

impl From<Counts> for FlushOutcome {
    fn from(counts: Counts) -> Self {
        let Counts { statements, inserted, updated, deleted } = counts;
        FlushOutcome { statements, inserted, updated, deleted }
    }
}

impl Session {
    /// Writes what changed since the last flush, in the order that the rows need, in as few
    /// statements as there are shapes of rows. Nothing changed: nothing is sent. Deletes first load
    /// what their cascades have to know.
    ///
    /// # Errors
    /// If the database refuses a statement, the transaction (or the innermost savepoint) is rolled
    /// back there, and the session refuses everything but [`rollback`](Session::rollback), which
    /// takes memory back too.
    pub async fn flush(&mut self) -> Result<FlushOutcome> {
        self.transaction.check()?;
        self.store.settle();
        if !self.has_changes() {
            return Ok(FlushOutcome::default());
        }
        self.transaction.begin_step()?;
        match self.write().await {
            Ok(counts) => {
                self.transaction.finish_step();
                Ok(counts.into())
            }
            Err(error) => Err(self.transaction.fail_step(error).await),
        }
    }

    /// What a flush would do now, as a value: ordered statements with their rows and reasons.
    /// Loads what deletes have to know; writes nothing. A flush right after it executes exactly
    /// this plan.
    ///
    /// # Errors
    /// What a flush would find wrong before sending anything.
    pub async fn plan(&mut self) -> Result<FlushPlan> {
        self.transaction.check()?;
        self.store.settle();
        let plan = self.make_plan().await?;
        Ok(unit_of_work::describe_plan(&self.store, &plan))
    }

    /// Boxed, as the other futures of the untyped core are: what calls it stays small.
    fn write(&mut self) -> BoxFuture<'_, Result<Counts>> {
        Box::pin(async move {
            let plan = self.make_plan().await?;
            let counts = unit_of_work::emit(&mut self.store, &mut self.transaction, &plan).await?;
            unit_of_work::finalize(&mut self.store, plan);
            Ok(counts)
        })
    }

    async fn make_plan(&mut self) -> Result<Plan> {
        if let Some(problem) = self.store.problems.first() {
            return Err(problem.clone());
        }
        for set in self.store.sets() {
            set.mapper.verify()?;
        }
        self.transaction.engine().learn().await?;
        self.learn_overwritten().await?;
        let deletion = self.learn_deletion().await?;
        unit_of_work::make_plan(&self.store, &deletion, self.transaction.engine())
    }

    /// Follows the cascades of deletes, loading level by level what is not loaded.
    async fn learn_deletion(&mut self) -> Result<Deletion> {
        let mut deletion = unit_of_work::deletion(&self.store);
        while !deletion.missing.is_empty() {
            for missing in &deletion.missing {
                loading::load_for_flush(&mut self.store, &mut self.transaction, missing.relationship, &missing.owners)
                    .await
                    .map_err(|error| error.context("loading what a delete has to know"))?;
            }
            deletion.resume(&self.store);
        }
        Ok(deletion)
    }

    /// Collections that were replaced without being loaded, and targets that were exchanged likewise:
    /// what the database has leaves now. An entry stays on the list until it has been dealt with,
    /// because the future may be dropped on the way.
    async fn learn_overwritten(&mut self) -> Result<()> {
        while let Some(last) = self.store.overwritten.len().checked_sub(1) {
            let (owner, index) = self.store.overwritten[last];
            if self.store.is_alive(owner) && self.store.lifecycle(owner) == Lifecycle::Persistent {
                let relationship = self.store.mapper(owner).relationship(index);
                let (store, transaction) = (&mut self.store, &mut self.transaction);
                if relationship.direction == Direction::ManyToOne {
                    if let Some(old) = loading::stored_target(store, transaction, relationship, owner).await? {
                        store.leave_target(owner, relationship, old);
                    }
                } else {
                    let old = loading::stored_members(store, transaction, relationship, owner).await?;
                    store.leave_overwritten(owner, relationship, &old);
                }
            }
            // By its place, because what left may have put others on the list.
            self.store.overwritten.remove(last);
        }
        Ok(())
    }

    /// Whether a flush may have something to write.
    pub(crate) fn has_changes(&self) -> bool {
        let store = &self.store;
        !(store.pending.is_empty()
            && store.touched.is_empty()
            && store.marked.is_empty()
            && store.relinked.is_empty()
            && store.orphans.is_empty()
            && store.overwritten.is_empty()
            && store.problems.is_empty())
    }

    /// Before a query or a statement: writes the pending changes if they touch a table that it reads or
    /// writes. `None` stands for any table.
    pub(crate) async fn autoflush(&mut self, tables: Option<&[&str]>) -> Result<()> {
        self.transaction.check()?;
        self.store.settle();
        let touched = tables.is_none_or(|tables| self.store.changes_touch(tables));
        if self.autoflush && self.has_changes() && touched {
            self.flush().await.map_err(|error: Error| {
                error.context(
                    "autoflush before a query or statement (it is about tables with pending changes; `no_autoflush` \
                     runs it without)",
                )
            })?;
        }
        Ok(())
    }
}
