//! Makes the store's data: real machines, invented customers, one year of business.
//!
//! The same options give the same bytes, on every platform. Customers come back, some machines
//! sell far better than others, December is busy, and only what was bought is reviewed. The blog has readers who come back too, some
//! of them customers; they read in their language what is translated.

mod articles;
mod blog;
mod calendar;
mod people;
mod products;
mod random;
mod store;
mod words;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};

use blog::Blog;
use store::Store;

/// How much to make, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenerateOptions {
    /// The number of orders. Customers are a little more than half as many, reviews fewer still.
    pub orders: usize,
    /// The number of times that an article of the blog is read. The articles are always the same.
    pub views: usize,
    /// The seed; another one gives another year.
    pub seed: u64,
}

/// The data that is shipped in `retro-examples/data`: 1,000 orders and 2,000 views.
impl Default for GenerateOptions {
    fn default() -> Self {
        Self { orders: 1_000, views: 2_000, seed: 1982 }
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
    /// Rows of `articles.csv`.
    pub articles: usize,
    /// Different readers in `views.csv`.
    pub readers: usize,
    /// Rows of `views.csv`.
    pub views: usize,
}

impl fmt::Display for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { products, customers, orders, order_items, reviews, articles, readers, views } = self;
        write!(f, "{products} products, {orders} orders of {customers} customers ")?;
        write!(f, "with {order_items} items, {reviews} reviews, ")?;
        write!(f, "{articles} articles with {views} views of {readers} readers")
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

/// Writes `products.csv`, `orders.csv`, `reviews.csv`, `articles.csv` and `views.csv` to `dir`.
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
/// let generated = generate(dir, &GenerateOptions { orders: 10, views: 20, seed: 7 })?;
/// assert_eq!(generated.orders, 10);
/// assert!(dir.join("orders.csv").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn generate(dir: &Path, options: &GenerateOptions) -> Result<Generated, GenerateError> {
    let store = Store::simulate(options);
    let blog = Blog::simulate(options.seed, options.views, &store.orders);
    write::write(dir, &store, &blog)?;
    Ok(Generated {
        products: products::MACHINES.len(),
        customers: store.customers.len(),
        orders: store.orders.len(),
        order_items: store.orders.iter().map(|order| order.items.len()).sum(),
        reviews: store.reviews.len(),
        articles: blog.articles.len(),
        readers: blog.readers.len(),
        views: blog.views.len(),
    })
}
