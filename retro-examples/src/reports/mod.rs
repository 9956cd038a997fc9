//! What the store knows about its year: queries, and their results as text.

mod articles;
mod customers;
mod manufacturers;
mod products;
mod table;

pub use articles::{ReadArticle, most_read};
pub use customers::{BestCustomer, best_customers};
pub use manufacturers::most_products;
pub use products::{BestProduct, best_products};
pub use table::Table;
