//! Who makes most.

use retro_core::prelude::*;

use crate::models::{Manufacturer, OrderItem, Product};

/// The machines of IBM and Texas Instruments.
pub fn ibm_and_texas_instruments() -> Select<(String, String, i32)> {
    select((Manufacturer::name, Product::name, Product::year))
        .join(Manufacturer::products)
        .filter(Manufacturer::name.in_(["IBM", "Texas Instruments"]))
        .order_by((Manufacturer::name, Product::name))
}

/// The fifteen manufacturers that were first on the market, with the year of their first machine.
pub fn pioneers() -> Select<(String, i32)> {
    let first = min(Product::year).required();
    select((Manufacturer::name, &first))
        .join(Manufacturer::products)
        .group_by(Manufacturer)
        .order_by((first.asc(), Manufacturer::name))
        .limit(15)
}

/// The manufacturers with three to five machines.
pub fn three_to_five_products() -> Select<(String, i64)> {
    let products = count(Product);
    select((Manufacturer::name, &products))
        .join(Manufacturer::products)
        .group_by(Manufacturer)
        .having(products.between(3, 5))
        .order_by(Manufacturer::name)
}

/// The manufacturers whose last machine came more than five years after the first.
pub fn long_lived() -> Select<(String, i32, i32, i32)> {
    let (first, last) = (min(Product::year).required(), max(Product::year).required());
    let span = &last - &first;
    select((Manufacturer::name, first, last, &span))
        .join(Manufacturer::products)
        .group_by(Manufacturer)
        .having(span.gt(5))
        .order_by((span.desc(), Manufacturer::name))
}

/// The manufacturers that built nothing around a Z80 or a 6502.
pub fn without_z80_and_6502() -> Select<String> {
    select(Manufacturer::name)
        .filter(!Manufacturer::products.any(Product::cpu.contains("Z80") | Product::cpu.contains("6502")))
        .order_by(Manufacturer::name)
}

/// The manufacturers from A to C and how many machines they made from 1985 on, which may be none.
pub fn late_products() -> Select<(String, i64)> {
    select((Manufacturer::name, count(Product)))
        .outer_join(Manufacturer::products.and(Product::year.ge(1985)))
        .filter(Manufacturer::name.lt("D"))
        .group_by(Manufacturer)
        .order_by(Manufacturer::name)
}

/// Everything that is called Sinclair, and the manufacturers that are called Atari.
pub fn called_sinclair_or_atari() -> Select<(String, String)> {
    let tag = lit("product");
    let products = select((&tag, Product::name)).filter(Product::name.contains("Sinclair"));
    let manufacturers = select((lit("manufacturer"), Manufacturer::name))
        .filter(Manufacturer::name.contains("Sinclair") | Manufacturer::name.contains("Atari"));
    products.union(manufacturers).order_by((Product::name, &tag))
}

/// The five manufacturers with the highest sales.
pub fn top_manufacturers() -> Select<(String, i64, f64)> {
    let sales = OrderItem::revenue();
    select((Manufacturer::name, OrderItem::units(), &sales))
        .join(Manufacturer::products)
        .join(Product::order_items)
        .group_by(Manufacturer)
        .order_by((sales.desc(), Manufacturer::name))
        .limit(5)
}

/// The machines of Atari and Sinclair, ranked by how many were sold of each.
pub fn ranked_by_units() -> Select<(String, i64, String, i64)> {
    let units = OrderItem::units();
    let place = rank().over(window().partition_by(Manufacturer).order_by(units.desc()));
    select((Manufacturer::name, &place, Product::name, &units))
        .join(Manufacturer::products)
        .outer_join(Product::order_items)
        .filter(Manufacturer::name.in_(["Atari, Inc.", "Sinclair Research"]))
        .group_by((Manufacturer, Product))
        .order_by((Manufacturer::name, &place, Product::name))
}

/// The manufacturers with most machines.
pub fn most_products(limit: u64) -> Select<(String, i64)> {
    let products = count(Product);
    select((Manufacturer::name, &products))
        .join(Manufacturer::products)
        .group_by(Manufacturer)
        .order_by((products.desc(), Manufacturer::name))
        .limit(limit)
}
