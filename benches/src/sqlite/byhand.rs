//! The jobs as somebody writes them who knows rusqlite: prepared statements, run again and again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Row, params};

use super::{CHANGED, DELETED, GETS, Job, KEYS, LINES, ORDERS, PRODUCTS, TRANSACTIONS, open, prepare};
use crate::Result;
use crate::item::{Item, item};

const SELECT: &str = "SELECT id, name, year, price, note, stock FROM bench_items";
const SELECT_ONE: &str = "SELECT id, name, year, price, note, stock FROM bench_items WHERE id = ?";

pub(super) struct ByHand(RefCell<Connection>);

#[allow(dead_code)] // they are loaded, and that is the job
struct Ware {
    id: i64,
    name: String,
    price: f64,
}

#[allow(dead_code)] // as above
struct Buyer {
    id: i64,
    name: String,
    city: String,
}

#[allow(dead_code)] // as above
struct Line {
    id: i64,
    purchase_id: i64,
    ware: usize,
    quantity: i32,
    price: f64,
}

#[allow(dead_code)] // as above
struct Purchase {
    id: i64,
    number: i64,
    buyer: usize,
    lines: Vec<Line>,
}

impl ByHand {
    pub(super) fn connect(file: &Path) -> Result<ByHand> {
        Ok(ByHand(RefCell::new(open(file)?)))
    }

    pub(super) fn run(&self, job: Job) -> Result<Duration> {
        let connection = &mut *self.0.borrow_mut();
        prepare(job, connection)?;
        let mut items: Vec<Item> = match job {
            Job::Insert(rows) => (0..rows).map(item).collect(),
            Job::Update => load(connection)?,
            _ => Vec::new(),
        };
        let keys = keys(job, connection)?;
        let started = Instant::now();
        match job {
            Job::Insert(_) => {
                let transaction = connection.transaction()?;
                insert_items(&transaction, &mut items)?;
                transaction.commit()?;
            }
            Job::InsertGraph => {
                let transaction = connection.transaction()?;
                insert_graph(&transaction, ORDERS)?;
                transaction.commit()?;
            }
            Job::Load(rows) => assert_eq!(black_box(load(connection)?).len(), rows),
            Job::LoadGraph => assert_eq!(black_box(load_graph(connection)?).0.len(), ORDERS),
            Job::Update => {
                let transaction = connection.transaction()?;
                let mut update = transaction.prepare_cached("UPDATE bench_items SET price = ? WHERE id = ?")?;
                for item in items.iter_mut().step_by(10_000 / CHANGED) {
                    item.price += 1.0;
                    update.execute((item.price, item.id))?;
                }
                drop(update);
                transaction.commit()?;
            }
            Job::DeleteGraph => delete_graph(connection)?,
            Job::Get => {
                for n in 0..GETS {
                    let mut select = connection.prepare_cached(SELECT_ONE)?;
                    black_box(select.query_row([keys[n * 7 % KEYS]], read)?);
                }
            }
            Job::Short => {
                for n in 0..TRANSACTIONS {
                    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
                    let mut item = transaction.prepare_cached(SELECT_ONE)?.query_row([keys[n % KEYS]], read)?;
                    item.stock += 1;
                    let mut update = transaction.prepare_cached("UPDATE bench_items SET stock = ? WHERE id = ?")?;
                    update.execute((item.stock, item.id))?;
                    drop(update);
                    transaction.commit()?;
                }
            }
        }
        Ok(started.elapsed())
    }
}

pub(super) fn keys(job: Job, connection: &Connection) -> Result<Vec<i64>> {
    if !matches!(job, Job::Get | Job::Short) {
        return Ok(Vec::new());
    }
    let mut select = connection.prepare("SELECT id FROM bench_items ORDER BY id")?;
    let keys = select.query_map([], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        name: row.get(1)?,
        year: row.get(2)?,
        price: row.get(3)?,
        note: row.get(4)?,
        stock: row.get(5)?,
    })
}

pub(super) fn insert_items(connection: &Connection, items: &mut [Item]) -> Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT INTO bench_items (name, year, price, note, stock) VALUES (?, ?, ?, ?, ?)")?;
    for item in items {
        insert.execute(params![item.name, item.year, item.price, item.note, item.stock])?;
        item.id = connection.last_insert_rowid();
    }
    Ok(())
}

