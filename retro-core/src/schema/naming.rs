//! The names of constraints and indexes. They are SQLAlchemy's usual convention, so a database that
//! it made and one that retro made have the same names.

use std::borrow::Cow;

use crate::dialect::IdentifierLimit;

pub(crate) fn primary_key(table: &str) -> String {
    format!("pk_{table}")
}

pub(crate) fn foreign_key(table: &str, columns: &[String], target: &str) -> String {
    format!("fk_{table}_{}_{target}", columns.join("_"))
}

pub(crate) fn index(table: &str, columns: &[String]) -> String {
    format!("ix_{table}_{}", columns.join("_"))
}

pub(crate) fn unique(table: &str, columns: &[String]) -> String {
    format!("uq_{table}_{}", columns.join("_"))
}

pub(crate) fn check(table: &str, name: &str) -> String {
    format!("ck_{table}_{name}")
}

/// The name as a database takes it. One that is too long keeps its beginning and ends in a hash of
/// the whole, so that it is the same in every run and differs from the name of its neighbour, which
/// begins alike.
pub(crate) fn fit(name: &str, limit: IdentifierLimit) -> Cow<'_, str> {
    if limit.fits(name) {
        return Cow::Borrowed(name);
    }
    let tail = format!("_{:08x}", hash(name));
    let mut head = String::new();
    for c in name.chars() {
        head.push(c);
        if !limit.fits(&format!("{head}{tail}")) {
            head.pop();
            break;
        }
    }
    Cow::Owned(head + &tail)
}

/// FNV-1a. The standard library's hashes may change between releases, and these names stay in
/// databases.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn names_follow_the_convention() {
        assert_eq!(primary_key("products"), "pk_products");
        assert_eq!(
            foreign_key("products", &columns(&["manufacturer_id"]), "manufacturers"),
            "fk_products_manufacturer_id_manufacturers"
        );
        assert_eq!(index("orders_items", &columns(&["order_id", "product_id"])), "ix_orders_items_order_id_product_id");
        assert_eq!(unique("countries", &columns(&["name"])), "uq_countries_name");
        assert_eq!(check("reviews", "rating"), "ck_reviews_rating");
    }

    #[test]
    fn a_name_that_fits_stays() {
        let name = "x".repeat(63);
        assert_eq!(fit(&name, IdentifierLimit::Bytes(63)), name);
        assert_eq!(fit(&"x".repeat(500), IdentifierLimit::None), "x".repeat(500));
    }

    #[test]
    fn a_long_name_is_cut_the_same_way_every_time() {
        let long = format!("ix_{}_first", "x".repeat(80));
        let neighbour = format!("ix_{}_second", "x".repeat(80));
        let limit = IdentifierLimit::Bytes(63);
        assert_eq!(fit(&long, limit), format!("ix_{}_fc3ee810", "x".repeat(51)));
        assert_ne!(fit(&long, limit), fit(&neighbour, limit));
        assert_eq!(fit(&long, limit).len(), 63);
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!((hash(""), hash("a"), hash("foobar")), (0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968));
    }

    #[test]
    fn a_cut_falls_between_characters() {
        let name = "ä".repeat(60);
        assert_eq!(fit(&name, IdentifierLimit::Bytes(63)).len(), 63);
        assert_eq!(fit(&"ä".repeat(64), IdentifierLimit::Characters(64)), "ä".repeat(64));
        assert_eq!(fit(&"ä".repeat(65), IdentifierLimit::Characters(64)).chars().count(), 64);
    }
}
