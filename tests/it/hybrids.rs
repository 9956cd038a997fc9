//! `#[hybrid]`: what a method gives in memory, its expression gives in SQL.

use std::fmt::Debug;

use retro_core::Dialect;
use retro_core::prelude::*;
use retro_core::query::IntoExpr;
use retro_core::value::ColumnType;
use retro_tests::models::shop::{self, Manufacturer, Order, OrderItem, Product};
use retro_tests::{Capability, Db, on_every_backend};

#[derive(ColumnType, Debug, Clone, Copy, Default, PartialEq)]
enum Condition {
    #[default]
    Used,
    Broken,
}

const CLASSIC: i32 = 1985;

#[derive(Model, Debug, Clone)]
#[retro(table = "machines")]
struct Machine {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 32)]
    name: String,
    #[retro(length = 16)]
    cpu: Option<String>,
    year: i32,
    ram: i16,
    sold: i64,
    price: f64,
    discount: Option<f64>,
    rating: Option<i32>,
    previous: Option<i32>,
    weight: f32,
    #[retro(precision = (10, 2))]
    cost: Decimal,
    working: bool,
    condition: Condition,
    seen: NaiveDate,
}

/// A hybrid that a macro writes: its types and expressions come in invisible groups.
macro_rules! multiple {
    ($name:ident, $field:ident, $times:expr, $type:ty) => {
        #[hybrid]
        fn $name(&self) -> $type {
            self.$field as $type * $times
        }
    };
}

// Written as it should not be, to see that it is understood.
#[allow(clippy::nonminimal_bool, clippy::partialeq_to_none, clippy::neg_cmp_op_on_partial_ord)]
impl Machine {
    // numbers

    #[hybrid]
    fn age(&self, now: i32) -> i32 {
        now - self.year
    }

    #[hybrid]
    fn decade(&self) -> i32 {
        self.year / 10 * 10
    }

    #[hybrid]
    fn in_century(&self) -> i32 {
        (self.year - 1982) % 100
    }

    #[hybrid]
    fn doubled(&self) -> i16 {
        self.ram * 2
    }

    #[hybrid]
    fn third(&self) -> i16 {
        self.ram / 3
    }

    #[hybrid]
    fn revenue(&self) -> f64 {
        self.sold as f64 * self.price
    }

    #[hybrid]
    fn ratio(&self) -> f64 {
        f64::from(self.ram) / (f64::from(self.year) - 1900.0)
    }

    #[hybrid]
    fn whole_price(&self) -> i64 {
        -(self.price * 100.0) as i64
    }

    #[hybrid]
    fn distance(&self) -> i32 {
        (self.year - CLASSIC).abs()
    }

    #[hybrid]
    fn heavy(&self) -> f32 {
        self.weight * 2.0
    }

    #[hybrid]
    fn wide(&self) -> i64 {
        i64::from(self.ram) * 1_000_000 + self.sold
    }

    #[hybrid]
    fn taxed(&self) -> Decimal {
        self.cost * Decimal::new(125, 2)
    }

    #[hybrid]
    fn works(&self) -> i32 {
        self.working as i32
    }

    // options

    #[hybrid]
    fn reduced(&self) -> f64 {
        self.price * (1.0 - self.discount.unwrap_or(0.0))
    }

    #[hybrid]
    fn stars(&self) -> i32 {
        self.rating.unwrap_or_default()
    }

    #[hybrid]
    fn is_rated(&self) -> bool {
        self.rating.is_some() && self.discount.is_none()
    }

    #[hybrid]
    fn has_cpu(&self, cpu: &str) -> bool {
        self.cpu.as_deref() == Some(cpu)
    }

    #[hybrid]
    fn has_another_cpu(&self, cpu: &str) -> bool {
        self.cpu.as_deref() != Some(cpu)
    }

    #[hybrid]
    fn has_this_cpu(&self, cpu: Option<&str>) -> bool {
        self.cpu.as_deref() == cpu
    }

    #[hybrid]
    fn changed(&self) -> bool {
        !(self.rating == self.previous)
    }

    #[hybrid]
    fn is_unknown(&self) -> bool {
        self.cpu == None
    }

    #[hybrid]
    fn sought(&self) -> Option<&str> {
        if self.year < CLASSIC { self.cpu.as_deref() } else { None }
    }

    #[hybrid]
    fn sold_or_none(&self) -> Option<i64> {
        if self.sold == 0 { None } else { Some(self.sold * 2) }
    }

    // text

    #[hybrid]
    fn title(&self) -> String {
        self.name.clone() + ", " + self.cpu.as_deref().unwrap_or("no CPU")
    }

    #[hybrid]
    fn label(&self) -> &str {
        &self.name
    }

