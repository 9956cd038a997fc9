//! `products.csv`: manufacturers and countries are made where they are first met.

use std::collections::{HashMap, HashSet};

use retro_core::prelude::*;

use super::{ImportError, Located, ProductRow, Rows};
use crate::models::{Country, Manufacturer, Product};

/// Adds the products to the session and returns how many there are.
pub(super) async fn import(session: &mut Session, mut rows: Rows<ProductRow>) -> Result<usize, ImportError> {
    let mut manufacturers: HashMap<_, _> =
        session.all(select((Manufacturer::name, Manufacturer))).await?.into_iter().collect();
    let mut countries: HashMap<_, _> = session.all(select((Country::name, Country))).await?.into_iter().collect();
    let mut known: HashSet<_> = session.all(select(Product::name)).await?.into_iter().collect();
    let mut added = 0;

    while let Some(Located { line, row }) = rows.next().transpose()? {
        if !known.insert(row.name.clone()) {
            let reason = format!("`{}` is in the store already; was this file imported before?", row.name);
            return Err(rows.error(line, "name", reason));
        }
        let mut made_in = Vec::new();
        for name in row.countries() {
            let country = countries.entry(name.to_owned()).or_insert_with(|| session.add(new!(Country { name })));
            made_in.push(*country);
        }
        let manufacturer = *manufacturers
            .entry(row.manufacturer)
            .or_insert_with_key(|name| session.add(new!(Manufacturer { name: name.as_str() })));
        let ProductRow { name, year, cpu, .. } = row;
        session.add(new!(Product { name, year, cpu, manufacturer, countries: made_in }));
        added += 1;
    }
    Ok(added)
}