fn load(connection: &Connection) -> Result<Vec<Item>> {
    let mut select = connection.prepare_cached(SELECT)?;
    let items = select.query_map([], read)?;
    Ok(items.collect::<Result<_, _>>()?)
}

pub(super) fn insert_graph(connection: &Connection, orders: usize) -> Result<()> {
    let mut buyer = connection.prepare_cached("INSERT INTO bench_buyers (name, city) VALUES (?, ?)")?;
    let mut purchase = connection.prepare_cached("INSERT INTO bench_purchases (number, buyer_id) VALUES (?, ?)")?;
    let insert = "INSERT INTO bench_lines (purchase_id, ware_id, quantity, price) VALUES (?, ?, ?, ?)";
    let mut line = connection.prepare_cached(insert)?;
    let mut select = connection.prepare_cached("SELECT id FROM bench_wares ORDER BY id")?;
    let wares: Vec<i64> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for n in 0..orders {
        buyer.execute((format!("Buyer {n}"), format!("City {}", n % 50)))?;
        purchase.execute((n as i64, connection.last_insert_rowid()))?;
        let id = connection.last_insert_rowid();
        for k in 0..LINES {
            line.execute((id, wares[(n * LINES + k) % PRODUCTS], k as i32 + 1, n as f64 / 4.0))?;
        }
    }
    Ok(())
}

type Graph = (Vec<Purchase>, Vec<Buyer>, Vec<Ware>);

fn load_graph(connection: &Connection) -> Result<Graph> {
    let mut select = connection.prepare_cached("SELECT id, name, price FROM bench_wares")?;
    let wares = select.query_map([], |row| Ok(Ware { id: row.get(0)?, name: row.get(1)?, price: row.get(2)? }))?;
    let wares: Vec<Ware> = wares.collect::<Result<_, _>>()?;
    let ware_of: HashMap<i64, usize> = wares.iter().enumerate().map(|(n, ware)| (ware.id, n)).collect();
    let mut select = connection.prepare_cached("SELECT id, name, city FROM bench_buyers")?;
    let buyers = select.query_map([], |row| Ok(Buyer { id: row.get(0)?, name: row.get(1)?, city: row.get(2)? }))?;
    let buyers: Vec<Buyer> = buyers.collect::<Result<_, _>>()?;
    let buyer_of: HashMap<i64, usize> = buyers.iter().enumerate().map(|(n, buyer)| (buyer.id, n)).collect();
    let mut select = connection.prepare_cached("SELECT id, number, buyer_id FROM bench_purchases")?;
    let purchases = select.query_map([], |row| {
        let buyer: i64 = row.get(2)?;
        Ok(Purchase { id: row.get(0)?, number: row.get(1)?, buyer: buyer_of[&buyer], lines: Vec::new() })
    })?;
    let mut purchases: Vec<Purchase> = purchases.collect::<Result<_, _>>()?;
    let place: HashMap<i64, usize> = purchases.iter().enumerate().map(|(n, purchase)| (purchase.id, n)).collect();
    let mut select = connection.prepare_cached("SELECT id, purchase_id, ware_id, quantity, price FROM bench_lines")?;
    let mut lines = select.query([])?;
    while let Some(row) = lines.next()? {
        let (purchase_id, ware): (i64, i64) = (row.get(1)?, row.get(2)?);
        let line =
            Line { id: row.get(0)?, purchase_id, ware: ware_of[&ware], quantity: row.get(3)?, price: row.get(4)? };
        purchases[place[&purchase_id]].lines.push(line);
    }
    Ok((purchases, buyers, wares))
}

fn delete_graph(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    let mut select = transaction.prepare_cached("SELECT id FROM bench_purchases ORDER BY id LIMIT ?")?;
    let orders: Vec<i64> = select.query_map([DELETED as i64], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut lines = transaction.prepare_cached("DELETE FROM bench_lines WHERE purchase_id = ?")?;
    let mut purchase = transaction.prepare_cached("DELETE FROM bench_purchases WHERE id = ?")?;
    for order in orders {
        lines.execute([order])?;
        purchase.execute([order])?;
    }
    drop((select, lines, purchase));
    Ok(transaction.commit()?)
}
