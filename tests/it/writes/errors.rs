//! What a database refuses is said in the words of the model, and fails the transaction as a flush does.

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::session::State;
use retro_core::value::{SqlType, Value, ValueError};
use retro_tests::models::features::Job;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::{Capability, on_every_backend};

use super::{machines, products, stored};

#[tokio::test]
async fn constraints_are_explained() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let taken =
            insert(Product).values(["x", "ZX81"].map(|name| new!(Product { name, year: 1, manufacturer_id: 1 })));
        let error = session.execute(taken).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error:?}");
        assert_eq!((error.model(), error.columns()), (Some("Product"), &["name"][..]));
        assert_eq!(error.constraint(), Some("uq_products_name"));
        assert!(error.to_string().starts_with("insert into Product: "), "{error}");
        session.rollback().await.unwrap();

        let error = session.execute(update(Product).set(Product::name.to("same"))).await.unwrap_err();
        assert_eq!((error.kind(), error.columns()), (ErrorKind::UniqueViolation, &["name"][..]));
        assert!(error.to_string().starts_with("update of Product: "), "{error}");
        session.rollback().await.unwrap();

        let error = session.execute(insert(Product).set(Product::name.to("x"))).await.unwrap_err();
        assert!(error.is_integrity(), "{error:?}");
        assert_eq!(error.model(), Some("Product"));
        session.rollback().await.unwrap();

        let error = session.execute(delete(Manufacturer).filter(Manufacturer::id.eq(1))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error:?}");
        if db.can(Capability::NamesForeignKey) {
            assert_eq!((error.model(), error.columns()), (Some("Product"), &["manufacturer_id"][..]));
        }
        session.rollback().await.unwrap();
        assert_eq!(stored(&db).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn checks_are_explained() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Job]).await;
        let mut session = db.session();
        session.execute(insert(Job).value(new!(Job { name: "j" }))).await.unwrap();
        let error = session.execute(update(Job).set(Job::attempts.to(Job::attempts - 1))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CheckViolation, "{error:?}");
        assert_eq!((error.model(), error.constraint()), (Some("Job"), Some("ck_jobs_attempts_not_negative")));
    })
    .await;
}

/// The transaction is over in the database, the session waits for `rollback`, and memory goes back.
#[tokio::test]
async fn a_refusal_fails_the_transaction() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        session.execute(update(Product).set(Product::year.to(1))).await.unwrap();
        session.execute(delete(Product).filter(Product::id.eq(1))).await.unwrap();
        let first = session.execute(update(Product).set(Product::name.to("same"))).await.unwrap_err();
        for error in [
            session.execute(delete(Product)).await.unwrap_err(),
            session.all(select(Product)).await.unwrap_err(),
            session.commit().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::RolledBack);
            assert!(error.to_string().contains(&first.to_string()), "{error}");
        }
        session.rollback().await.unwrap();
        assert_eq!(all.iter().map(|&p| session[p].year).collect::<Vec<_>>(), [1980, 1980, 1981, 1983]);
        assert!(all.iter().all(|&product| session.state(product) == State::Persistent));
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|1980", "ZX80|1980", "ZX81|1981", "Electron|1983"]);
    })
    .await;
}

/// Within a savepoint only that is lost.
#[tokio::test]
async fn a_refusal_within_a_savepoint() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let all = products(&mut session).await;
        session.execute(update(Product).set(Product::year.to(1)).filter(Product::id.eq(1))).await.unwrap();
        let failed: Result<(), Error> = session
            .nested(async |session| {
                session.execute(update(Product).set(Product::year.to(2))).await?;
                session.execute(update(Product).set(Product::name.to("same"))).await?;
                Ok(())
            })
            .await;
        assert!(failed.unwrap_err().is_unique_violation());
        assert_eq!(all.iter().map(|&p| session[p].year).collect::<Vec<_>>(), [1, 1980, 1981, 1983]);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await[..2], ["Atom|1", "ZX80|1980"]);
    })
    .await;
}

/// A refusal of a later statement of many takes the earlier ones along.
#[tokio::test]
async fn all_or_nothing() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let name = |n: i32| if n == 29_999 { "ZX81".to_owned() } else { format!("p{n}") };
        let many = (0..30_000).map(|n| new!(Product { name: name(n), year: n, manufacturer_id: 1 }));
        assert!(session.execute(insert(Product).values(many)).await.unwrap_err().is_unique_violation());
        assert!(session.commit().await.unwrap_err().is_rolled_back());
        session.rollback().await.unwrap();
        assert_eq!(stored(&db).await.len(), 4);
    })
    .await;
}

/// A type that refuses some of its values.
#[derive(Debug, Clone, PartialEq, Default)]
struct Positive(i32);

impl ColumnType for Positive {
    const SQL_TYPE: SqlType = SqlType::I32;
    type Base = Positive;
    type View<'a> = &'a Positive;

    fn to_value(&self) -> Value<'_> {
        match self.0 {
            1.. => Value::Int(self.0.into()),
            other => Value::Invalid(format!("{other} is not positive").into()),
        }
    }

    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        i32::from_value(value).map(Positive)
    }

    fn view(&self) -> &Positive {
        self
    }
}

#[derive(Model, Debug, Clone)]
#[retro(table = "measures")]
struct Measure {
    #[retro(primary_key)]
    id: i32,
    value: Positive,
}

#[tokio::test]
async fn values_that_have_no_form() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Measure]).await;
        let mut session = db.session();
        let given = [new!(Measure { value: Positive(1) }), new!(Measure { value: Positive(-1) })];
        let error = session.execute(insert(Measure).values(given)).await.unwrap_err();
        assert_eq!((error.kind(), error.columns()), (ErrorKind::Conversion, &["value"][..]));
        assert_eq!(error.to_string(), "Measure::value of row 2 cannot be written: -1 is not positive");
    })
    .await;
}
