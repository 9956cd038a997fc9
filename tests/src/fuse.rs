//! [`Fuse`]: triggers that refuse one row of many, or the COMMIT of all of them.

use retro_core::Dialect;

use crate::Db;

/// In the place of a row's number: the COMMIT is refused.
const AT_COMMIT: i32 = -1;

/// Counts the rows that are written to some tables, and refuses one of them as a rule of the database
/// would: the statement that writes it fails.
pub struct Fuse<'d>(&'d Db);

impl<'d> Fuse<'d> {
    /// What a blown fuse says.
    pub const MESSAGE: &'static str = "the fuse has blown";

    /// Puts a fuse into tables. It lets everything pass until it is set.
    pub async fn install(db: &'d Db, tables: &[&str]) -> Fuse<'d> {
        db.execute("CREATE TABLE fuse (passed INTEGER NOT NULL, blows_at INTEGER NOT NULL)").await;
        db.execute("INSERT INTO fuse VALUES (0, 0)").await;
        db.execute("CREATE TABLE fuse_creditors (id INTEGER PRIMARY KEY)").await;
        let deferred = if db.engine.dialect() == Dialect::MySql { "" } else { " DEFERRABLE INITIALLY DEFERRED" };
        let debts = "CREATE TABLE fuse_debts (creditor_id INTEGER REFERENCES fuse_creditors (id)";
        db.execute(&format!("{debts}{deferred})")).await;
        if db.engine.dialect() == Dialect::Postgres {
            db.execute(&postgres_function()).await;
        }
        for table in tables {
            for verb in ["INSERT", "UPDATE", "DELETE"] {
                db.execute(&trigger(db.engine.dialect(), table, verb)).await;
            }
        }
        Fuse(db)
    }

    /// The row of this number will be refused, counted from 1 and from now on; 0 for none.
    pub async fn blows_at(&self, number: i32) {
        self.0.execute(&format!("UPDATE fuse SET passed = 0, blows_at = {number}")).await;
    }

    /// The next COMMIT that wrote a row will be refused, by a foreign key that is not looked at before.
    pub async fn blows_at_commit(&self) {
        self.blows_at(AT_COMMIT).await;
    }
}

fn trigger(dialect: Dialect, table: &str, verb: &str) -> String {
    let trigger = format!("CREATE TRIGGER fuse_{table}_{} BEFORE {verb} ON {table} FOR EACH ROW", verb.to_lowercase());
    let count = "UPDATE fuse SET passed = passed + 1";
    let message = Fuse::MESSAGE;
    match dialect {
        Dialect::Sqlite => format!(
            "{trigger} BEGIN {count}; SELECT RAISE(ABORT, '{message}') FROM fuse WHERE passed = blows_at; \
             INSERT INTO fuse_debts SELECT passed FROM fuse WHERE blows_at = {AT_COMMIT}; END"
        ),
        Dialect::Postgres => format!("{trigger} EXECUTE FUNCTION fuse()"),
        _ => format!(
            "{trigger} BEGIN {count}; IF (SELECT passed = blows_at FROM fuse) \
             THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{message}'; END IF; END"
        ),
    }
}

fn postgres_function() -> String {
    format!(
        "CREATE FUNCTION fuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         UPDATE fuse SET passed = passed + 1; \
         IF EXISTS (SELECT 1 FROM fuse WHERE passed = blows_at) THEN RAISE EXCEPTION '{}'; END IF; \
         INSERT INTO fuse_debts SELECT passed FROM fuse WHERE blows_at = {AT_COMMIT}; \
         IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        Fuse::MESSAGE
    )
}