    #[hybrid]
    fn is_sinclair(&self) -> bool {
        self.name.starts_with("ZX") || self.name.ends_with("QL") || self.name.as_str() == "Jupiter"
    }

    #[hybrid]
    fn mentions(&self, text: &str) -> bool {
        self.name.contains(text) || self.cpu.as_deref().unwrap_or("").contains(text)
    }

    #[hybrid]
    fn is_nameless(&self) -> bool {
        self.name.is_empty()
    }

    #[hybrid]
    fn after(&self, name: &str) -> bool {
        self.name.as_str() > name
    }

    // conditions

    #[hybrid]
    fn era(&self) -> &'static str {
        if self.year < 1977 {
            "pioneer"
        } else if self.is_classic(1977) {
            "classic"
        } else {
            "late"
        }
    }

    #[hybrid]
    fn is_classic(&self, since: i32) -> bool {
        self.year >= since && (1970..=CLASSIC).contains(&self.year)
    }

    #[hybrid]
    fn is_for_sale(&self) -> bool {
        self.condition == Condition::Used && self.working && !(self.price <= 0.0)
    }

    #[hybrid]
    fn was_seen_since(&self, day: NaiveDate) -> bool {
        self.seen >= day
    }

    #[hybrid]
    fn condition_now(&self) -> Condition {
        if self.working { self.condition } else { Condition::Broken }
    }

    #[hybrid]
    fn bonus(&self, wanted: bool) -> i16 {
        if wanted && self.working { 1 } else { 0 }
    }

    #[hybrid]
    fn score(&self) -> f64 {
        self.reduced() * (if self.is_rated() { 2.0 } else { 0.5 })
    }

    multiple!(tripled, year, 3, i64);

    #[hybrid]
    fn wheels(&self) -> i32 {
        0
    }
}

fn machines() -> Vec<Machine> {
    let day = |day| NaiveDate::from_ymd_opt(2024, 5, day).unwrap();
    let zx81 = Machine {
        id: 0,
        name: "ZX81".into(),
        cpu: Some("Z80".into()),
        year: 1981,
        ram: 1,
        sold: 1_500_000,
        price: 69.95,
        discount: Some(0.25),
        rating: Some(4),
        previous: Some(4),
        weight: 0.35,
        cost: Decimal::new(1_950, 2),
        working: true,
        condition: Condition::Used,
        seen: day(1),
    };
    let pet = Machine {
        name: "PET 2001".into(),
        cpu: None,
        year: 1977,
        ram: 8,
        sold: 0,
        price: 795.0,
        discount: None,
        rating: None,
        previous: Some(3),
        weight: 20.0,
        working: false,
        seen: day(2),
        ..zx81.clone()
    };
    let altair = Machine {
        name: "100%_Altair".into(),
        cpu: Some("8080".into()),
        year: 1975,
        ram: -256,
        sold: 25_000,
        price: -621.5,
        discount: None,
        rating: Some(5),
        previous: None,
        weight: 1.5,
        condition: Condition::Broken,
        seen: day(3),
        ..zx81.clone()
    };
    let ql = Machine {
        name: "Sinclair QL".into(),
        cpu: Some("68008".into()),
        year: 1984,
        rating: None,
        previous: None,
        ..zx81.clone()
    };
    let late = Machine { name: String::new(), year: 1992, cpu: Some("".into()), ..zx81.clone() };
    vec![zx81, pet, altair, ql, late]
}

async fn filled(db: Db) -> Db {
    let db = db.with(metadata![Machine]).await;
    let mut session = db.session();
    for machine in machines() {
        session.add(machine);
    }
    session.commit().await.unwrap();
    db
}

/// Compares what the rows give in memory with what a query gives: as a value, in the condition, the
/// order and the groups, and about an alias.
async fn check<T>(session: &mut Session, expr: Expr<T>, method: impl Fn(&Machine) -> T)
where
    T: ColumnType + IntoExpr<T::Base> + PartialOrd + Clone + Debug,
{
    let machines = session.all(select(Machine).order_by(Machine::id)).await.unwrap();
    let values: Vec<T> = machines.iter().map(|&machine| method(&session[machine])).collect();

    let selected = session.all(select(&expr).from(Machine).order_by(Machine::id)).await.unwrap();
    assert_eq!(selected, values, "selected: {expr:?}");

    for value in &values {
        let with_value = expr.is_not_distinct_from(value.clone());
        let found = session.all(select(Machine).filter(with_value).order_by(Machine::id)).await.unwrap();
        let expected: Vec<_> =
            machines.iter().zip(&values).filter(|(_, other)| *other == value).map(|(&machine, _)| machine).collect();
        assert_eq!(found, expected, "filtered: {expr:?}");
    }

    let ordered = select(&expr).from(Machine).order_by((expr.asc().nulls_first(), Machine::id));
    let mut sorted = values.clone();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert_eq!(session.all(ordered).await.unwrap(), sorted, "ordered: {expr:?}");

    let groups = select((&expr, count_all())).from(Machine).group_by(&expr).order_by(expr.asc().nulls_first());
    let mut counted: Vec<(T, i64)> = Vec::new();
    for value in sorted {
        match counted.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => counted.push((value, 1)),
        }
    }
    assert_eq!(session.all(groups).await.unwrap(), counted, "grouped: {expr:?}");

    let other = alias(Machine);
    let of_alias = select(expr.of(other)).from(other).order_by(Machine::id.of(other));
    assert_eq!(session.all(of_alias).await.unwrap(), values, "of an alias: {expr:?}");
}

