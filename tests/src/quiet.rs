//! Waiting until nobody is at work, and asking the database whether it sees it so too.

use std::time::{Duration, Instant};

use retro_core::{Dialect, Engine};

use crate::Db;

/// A database that is not quiet after this has something left open.
const PATIENCE: Duration = Duration::from_secs(10);

impl Db {
    /// Waits until every connection of an engine is back in its pool, and until the database knows of
    /// no transaction that is open, whoever began it.
    ///
    /// # Panics
    /// If that does not come to pass.
    pub async fn quiet(&self, engine: &Engine) {
        let started = Instant::now();
        loop {
            let status = engine.status();
            let open = self.open_transactions().await;
            if status.idle == status.size && open.is_empty() {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{status:?}, and open transactions: {open:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The transactions that are open in this database, as the database sees it.
    async fn open_transactions(&self) -> Vec<String> {
        match self.engine.dialect() {
            // The one connection of a database in memory is idle, and the next write shows how it is.
            Dialect::Sqlite if self.url().contains(":memory:") => Vec::new(),
            Dialect::Sqlite => {
                self.execute("BEGIN IMMEDIATE; ROLLBACK").await;
                Vec::new()
            }
            Dialect::Postgres => {
                let busy = "SELECT pid || ' ' || state || ': ' || query FROM pg_stat_activity \
                            WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
                self.rows(busy).await
            }
            // The table INNODB_TRX shows what it showed before to whoever asks often.
            Dialect::MySql => {
                let threads = "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = DATABASE()";
                let threads = self.rows(threads).await;
                let status = self.rows("SHOW ENGINE INNODB STATUS").await.join("\n");
                let of_this_database =
                    |report: &&str| threads.iter().any(|thread| report.contains(&format!("thread id {thread},")));
                let transactions = status.split("---TRANSACTION ").skip(1);
                let active = transactions.filter(|report| report.contains(", ACTIVE")).filter(of_this_database);
                active.map(str::to_owned).collect()
            }
            other => panic!("no way is known to ask {other} for its transactions"),
        }
    }
}
