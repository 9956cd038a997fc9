//! [`FromRow`]: structs that rows are read into.

/// A struct that a row of a result is read into. Derive it; its fields are what is selected, in the
/// order of their declaration, and for a query in text the names of its columns.
///
/// ```
/// use retro_core::prelude::*;
/// # #[derive(Model, Debug, Clone)]
/// # #[retro(table = "products")]
/// # struct Product { #[retro(primary_key)] id: i32, name: String, year: i32 }
///
/// #[derive(FromRow, Debug, PartialEq)]
/// struct Year {
///     year: i32,
///     products: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # metadata![Product].create_all(&engine).await?;
/// # let mut session = Session::new(&engine);
/// session.add(new!(Product { name: "ZX81", year: 1981 }));
/// let years = session
///     .all(select((Product::year, count(Product))).group_by(Product::year).into::<Year>())
///     .await?;
/// assert_eq!(years, [Year { year: 1981, products: 1 }]);
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "rows cannot be read into `{Self}`",
    label = "not a struct for rows",
    note = "add `#[derive(FromRow)]` to `{Self}`"
)]
pub trait FromRow: Sized {
    /// The types of the fields, as a tuple.
    type Row;
    /// The names of the fields.
    const FIELDS: &'static [&'static str];

    /// The struct of a row's values.
    fn from_row(row: Self::Row) -> Self;
}