#[tokio::test]
async fn numbers_are_the_same() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let session = &mut db.session();
        check(session, Machine::age_expr(2024), |it| it.age(2024)).await;
        check(session, Machine::decade_expr(), Machine::decade).await;
        check(session, Machine::in_century_expr(), Machine::in_century).await;
        check(session, Machine::doubled_expr(), Machine::doubled).await;
        check(session, Machine::third_expr(), Machine::third).await;
        check(session, Machine::revenue_expr(), Machine::revenue).await;
        check(session, Machine::ratio_expr(), Machine::ratio).await;
        check(session, Machine::whole_price_expr(), Machine::whole_price).await;
        check(session, Machine::distance_expr(), Machine::distance).await;
        check(session, Machine::heavy_expr(), Machine::heavy).await;
        check(session, Machine::wide_expr(), Machine::wide).await;
        if db.can(Capability::Decimals) {
            check(session, Machine::taxed_expr(), Machine::taxed).await;
        }
        check(session, Machine::tripled_expr(), Machine::tripled).await;
        check(session, Machine::works_expr(), Machine::works).await;
        // One that asks nothing of the entity can be selected, if not ordered by.
        let wheels = session.all(select(Machine::wheels_expr()).from(Machine)).await.unwrap();
        assert_eq!(wheels, machines().iter().map(Machine::wheels).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn options_are_the_same() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let session = &mut db.session();
        check(session, Machine::reduced_expr(), Machine::reduced).await;
        check(session, Machine::stars_expr(), Machine::stars).await;
        check(session, Machine::is_rated_expr(), Machine::is_rated).await;
        check(session, Machine::has_cpu_expr("Z80"), |it| it.has_cpu("Z80")).await;
        check(session, Machine::has_another_cpu_expr("Z80"), |it| it.has_another_cpu("Z80")).await;
        check(session, Machine::has_this_cpu_expr(Some("Z80")), |it| it.has_this_cpu(Some("Z80"))).await;
        check(session, Machine::has_this_cpu_expr(None), |it| it.has_this_cpu(None)).await;
        check(session, Machine::changed_expr(), Machine::changed).await;
        check(session, Machine::is_unknown_expr(), Machine::is_unknown).await;
        check(session, Machine::sought_expr(), |it| it.sought().map(str::to_owned)).await;
        check(session, Machine::sold_or_none_expr(), Machine::sold_or_none).await;
    })
    .await;
}

#[tokio::test]
async fn text_is_the_same() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let session = &mut db.session();
        check(session, Machine::title_expr(), Machine::title).await;
        check(session, Machine::label_expr(), |it| it.label().to_owned()).await;
        check(session, Machine::is_sinclair_expr(), Machine::is_sinclair).await;
        check(session, Machine::mentions_expr("80"), |it| it.mentions("80")).await;
        check(session, Machine::mentions_expr("%_"), |it| it.mentions("%_")).await;
        check(session, Machine::is_nameless_expr(), Machine::is_nameless).await;
        check(session, Machine::after_expr("Sinclair QL"), |it| it.after("Sinclair QL")).await;
    })
    .await;
}

#[tokio::test]
async fn conditions_are_the_same() {
    on_every_backend(async |db| {
        let db = filled(db).await;
        let session = &mut db.session();
        check(session, Machine::era_expr(), |it| it.era().to_owned()).await;
        check(session, Machine::is_classic_expr(1977), |it| it.is_classic(1977)).await;
        check(session, Machine::is_for_sale_expr(), Machine::is_for_sale).await;
        let day = NaiveDate::from_ymd_opt(2024, 5, 2).unwrap();
        check(session, Machine::was_seen_since_expr(day), |it| it.was_seen_since(day)).await;
        check(session, Machine::bonus_expr(true), |it| it.bonus(true)).await;
        check(session, Machine::bonus_expr(false), |it| it.bonus(false)).await;
        check(session, Machine::score_expr(), Machine::score).await;
        let conditions = session.all(select(Machine::condition_now_expr()).order_by(Machine::id)).await.unwrap();
        let expected: Vec<Condition> = machines().iter().map(Machine::condition_now).collect();
        assert_eq!(conditions, expected);
    })
    .await;
}

