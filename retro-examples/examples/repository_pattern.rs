//! The repository and unit-of-work patterns: the session is the unit of work, a repository a few
//! named questions to it.
//!
//! `cargo run -p retro-examples --example repository_pattern [URL]`
//!
//! The database is one in memory; in one that a URL names, tables with these names are dropped first.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "bank_accounts", check(solvent, "balance >= 0"))]
struct Account {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64, unique)]
    owner: String,
    balance: i64,
    /// Counts the changes: two transfers that have read the same balance cannot both write it.
    #[retro(version)]
    version: i32,
}

/// The accounts. Borrows the unit of work, so that several repositories take part in one, one after
/// the other; it never commits.
struct Accounts<'s> {
    session: &'s mut Session,
}

impl Accounts<'_> {
    fn open(&mut self, owner: &str, balance: i64) -> Entity<Account> {
        self.session.add(new!(Account { owner, balance }))
    }

    /// # Errors
    /// `is_not_found` if nobody of the name has an account.
    async fn of(&mut self, owner: &str) -> Result<Entity<Account>, Error> {
        self.session.one(select(Account).filter(Account::owner.eq(owner))).await
    }

    async fn total(&mut self) -> Result<i64, Error> {
        self.session.one(select(sum(Account::balance))).await
    }
}

/// The application's service: it says what belongs together, and leaves to its caller when that is
/// committed.
async fn transfer(session: &mut Session, from: &str, to: &str, amount: i64) -> Result<(), Error> {
    let mut accounts = Accounts { session };
    let (from, to) = (accounts.of(from).await?, accounts.of(to).await?);
    session[from].balance -= amount;
    session[to].balance += amount;
    session.flush().await?;
    Ok(())
}

async fn opened(url: &str) -> Result<Engine, Error> {
    let engine = Engine::connect(url).await?;
    metadata![Account].drop_all(&engine).await?;
    metadata![Account].create_all(&engine).await?;
    engine
        .transaction(async |session| {
            let mut accounts = Accounts { session };
            accounts.open("Ada", 100);
            accounts.open("Grace", 50);
            Ok::<_, Error>(())
        })
        .await?;
    Ok(engine)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    let engine = opened(&url).await?;
    for amount in [30, 500] {
        match engine.transaction(async |session| transfer(session, "Ada", "Grace", amount).await).await {
            Ok(()) => println!("{amount} transferred"),
            Err(error) if error.is_check_violation() => println!("{amount} is more than Ada has"),
            Err(error) => return Err(error),
        }
    }
    let mut session = Session::new(&engine);
    println!("{} in all accounts", Accounts { session: &mut session }.total().await?);
    Ok(())
}

/// A test that leaves nothing behind: its session is rolled back.
#[tokio::test]
async fn a_transfer_moves_money() -> Result<(), Error> {
    let engine = opened("sqlite::memory:").await?;
    let mut session = Session::new(&engine);
    transfer(&mut session, "Ada", "Grace", 30).await?;
    let ada = Accounts { session: &mut session }.of("Ada").await?;
    assert_eq!(session[ada].balance, 70);
    assert_eq!(Accounts { session: &mut session }.total().await?, 150);

    session.rollback().await?;
    let ada = Accounts { session: &mut session }.of("Ada").await?;
    assert_eq!(session[ada].balance, 100);
    Ok(())
}

#[tokio::test]
async fn a_transfer_that_fails_moves_nothing() -> Result<(), Error> {
    let engine = opened("sqlite::memory:").await?;
    let failed = engine.transaction(async |session| transfer(session, "Ada", "Grace", 500).await).await;
    assert!(failed.is_err_and(|error| error.is_check_violation()));
    let balances = Session::new(&engine).all(select(Account::balance).order_by(Account::owner)).await?;
    assert_eq!(balances, [100, 50]);
    Ok(())
}
