//! A unit of work with one of everything, to be disturbed, and what must hold afterwards.

use retro_core::prelude::*;
use retro_tests::Db;
use retro_tests::models::shop::{Country, Manufacturer, Product, ProductDetail, metadata};

/// A manufacturer and its products, which one attempt has for itself.
pub(super) struct Unit {
    name: String,
    maker: i32,
}

/// A unit as a session has it: everything loaded.
pub(super) struct Cast {
    maker: Entity<Manufacturer>,
    changed: Entity<Product>,
    deleted: Entity<Product>,
    relinked: Entity<Product>,
    countries: [Entity<Country>; 2],
}

/// Two countries, which all units refer to.
pub(super) async fn shop(db: Db) -> Db {
    let db = db.with(metadata()).await;
    db.execute("INSERT INTO countries (id, name) VALUES (1, 'X')").await;
    db.execute("INSERT INTO countries (id, name) VALUES (2, 'Y')").await;
    db
}

impl Unit {
    pub(super) async fn build(db: &Db, name: String) -> Unit {
        let mut session = db.session();
        let country = session.get::<Country>(1).await.unwrap().unwrap();
        let maker = session.add(new!(Manufacturer { name: format!("maker {name}") }));
        for role in ["changed", "deleted", "relinked"] {
            let product = session.push(
                maker,
                Manufacturer::products,
                new!(Product {
                    name: format!("{role} {name}"),
                    year: 1,
                    detail: new!(ProductDetail { code: format!("{role} {name}") }),
                }),
            );
            session.push(product, Product::countries, country);
        }
        session.commit().await.unwrap();
        let maker = session[maker].id;
        Unit { name, maker }
    }

    pub(super) async fn load(&self, session: &mut Session) -> Result<Cast, Error> {
        let loads = (
            selectin(Manufacturer::products.then(Product::countries)),
            selectin(Manufacturer::products.then(Product::detail)),
        );
        let maker = select(Manufacturer).filter(Manufacturer::id.eq(self.maker)).options(loads);
        let maker = session.one(maker).await?;
        let products = session.entities(maker, Manufacturer::products);
        let role = |role: &str| products.iter().copied().find(|&product| session[product].name.starts_with(role));
        let [Some(changed), Some(deleted), Some(relinked)] = ["changed", "deleted", "relinked"].map(role) else {
            panic!("{}: products are missing", self.name);
        };
        let countries = session.all(select(Country).order_by(Country::id)).await?;
        let countries = countries.try_into().expect("two countries");
        // What was read is no transaction that anything happens to.
        session.rollback().await?;
        Ok(Cast { maker, changed, deleted, relinked, countries })
    }

    /// Reads, inserts with generated keys on three levels, an update, a delete with what belongs to
    /// it, links between, a savepoint that is kept, one that is taken back, and a commit.
    pub(super) async fn work(&self, session: &mut Session, cast: &Cast) -> Result<(), Error> {
        session.count(select(Product).filter(Product::manufacturer_id.eq(self.maker))).await?;
        self.change(session, cast);
        let kept = async |session: &mut Session| {
            session[cast.relinked].year = 3;
            session.push(cast.maker, Manufacturer::products, self.product("kept", 3));
            Ok::<_, Error>(())
        };
        session.nested(kept).await?;
        session.begin_nested().await?;
        session[cast.relinked].year = 4;
        session.push(cast.maker, Manufacturer::products, self.product("lost", 4));
        session.flush().await?;
        session.rollback_nested().await?;
        session[cast.changed].cpu = Some("late".into());
        session.commit().await
    }

    /// One change of each kind, to be flushed.
    pub(super) fn change(&self, session: &mut Session, cast: &Cast) {
        session[cast.changed].year = 2;
        session.delete(cast.deleted);
        session.push(cast.maker, Manufacturer::products, self.product("first", 2));
        let detail = new!(ProductDetail { code: format!("second {}", self.name) });
        session.add(new!(Manufacturer {
            name: format!("rival {}", self.name),
            products: [Product { detail: detail.into(), ..self.product("second", 2) }],
        }));
        session.replace(cast.relinked, Product::countries, [cast.countries[1]]);
    }

    fn product(&self, role: &str, year: i32) -> Product {
        new!(Product { name: format!("{role} {}", self.name), year })
    }

    pub(super) fn before(&self) -> Vec<String> {
        ["changed 1 NULL X", "deleted 1 NULL X", "relinked 1 NULL X"].map(String::from).into()
    }

    pub(super) fn after(&self) -> Vec<String> {
        let all = [
            "changed 2 late X",
            "first 2 NULL ",
            "kept 3 NULL ",
            "relinked 3 NULL Y",
            "second 2 NULL  of rival with detail",
        ];
        all.map(String::from).into()
    }