#[tokio::test]
async fn a_hybrid_is_used_like_a_column() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let sinclair = session.add(new!(Manufacturer { name: "Sinclair" }));
        for (number, name, quantity, unit_price) in [("1", "ZX81", 2, 70.0), ("2", "ZX80", 1, 99.5)] {
            let product = session.push(sinclair, Manufacturer::products, new!(Product { name: name, year: 1980 }));
            let order = session.add(new!(Order { number: number }));
            session.add(new!(OrderItem { order: order, product: product, quantity, unit_price }));
        }
        session.commit().await.unwrap();

        let dear = select(Order).join(Order::items).filter(OrderItem::total_expr().gt(100.0));
        let dear = session.one(dear).await.unwrap();
        let items = session.load(dear, Order::items).await.unwrap();

        assert_eq!(session[dear].number, "1");
        assert_eq!(session.view(items[0]).total(), 140.0);
        assert_eq!(session.one(select(sum(OrderItem::total_expr()))).await.unwrap(), 239.5);
        let any = Order::items.any(OrderItem::total_expr().lt(100.0));
        assert_eq!(session.all(select(Order::number).filter(any)).await.unwrap(), ["2"]);
    })
    .await;
}

#[test]
fn the_expressions_are_those_that_one_would_write() {
    let text = |expr: Expr<bool>| {
        let sql = select(expr).to_sql(Dialect::Postgres).unwrap().replace('"', "").replace("machines.", "");
        sql.strip_prefix("SELECT ").and_then(|sql| sql.strip_suffix(" FROM machines")).unwrap().to_string()
    };
    assert_eq!(text(Machine::has_cpu_expr("Z80")), "cpu = $1 AND cpu IS NOT NULL", "an index on the column is of use");
    assert_eq!(text(Machine::has_this_cpu_expr(None)), "cpu IS NULL");
    assert_eq!(text(Machine::has_another_cpu_expr("Z80")), "cpu IS DISTINCT FROM $1");
    assert_eq!(text(Machine::changed_expr()), "NOT (rating IS NOT DISTINCT FROM previous)");
    assert_eq!(text(Machine::is_classic_expr(1977)), "year >= $1 AND year >= $2 AND year <= $3");
}

/// What is generated is clean in a crate that denies everything, and needs no name of its own.
#[deny(missing_docs, unused, unreachable_pub, nonstandard_style, rust_2018_idioms, clippy::all, clippy::pedantic)]
mod strict {
    /// Names that generated code would trip over if it used any of them.
    #[allow(dead_code)]
    mod shadowed {
        pub(super) struct Expr;
        pub(super) struct Option;
        pub(super) struct String;
        pub(super) struct Column;
    }
    #[allow(unused_imports)]
    use shadowed::*;

    /// A model whose constants are elsewhere.
    #[derive(retro_core::prelude::Model)]
    #[retro(table = "settings", columns = SettingColumns)]
    pub(super) struct Setting {
        /// The key.
        #[retro(primary_key)]
        pub(super) id: i32,
        /// A keyword.
        pub(super) r#type: i32,
        /// May be missing.
        pub(super) name: ::std::option::Option<::std::string::String>,
    }

    impl Setting {
        /// Called like a keyword, too.
        #[retro_core::hybrid(columns = SettingColumns)]
        pub(super) fn r#move(&self, by: i32, (): ()) -> i32 {
            (self.r#type) + (by * 2)
        }

        #[allow(missing_docs)]
        #[retro_core::hybrid(columns = SettingColumns)]
        pub(super) fn name_or<'a>(&'a self, other: &'a str) -> &'a str {
            { self.name.as_deref() }.unwrap_or(other)
        }

        /// Uses the other.
        #[retro_core::hybrid(columns = SettingColumns)]
        pub(super) fn is_moved(&self) -> bool {
            self.r#move(1, ()) > self::LEAST && self.id != 0
        }
    }

    /// A value that is not of the entity.
    const LEAST: i32 = 4;
}

#[tokio::test]
async fn the_constants_may_be_elsewhere() {
    use strict::Setting;
    on_every_backend(async |db| {
        let db = db.with(metadata![Setting]).await;
        let mut session = db.session();
        let setting = session.add(Setting { r#type: 3, ..Setting::default() });
        session.commit().await.unwrap();

        let moved = select((Setting::move_expr(1, ()), Setting::name_or_expr(""), Setting::is_moved_expr()));
        let (moved, name, is_moved) = session.one(moved).await.unwrap();

        let setting = &session[setting];
        assert_eq!((moved, name.as_str()), (setting.r#move(1, ()), setting.name_or("")));
        assert!(is_moved && setting.is_moved());
    })
    .await;
}
