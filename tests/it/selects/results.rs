//! What rows are read as.

use retro_core::prelude::*;
use retro_tests::models::shop::{Country, Customer, Manufacturer, Order, Product};

use super::on_shop;

#[derive(Debug, PartialEq)]
struct Year {
    year: i32,
    products: i64,
}

impl FromRow for Year {
    type Row = (i32, i64);
    const FIELDS: &'static [&'static str] = &["year", "products"];

    fn from_row((year, products): Self::Row) -> Self {
        Year { year, products }
    }
}

#[derive(Debug, PartialEq)]
struct Named {
    name: String,
    cpu: Option<String>,
    maker: Entity<Manufacturer>,
}

impl FromRow for Named {
    type Row = (String, Option<String>, Entity<Manufacturer>);
    const FIELDS: &'static [&'static str] = &["name", "cpu", "maker"];

    fn from_row((name, cpu, maker): Self::Row) -> Self {
        Named { name, cpu, maker }
    }
}

#[tokio::test]
async fn results() {
    on_shop("results", async |forms| {
        let by_year =
            || select((Product::year, count(Product))).group_by(Product::year).order_by(Product::year).limit(2);
        forms.rows("tuples", by_year(), [(1977, 1), (1980, 2)]).await;
        forms
            .rows(
                "structs",
                by_year().into::<Year>(),
                [Year { year: 1977, products: 1 }, Year { year: 1980, products: 2 }],
            )
            .await;
        forms.rows("mapped", by_year().map(|(year, n)| format!("{year}: {n}")), ["1977: 1", "1980: 2"]).await;
        forms
            .rows(
                "mapped twice",
                by_year().map(|(year, n)| (n, year)).map(|(n, year)| i64::from(year) * n),
                [1977i64, 3960],
            )
            .await;
        forms
            .rows(
                "mapped before it is filtered",
                by_year().map(|(year, _)| year).filter(Product::year.gt(1977)),
                [1980, 1981],
            )
            .await;
        let maker = forms.session.one(select(Manufacturer).filter(Manufacturer::name.eq("Sinclair"))).await.unwrap();
        let named = select((Product::name, Product::cpu, Manufacturer))
            .join(Product::manufacturer)
            .filter(Product::name.eq("QL"));
        forms
            .one("a struct with an entity", named.into::<Named>(), Named { name: "QL".into(), cpu: None, maker })
            .await;
        let nested = select(((Product::id, Product::year), (Product::name, (Product::cpu,)))).filter(Product::id.eq(7));
        forms.one("nested tuples", nested, ((7, 1984), ("QL".to_owned(), (None::<String>,)))).await;
        let twelve =
            select((lit(1), lit(2), lit(3), lit(4), lit(5), lit(6), lit(7), lit(8), lit(9), lit(10), lit(11), lit(12)));
        forms.one("twelve values", twelve, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)).await;

        let optional =
            select((Order::number, Customer.optional())).from(Order).outer_join(Order::customer).order_by(Order::id);
        forms
            .rows(
                "optional",
                optional.map(|(number, customer)| (number, customer.is_some())),
                [("A1", true), ("A2", true), ("B1", true), ("X1", false)].map(|(number, is)| (number.to_owned(), is)),
            )
            .await;
        let buyer = alias(Customer);
        let optional = select((Order::number, buyer.optional()))
            .from(Order)
            .outer_join(Order::customer.to(buyer))
            .order_by(Order::id.desc())
            .limit(2);
        forms
            .rows(
                "an optional alias",
                optional.map(|(number, customer)| (number, customer.is_some())),
                [("X1", false), ("B1", true)].map(|(number, is)| (number.to_owned(), is)),
            )
            .await;
        let countries = select(Country.owned()).order_by(Country::id).limit(1);
        forms.one("owned", countries.map(|country| (country.id, country.name)), (1, "UK".to_owned())).await;
        let other = alias(Country);
        let pair = select((other.owned(), Country))
            .from(Country)
            .join_on(other, Country::id.of(other).eq(Country::id + 1))
            .filter(Country::id.eq(1));
        forms.one("an owned alias beside an entity", pair.map(|(country, _)| country.name), "USA").await;
        assert_eq!(forms.db.session().all(select(Country.owned())).await.unwrap().len(), 4);

        let same = select((Product, Product::name, Product)).filter(Product::id.eq(7));
        let (a, name, b) = forms.session.one(same).await.unwrap();
        assert_eq!((a, name.as_str()), (b, "QL"));
    })
    .await;
}