    /// The products as the database has them: role, year, CPU, countries, and what is special.
    pub(super) async fn stored(&self, db: &Db) -> Vec<String> {
        let sql = format!(
            "SELECT p.name, p.year, p.cpu, c.name, m.name, d.code FROM products p \
             JOIN manufacturers m ON m.id = p.manufacturer_id LEFT JOIN product_details d ON d.product_id = p.id \
             LEFT JOIN products_countries l ON l.product_id = p.id LEFT JOIN countries c ON c.id = l.country_id \
             WHERE p.name LIKE '% {}' ORDER BY p.name",
            self.name
        );
        let rows = db.rows(&sql).await;
        let describe = |row: &String| {
            let values: Vec<&str> = row.split('|').collect();
            let [name, year, cpu, country, maker, detail] = values[..] else { panic!("{row}") };
            let role = name.split(' ').next().unwrap_or_default();
            let country = country.replace("NULL", "");
            let of = if maker.starts_with("rival") { " of rival" } else { "" };
            // Those that the unit began with have one all alike.
            let with = if role == "second" && detail != "NULL" { " with detail" } else { "" };
            format!("{role} {year} {cpu} {country}{of}{with}")
        };
        rows.iter().map(describe).collect()
    }

    /// Everything that the session knows about the unit.
    pub(super) fn memory(&self, session: &mut Session, cast: &Cast) -> Vec<String> {
        let names = |products: Vec<Entity<Product>>| -> Vec<String> {
            products.into_iter().map(|product| session[product].name.clone()).collect()
        };
        let mut all = vec![format!("{:?}", names(session.entities(cast.maker, Manufacturer::products)))];
        for product in session.known::<Product>() {
            let (row, state) = (&session[product], session.state(product));
            let countries = session.entities(product, Product::countries);
            let countries: Vec<&str> = countries.iter().map(|&country| session[country].name.as_str()).collect();
            let detail = session.entities(product, Product::detail).map(|detail| session.state(detail));
            let links = format!("{:?} {countries:?} {detail:?}", session.entities(product, Product::manufacturer));
            all.push(format!("{} {} {} {:?} {state:?} {links}", row.id, row.name, row.year, row.cpu));
        }
        for country in cast.countries {
            let products = session.try_entities(country, Country::products).map(names);
            all.push(format!("{} {products:?}", session[country].name));
        }
        all.push(format!("clean: {}, in transaction: {}", session.is_clean(), session.in_transaction()));
        all.sort();
        all
    }

    /// Nobody knows what the database has: whatever memory says of it must be asked anew.
    pub(super) async fn learn(&self, db: &Db, session: &mut Session, cast: &Cast) {
        let products = [cast.changed, cast.deleted, cast.relinked];
        for product in products {
            assert!(session.is_expired(product), "{}: {} is taken for known", self.name, session[product].name);
        }
        let mut stored = db.session();
        for product in products {
            let row = stored.get::<Product>(session[product].id).await.unwrap();
            match (session.fresh(product).await, row) {
                (Ok(found), Some(row)) => {
                    let row = &stored[row];
                    assert_eq!((found.year, &found.cpu), (row.year, &row.cpu), "{}", self.name);
                }
                (Err(error), None) => assert!(error.is_not_found(), "{}: {error}", self.name),
                (found, row) => panic!("{}: {found:?} in memory, {row:?} in the database", self.name),
            }
        }
        let all = select(Product).filter(Product::name.ends_with(format!(" {}", self.name))).order_by(Product::name);
        let all = session.all(all).await.unwrap();
        let years: Vec<String> = all.iter().map(|&product| session[product].year.to_string()).collect();
        let expected: Vec<String> = self.stored(db).await.iter().map(|row| year(row).to_owned()).collect();
        assert_eq!(years, expected, "{}", self.name);
    }

    /// Work of a session that has recovered: the unit itself if it did not happen, otherwise a little.
    pub(super) async fn go_on(&self, db: &Db, session: &mut Session, cast: &Cast) {
        if self.stored(db).await == self.before() {
            self.work(session, cast).await.unwrap_or_else(|error| panic!("{}: again: {error}", self.name));
            assert_eq!(self.stored(db).await, self.after(), "{}", self.name);
            return;
        }
        session[cast.changed].year = 9;
        session.commit().await.unwrap_or_else(|error| panic!("{}: once more: {error}", self.name));
        assert_eq!(self.stored(db).await[0], "changed 9 late X", "{}", self.name);
    }
}

fn year(row: &str) -> &str {
    row.split(' ').nth(1).unwrap_or_default()
}
