//! Makes the store's data: real machines, invented customers, one year of business.
//!
//! The same options give the same bytes, on every platform. Customers come back, some machines
//! sell far better than others, December is busy, and only what was bought is reviewed.

mod calendar;
mod people;
mod products;
mod random;
mod store;
mod words;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};

use store::Store;

/// How much to make, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenerateOptions {
    /// The number of orders. Customers are a little more than half as many, reviews fewer still.
    pub orders: usize,
    /// The seed; another one gives another year.
    pub seed: u64,
}

/// The data that is shipped in `retro-examples/data`: 1,000 orders.
impl Default for GenerateOptions {
    fn default() -> Self {
        Self { orders: 1_000, seed: 1982 }
    }
}

/// What [`generate`] wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// Rows of `products.csv`.
    pub products: usize,
    /// Different names in `orders.csv`.
    pub customers: usize,
    /// Rows of `orders.csv`.
    pub orders: usize,
    /// Products in all the orders.
    pub order_items: usize,
    /// Rows of `reviews.csv`.
    pub reviews: usize,
}

impl fmt::Display for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { products, customers, orders, order_items, reviews } = self;
        write!(f, "{products} products, {orders} orders of {customers} customers ")?;
        write!(f, "with {order_items} items, {reviews} reviews")
    }
}

/// A file could not be written. `Display` includes the cause.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {error}", path.display())]
pub struct GenerateError {
    path: PathBuf,
    error: csv::Error,
}

impl GenerateError {
    fn new(path: &Path, error: csv::Error) -> Self {
        Self { path: path.to_owned(), error }
    }

    /// The file or directory that could not be written.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes `products.csv`, `orders.csv` and `reviews.csv` to `dir`.
///
/// The directory is made if it does not exist, and files of these names are replaced.
///
/// # Errors
///
/// [`GenerateError`] if the directory or a file cannot be written; files may then be incomplete.
///
/// ```
/// use retro_examples::generate::{GenerateOptions, generate};
///
/// # let temporary = tempfile::tempdir()?;
/// # let dir = temporary.path();
/// let generated = generate(dir, &GenerateOptions { orders: 10, seed: 7 })?;
/// assert_eq!(generated.orders, 10);
/// assert!(dir.join("orders.csv").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn generate(dir: &Path, options: &GenerateOptions) -> Result<Generated, GenerateError> {
    let store = Store::simulate(options);
    write::write(dir, &store)?;
    Ok(Generated {
        products: products::MACHINES.len(),
        customers: store.customers.len(),
        orders: store.orders.len(),
        order_items: store.orders.iter().map(|order| order.items.len()).sum(),
        reviews: store.reviews.len(),
    })
}
