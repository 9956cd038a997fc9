//! Stock prices: aggregates for each share, and window functions over its days.
//!
//! `cargo run -p retro-examples --example stock_prices [URL]`
//!
//! The database is one in memory; in one that a URL names, tables with these names are dropped first.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "stock_prices")]
struct Price {
    #[retro(primary_key, length = 8)]
    symbol: String,
    #[retro(primary_key)]
    day: NaiveDate,
    close: f64,
}

/// A share's lowest, highest and average price.
type Summary = (String, Option<f64>, Option<f64>, Option<f64>);

fn summary() -> Select<Summary> {
    select((Price::symbol, min(Price::close), max(Price::close), avg(Price::close)))
        .group_by(Price::symbol)
        .order_by(Price::symbol)
}

/// Each day's price with that of the day before, which the first has none of.
fn with_the_day_before(symbol: &str) -> Select<(NaiveDate, f64, Option<f64>)> {
    let before = lag(Price::close, 1).over(window().partition_by(Price::symbol).order_by(Price::day));
    select((Price::day, Price::close, before)).filter(Price::symbol.eq(symbol)).order_by(Price::day)
}

/// The shares' best days: the place of each day among those of its share.
fn places() -> Select<(String, NaiveDate, i64)> {
    let place = rank().over(window().partition_by(Price::symbol).order_by(Price::close.desc()));
    select((Price::symbol, Price::day, place)).order_by((Price::symbol, Price::day))
}

async fn run(engine: &Engine) -> Result<Vec<String>, Error> {
    metadata![Price].drop_all(engine).await?;
    metadata![Price].create_all(engine).await?;
    let mut session = Session::new(engine);
    let days = NaiveDate::from_ymd_opt(1984, 1, 23).into_iter().flat_map(|first| first.iter_days().take(3));
    let closes = [("AAPL", [26.0, 30.0, 28.0]), ("CBM", [40.0, 38.0, 39.0])];
    let rows = closes.iter().flat_map(|(symbol, closes)| {
        days.clone().zip(closes).map(|(day, &close)| new!(Price { symbol: *symbol, day, close }))
    });
    // No entities are wanted of these: one INSERT for all.
    session.execute(insert(Price).values(rows)).await?;
    session.commit().await?;

    let mut lines = Vec::new();
    for (symbol, low, high, average) in session.all(summary()).await? {
        let [low, high, average] = [low, high, average].map(Option::unwrap_or_default);
        lines.push(format!("{symbol}: {low:.2} to {high:.2}, {average:.2} on average"));
    }
    for (day, close, before) in session.all(with_the_day_before("AAPL")).await? {
        let change = before.map_or("-".into(), |before| format!("{:+.2}", close - before));
        lines.push(format!("AAPL {day} {close:.2} {change}"));
    }
    for (symbol, day, place) in session.all(places()).await? {
        if place == 1 {
            lines.push(format!("{symbol} was at its best on {day}"));
        }
    }
    Ok(lines)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    for line in run(&Engine::connect(&url).await?).await? {
        println!("{line}");
    }
    Ok(())
}

#[tokio::test]
async fn the_figures_are_right() -> Result<(), Error> {
    let lines = run(&Engine::connect("sqlite::memory:").await?).await?;
    let expected = [
        "AAPL: 26.00 to 30.00, 28.00 on average",
        "CBM: 38.00 to 40.00, 39.00 on average",
        "AAPL 1984-01-23 26.00 -",
        "AAPL 1984-01-24 30.00 +4.00",
        "AAPL 1984-01-25 28.00 -2.00",
        "AAPL was at its best on 1984-01-24",
        "CBM was at its best on 1984-01-23",
    ];
    assert_eq!(lines, expected);
    Ok(())
}
