//! `reviews.csv`: of known products, by known customers.

use std::collections::{HashMap, HashSet};

use retro_core::prelude::*;

use super::{ImportError, Located, ReviewRow, Rows, named};
use crate::models::{Customer, Product, ProductReview};

/// Adds the reviews to the session and returns how many there are.
pub(super) async fn import(session: &mut Session, mut rows: Rows<ReviewRow>) -> Result<usize, ImportError> {
    let products: HashMap<_, _> = session.all(select((Product::name, Product))).await?.into_iter().collect();
    let customers: HashMap<_, _> = session.all(select((Customer::name, Customer))).await?.into_iter().collect();
    let written = session.all(select((ProductReview::product_id, ProductReview::customer_id))).await?;
    let mut written: HashSet<_> = written.into_iter().collect();
    let mut added = 0;

    while let Some(Located { line, row }) = rows.next().transpose()? {
        let customer = named("customer", &row.customer, &customers);
        let customer = customer.map_err(|reason| rows.error(line, "customer", reason))?;
        let product = named("product", &row.product, &products);
        let product = product.map_err(|reason| rows.error(line, "product", reason))?;
        if !written.insert((session[product].id, session[customer].id)) {
            let (customer, product) = (&row.customer, &row.product);
            let reason = format!("{customer} has reviewed `{product}` already; was this file imported before?");
            return Err(rows.error(line, "product", reason));
        }
        let ReviewRow { timestamp, rating, comment, .. } = row;
        session.add(new!(ProductReview { product, customer, timestamp, rating, comment }));
        added += 1;
    }
    Ok(added)
}
