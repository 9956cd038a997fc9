//! Every form of query, on every database, against results worked out by hand.

mod aliases;
mod counts;
mod ctes;
mod distinct;
mod groups;
mod joins;
mod locks;
mod orders;
mod refusals;
mod results;
mod subqueries;
mod unions;

use std::fmt::Debug;

use retro_core::prelude::*;
use retro_tests::Capability;
use retro_tests::models::shop;
use retro_tests::models::shop::{Article, Country, Customer, Manufacturer, Order, OrderItem, Product};
use retro_tests::models::trees::{Node, Ring};

use crate::forms::{Forms, Rows, on_every_database};

/// Tries forms on the shop and the trees.
async fn on_shop(subject: &str, forms: impl AsyncFn(&mut Forms)) {
    let metadata = || shop::metadata().with::<Node>().with::<Ring>();
    on_every_database(subject, metadata, fill, forms).await;
}

/// ```text
/// Acorn      Atom    1980 6502  UK             The 64    of C64
/// Commodore  C64     1982 6510  USA, Germany     Der 64er, Le 64: translations, the first of C64
///            PET     1977 6502  USA            On Forth
///            VIC-20  1981 6502  USA, Germany     Forth: its translation
/// Sinclair   ZX80    1980 Z80   UK
///            ZX81    1981 Z80   UK             A1 of Ada: 2 C64 at 200, 1 ZX81 at 70
///            QL      1984                      A2 of Ada: 1 PET at 500
/// Oric                                         B1 of Bob: 1 Atom at 170
///                               Japan          X1 of nobody: 3 ZX80 at 50
/// customers: Ada (phone 1), Bob, Cyd           nodes: root(a(a1, a2), b); a ring of x, y and z
/// ```
async fn fill(session: &mut Session) {
    let [acorn, commodore, sinclair, _] =
        ["Acorn", "Commodore", "Sinclair", "Oric"].map(|name| session.add(new!(Manufacturer { name })));
    let [uk, usa, germany, _] =
        [(1, "UK"), (2, "USA"), (3, "Germany"), (4, "Japan")].map(|(id, name)| session.add(new!(Country { id, name })));
    let mut product =
        |maker: Entity<Manufacturer>, name: &str, year, cpu: Option<&str>, countries: &[Entity<Country>]| {
            session.add(Product {
                manufacturer: maker.into(),
                name: name.into(),
                year,
                cpu: cpu.map(Into::into),
                countries: countries.to_vec().into(),
                ..Default::default()
            })
        };
    let atom = product(acorn, "Atom", 1980, Some("6502"), &[uk]);
    let c64 = product(commodore, "C64", 1982, Some("6510"), &[usa, germany]);
    let pet = product(commodore, "PET", 1977, Some("6502"), &[usa]);
    product(commodore, "VIC-20", 1981, Some("6502"), &[usa, germany]);
    let zx80 = product(sinclair, "ZX80", 1980, Some("Z80"), &[uk]);
    let zx81 = product(sinclair, "ZX81", 1981, Some("Z80"), &[uk]);
    product(sinclair, "QL", 1984, None, &[]);
    let [ada, bob, _] = [("Ada", Some("1")), ("Bob", None), ("Cyd", None)]
        .map(|(name, phone)| session.add(new!(Customer { name, phone: phone.map(str::to_owned) })));
    for (number, customer, items) in [
        ("A1", Some(ada), vec![(c64, 2, 200.0), (zx81, 1, 70.0)]),
        ("A2", Some(ada), vec![(pet, 1, 500.0)]),
        ("B1", Some(bob), vec![(atom, 1, 170.0)]),
        ("X1", None, vec![(zx80, 3, 50.0)]),
    ] {
        let order = session.add(new!(Order { number, customer }));
        for (product, quantity, unit_price) in items {
            session.add(new!(OrderItem { order, product, quantity, unit_price }));
        }
    }
    let the_64 = session.add(new!(Article { title: "The 64", product: c64 }));
    session.add(new!(Article { title: "Der 64er", product: c64, translation_of: the_64 }));
    session.add(new!(Article { title: "Le 64", translation_of: the_64 }));
    let forth = session.add(new!(Article { title: "On Forth" }));
    session.add(new!(Article { title: "Forth", translation_of: forth }));
    let mut node = |name: &str, parent: Option<Entity<Node>>| session.add(new!(Node { name, parent }));
    let root = node("root", None);
    let a = node("a", Some(root));
    node("b", Some(root));
    node("a1", Some(a));
    node("a2", Some(a));
    let [x, y, z] = ["x", "y", "z"].map(|name| session.add(new!(Ring { name })));
    for (ring, next) in [(x, y), (y, z), (z, x)] {
        session.set(ring, Ring::next, Some(next));
    }
    session.flush().await.unwrap();
}

impl Forms {
    /// The names of the products that a query finds.
    async fn products<const N: usize>(&mut self, name: &str, query: Select<Entity<Product>>, expected: [&str; N]) {
        self.write(name, &query);
        match self.find(&query).await {
            Ok(found) => {
                let names: Vec<&str> = found.iter().map(|&product| self.session[product].name.as_str()).collect();
                if names != expected {
                    let message = format!("found {names:?}, expected {expected:?}");
                    self.fail(name, message);
                }
            }
            Err(error) => self.fail(name, error.to_string()),
        }
    }

    /// The rows of a form that only some databases have; elsewhere it is refused.
    async fn rows_if<R: PartialEq + Debug + 'static>(
        &mut self,
        can: Capability,
        name: &str,
        query: Select<R>,
        expected: impl Rows<R>,
        because: &str,
    ) {
        match self.db.can(can) {
            true => self.rows(name, query, expected).await,
            false => self.refused(name, query, because).await,
        }
    }
}
