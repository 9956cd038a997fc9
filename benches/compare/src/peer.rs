//! A peer and its methods, one for each job.

use async_trait::async_trait;

use crate::Result;
use crate::job::Job;
use crate::measure::{Measure, Turn};

/// What the job took; nothing where a peer doesn't do it.
pub(crate) type Took = Result<Option<Measure>>;

#[async_trait(?Send)]
pub(crate) trait Peer {
    fn name(&self) -> &'static str;

    async fn insert(&mut self, _rows: usize) -> Took {
        Ok(None)
    }

    async fn insert_graph(&mut self) -> Took {
        Ok(None)
    }

    async fn load(&mut self, _rows: usize) -> Took {
        Ok(None)
    }

    async fn load_graph(&mut self) -> Took {
        Ok(None)
    }

    async fn update(&mut self) -> Took {
        Ok(None)
    }

    async fn delete_graph(&mut self) -> Took {
        Ok(None)
    }

    async fn get(&mut self, _keys: &[i64]) -> Took {
        Ok(None)
    }

    async fn short(&mut self, _keys: &[i64]) -> Took {
        Ok(None)
    }

    async fn lazy_loop(&mut self) -> Took {
        Ok(None)
    }

    /// Of the keys of the orders.
    async fn built(&mut self, _keys: &[i64]) -> Took {
        Ok(None)
    }

    async fn run(&mut self, job: Job, keys: &[i64]) -> Took {
        match job {
            Job::Insert(rows) => self.insert(rows).await,
            Job::InsertGraph => self.insert_graph().await,
            Job::Load(rows) => self.load(rows).await,
            Job::LoadGraph => self.load_graph().await,
            Job::Update => self.update().await,
            Job::DeleteGraph => self.delete_graph().await,
            Job::Get => self.get(keys).await,
            Job::Short => self.short(keys).await,
            Job::LazyLoop => self.lazy_loop().await,
            Job::Built => self.built(keys).await,
        }
    }
}

/// What it took since it was `started`.
pub(crate) fn took(started: Turn) -> Took {
    Ok(Some(started.stop()))
}
