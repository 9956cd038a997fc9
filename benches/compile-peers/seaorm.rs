//! The six queries on SeaORM.

use sea_orm::ActiveValue::Set;
use sea_orm::prelude::*;
use sea_orm::{ConnectOptions, Database, IntoActiveModel, QueryOrder, QuerySelect, Schema, TransactionTrait};

use crate::models::*;

pub async fn all() -> Result<(), DbErr> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    let schema = Schema::new(db.get_database_backend());
    macro_rules! create {
        ($($thing:ident)*) => { $(db.execute(&schema.create_table_from_entity($thing::Entity)).await?;)* };
    }
    create!(thing1 thing2 thing3 thing4 thing5 thing6 thing7 thing8 thing9 thing10 thing11 thing12 thing13 thing14 thing15);
    insert(&db).await?;
    println!("{:?}", expensive(&db).await?);
    raise(&db, 2).await?;
    println!("{:?}", totals(&db).await?);
    println!("{:?}", with_children(&db).await?);
    println!("{}", remove(&db).await?);
    Ok(())
}

async fn insert(db: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = db.begin().await?;
    for n in 0..10 {
        let (name, code, amount) = (Set(format!("head {n}")), Set("h".to_owned()), Set(n));
        let (price, active, rank) = (Set(1.0), Set(true), Set(1));
        let head = thing1::ActiveModel { name, code, amount, price, active, rank, ..Default::default() };
        let parent = head.insert(&transaction).await?;
        let children = (0..3).map(|k| thing2::ActiveModel {
            name: Set(format!("child {n} {k}")),
            code: Set("c".to_owned()),
            amount: Set(k),
            price: Set((n * k) as f64),
            active: Set(k != 1),
            parent_id: Set(parent.id),
            ..Default::default()
        });
        thing2::Entity::insert_many(children).exec(&transaction).await?;
    }
    transaction.commit().await
}

async fn expensive(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let things = thing2::Entity::find().filter(thing2::Column::Price.gt(4.0)).filter(thing2::Column::Active.eq(true));
    let things = things.order_by_desc(thing2::Column::Price).order_by_asc(thing2::Column::Id).limit(10);
    Ok(things.all(db).await?.into_iter().map(|thing| thing.name).collect())
}

async fn raise(db: &DatabaseConnection, key: i64) -> Result<(), DbErr> {
    if let Some(thing) = thing2::Entity::find_by_id(key).one(db).await? {
        let amount = Set(thing.amount + 10);
        let mut thing = thing.into_active_model();
        thing.amount = amount;
        thing.update(db).await?;
    }
    Ok(())
}

async fn totals(db: &DatabaseConnection) -> Result<Vec<(String, i64)>, DbErr> {
    let totals = thing1::Entity::find().inner_join(thing2::Entity).select_only().column(thing1::Column::Name);
    let totals = totals.column_as(thing2::Column::Amount.sum(), "total").group_by(thing1::Column::Name);
    totals.order_by_asc(thing1::Column::Name).into_tuple().all(db).await
}

async fn with_children(db: &DatabaseConnection) -> Result<Vec<(String, usize)>, DbErr> {
    let heads = thing1::Entity::load().with(thing2::Entity).order_by_asc(thing1::Column::Id).all(db).await?;
    Ok(heads.into_iter().map(|head| (head.name, head.children.into_iter().count())).collect())
}

async fn remove(db: &DatabaseConnection) -> Result<u64, DbErr> {
    Ok(thing2::Entity::delete_many().filter(thing2::Column::Price.lt(3.0)).exec(db).await?.rows_affected)
}
