//! The jobs as programs on retro do them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use retro_core::prelude::*;
use retro_examples::import::{StoreFile, import};
use retro_examples::models::Order;
use retro_examples::stats::Statements;

use crate::Result;
use crate::input::{CHANGED, DELETED, ITEMS, Input, Job};
use crate::item::{Item, item};

/// An engine that counts its statements.
pub(crate) struct Retro {
    pub(crate) engine: Engine,
    statements: Arc<Statements>,
}

impl Retro {
    pub(crate) async fn connect(url: &str) -> Result<Retro> {
        let statements = Arc::new(Statements::default());
        let engine = Engine::builder(url).observe(statements.clone()).connect().await?;
        Ok(Retro { engine, statements })
    }

    /// Does a job; how long it took, and how many statements it sent.
    pub(crate) async fn run(&self, job: Job, input: &Input) -> Result<(Duration, u64)> {
        let mut session = Session::new(&self.engine);
        let elapsed = match job {
            Job::Insert => {
                let items: Vec<Item> = (0..ITEMS).map(item).collect();
                let started = self.start();
                session.add_all(items);
                session.commit().await?;
                started.elapsed()
            }
            Job::Load => {
                let started = self.start();
                let items = session.all(select(Item)).await?;
                assert_eq!(items.len(), ITEMS);
                started.elapsed()
            }
            Job::Import => {
                let started = self.start();
                import(&self.engine, &input.data(), StoreFile::Orders, &indicatif::ProgressBar::hidden()).await?;
                started.elapsed()
            }
            Job::Update => {
                let items = session.all(select(Item)).await?;
                let started = self.start();
                for &item in items.iter().step_by(ITEMS / CHANGED) {
                    session[item].price += 1.0;
                }
                session.commit().await?;
                started.elapsed()
            }
            Job::Delete => {
                let started = self.start();
                for order in session.all(select(Order).order_by(Order::timestamp).limit(DELETED as u64)).await? {
                    session.delete(order);
                }
                session.commit().await?;
                started.elapsed()
            }
        };
        Ok((elapsed, self.statements.total().count))
    }

    fn start(&self) -> Instant {
        self.statements.reset();
        Instant::now()
    }
}
