//! What every peer does, and the data it does it with.

pub(crate) const PRODUCTS: usize = 100;
pub(crate) const ORDERS: usize = 2_000;
pub(crate) const LINES: usize = 3;
pub(crate) const DELETED: usize = 500;
pub(crate) const ITEMS: usize = 10_000;
pub(crate) const CHANGED: usize = 1_000;
pub(crate) const KEYS: usize = 1_000;
pub(crate) const GETS: usize = 10_000;
pub(crate) const TRANSACTIONS: usize = 1_000;
pub(crate) const VISITED: usize = 200;
pub(crate) const QUERIES: usize = 1_000;
/// Of the orders that a built query looks at, of the quantity that it asks for, and of the rows that it takes.
pub(crate) const SPAN: usize = 20;
pub(crate) const LEAST: i32 = 2;
pub(crate) const FIRST: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Insert so many rows; their keys are known afterwards.
    Insert(usize),
    /// Insert 2,000 orders, each with a new customer and three items; all keys are generated.
    InsertGraph,
    /// Load so many rows.
    Load(usize),
    /// Load 2,000 orders with their customers, items and the items' products.
    LoadGraph,
    /// Change a column of 1,000 of 10,000 rows that are loaded, each to a value of its own.
    Update,
    /// Delete the first 500 orders with their items.
    DeleteGraph,
    /// Get 10,000 times one of 1,000 rows.
    Get,
    /// 1,000 times: get a row, change it, commit.
    Short,
    /// Load 200 orders, then one after the other the items of each, and the product of each item.
    LazyLoop,
    /// Build and send a query of medium size 1,000 times, each with other values.
    Built,
}

impl Job {
    pub(crate) const ALL: [Job; 11] = [
        Job::Insert(10_000),
        Job::Insert(100_000),
        Job::InsertGraph,
        Job::Load(100_000),
        Job::LoadGraph,
        Job::Update,
        Job::DeleteGraph,
        Job::Get,
        Job::Short,
        Job::LazyLoop,
        Job::Built,
    ];

    pub(crate) fn name(self) -> String {
        match self {
            Job::Insert(rows) => format!("insert {rows}"),
            Job::InsertGraph => "insert graph".into(),
            Job::Load(rows) => format!("load {rows}"),
            Job::LoadGraph => "load graph".into(),
            Job::Update => "update some".into(),
            Job::DeleteGraph => "delete graph".into(),
            Job::Get => "10000 gets".into(),
            Job::Short => "1000 short transactions".into(),
            Job::LazyLoop => "lazy loop".into(),
            Job::Built => "1000 built queries".into(),
        }
    }
}

/// A row of a usual size: a generated key, two texts, three numbers.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) year: i32,
    pub(crate) price: f64,
    pub(crate) note: Option<String>,
    pub(crate) stock: i64,
}

/// A row of `bench_items`, by position.
pub(crate) type ItemRow = (i64, String, i32, f64, Option<String>, i64);

impl From<ItemRow> for Item {
    fn from((id, name, year, price, note, stock): ItemRow) -> Item {
        Item { id, name, year, price, note, stock }
    }
}

/// The item of a number. Every fifth has no note.
pub(crate) fn item(number: usize) -> Item {
    Item {
        id: 0,
        name: format!("Machine number {number}"),
        year: 1970 + (number % 30) as i32,
        price: number as f64 / 4.0,
        note: (!number.is_multiple_of(5)).then(|| format!("note {number}")),
        stock: (number * 7) as i64,
    }
}

pub(crate) fn items(rows: usize) -> Vec<Item> {
    (0..rows).map(item).collect()
}

/// Every tenth of the loaded rows is changed.
pub(crate) const STEP: usize = ITEMS / CHANGED;

/// Of the order of a number: its customer's name and city.
pub(crate) fn customer(number: usize) -> (String, String) {
    (format!("Customer {number}"), format!("City {}", number % 50))
}

/// Of the order of a number: for each of its items the product's place, the quantity and the price.
pub(crate) fn lines(number: usize) -> impl Iterator<Item = (usize, i32, f64)> {
    (0..LINES).map(move |k| ((number * LINES + k) % PRODUCTS, k as i32 + 1, number as f64 / 4.0))
}

/// Items as a list for each column, as PostgreSQL takes them.
pub(crate) struct Columns<'a> {
    pub(crate) names: Vec<&'a str>,
    pub(crate) years: Vec<i32>,
    pub(crate) prices: Vec<f64>,
    pub(crate) notes: Vec<Option<&'a str>>,
    pub(crate) stocks: Vec<i64>,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(items: &'a [Item]) -> Columns<'a> {
        Columns {
            names: items.iter().map(|item| item.name.as_str()).collect(),
            years: items.iter().map(|item| item.year).collect(),
            prices: items.iter().map(|item| item.price).collect(),
            notes: items.iter().map(|item| item.note.as_deref()).collect(),
            stocks: items.iter().map(|item| item.stock).collect(),
        }
    }
}
