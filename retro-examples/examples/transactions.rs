//! Users and their orders: the settings of a pool, and what commits and what rolls back.
//!
//! `cargo run -p retro-examples --example transactions [URL]`
//!
//! The database is one in memory; in one that a URL names, tables with these names are dropped first.

use std::time::Duration;

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "shop_users", check(solvent, "balance >= 0"))]
struct User {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64, unique)]
    name: String,
    /// In cents.
    balance: i64,
    #[retro(back_populates = user)]
    orders: HasMany<Order>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "shop_orders")]
struct Order {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64)]
    what: String,
    price: i64,
    #[retro(foreign_key = User::id)]
    user_id: i32,
    #[retro(key = user_id, back_populates = orders)]
    user: BelongsTo<User>,
}

async fn connect(url: &str) -> Result<Engine, Error> {
    Engine::builder(url)
        .max_connections(5)
        .acquire_timeout(Duration::from_secs(3))
        .idle_timeout(Duration::from_secs(10 * 60))
        .pre_ping(true)
        .connect()
        .await
}

/// Takes the price and makes the order: both or nothing. The user's row is locked, so that nobody
/// else changes a balance that was read before it is written. Tried again after a deadlock.
async fn buy(engine: &Engine, name: &str, what: &str, price: i64) -> Result<i64, Error> {
    engine
        .retry(3)
        .transaction(async |session| {
            let user = session.one(select(User).filter(User::name.eq(name)).for_update()).await?;
            session.push(user, User::orders, new!(Order { what, price }));
            session[user].balance -= price;
            session.flush().await?;
            Ok::<_, Error>(session[user].balance)
        })
        .await
}

/// Takes in many orders in one transaction; one that fails takes only itself back, by a savepoint.
async fn take_in(session: &mut Session, user: Entity<User>, orders: &[(&str, i64)]) -> Result<usize, Error> {
    let mut taken = 0;
    for &(what, price) in orders {
        let one = session.nested(async |session| {
            session.push(user, User::orders, new!(Order { what, price }));
            session[user].balance -= price;
            session.flush().await.map(|_| ())
        });
        match one.await {
            Ok(()) => taken += 1,
            Err(error) if error.is_check_violation() => {}
            Err(error) => return Err(error),
        }
    }
    session.commit().await?;
    Ok(taken)
}

async fn run(engine: &Engine) -> Result<Vec<String>, Error> {
    metadata![User, Order].drop_all(engine).await?;
    metadata![User, Order].create_all(engine).await?;
    let mut session = Session::new(engine);
    let ada = session.add(new!(User { name: "Ada", balance: 30_000 }));
    session.commit().await?;

    let mut lines = vec![format!("after a mouse: {}", buy(engine, "Ada", "mouse", 5_000).await?)];
    match buy(engine, "Ada", "Cray-1", 800_000_000).await {
        Err(error) if error.is_check_violation() => lines.push("a Cray-1 is too expensive".into()),
        Err(error) => return Err(error),
        Ok(left) => lines.push(format!("after a Cray-1: {left}")),
    }

    session.refresh(ada).await?;
    let taken = take_in(&mut session, ada, &[("joystick", 2_000), ("PDP-11", 1_000_000), ("cable", 500)]).await?;
    lines.push(format!("{taken} of 3 taken in, {} left", session[ada].balance));
    lines.push(format!("{} orders", session.count(select(Order)).await?));
    Ok(lines)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    for line in run(&connect(&url).await?).await? {
        println!("{line}");
    }
    Ok(())
}

#[tokio::test]
async fn what_fails_leaves_nothing_behind() -> Result<(), Error> {
    let expected = ["after a mouse: 25000", "a Cray-1 is too expensive", "2 of 3 taken in, 22500 left", "3 orders"];
    assert_eq!(run(&connect("sqlite::memory:").await?).await?, expected);
    Ok(())
}
