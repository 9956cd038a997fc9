//! The six queries on retro.

use retro_core::Result;
use retro_core::prelude::*;

use crate::models::*;

pub async fn all() -> Result<()> {
    let engine = Engine::connect("sqlite::memory:").await?;
    let tables = MetaData::new().with::<Thing1>().with::<Thing2>().with::<Thing3>().with::<Thing4>().with::<Thing5>();
    let tables = tables.with::<Thing6>().with::<Thing7>().with::<Thing8>().with::<Thing9>().with::<Thing10>();
    let tables = tables.with::<Thing11>().with::<Thing12>().with::<Thing13>().with::<Thing14>().with::<Thing15>();
    tables.create_all(&engine).await?;
    let mut session = Session::new(&engine);
    insert(&mut session).await?;
    println!("{:?}", expensive(&mut session).await?);
    raise(&mut session, 2).await?;
    println!("{:?}", totals(&mut session).await?);
    println!("{:?}", with_children(&mut session).await?);
    println!("{}", remove(&mut session).await?);
    Ok(())
}

async fn insert(session: &mut Session) -> Result<()> {
    for n in 0..10 {
        let name = format!("head {n}");
        let parent = session.add(new!(Thing1 { name, code: "h", amount: n, price: 1.0, active: true, rank: 1 }));
        for k in 0..3 {
            let (name, price) = (format!("child {n} {k}"), (n * k) as f64);
            session.add(new!(Thing2 { name, code: "c", amount: k, price, active: k != 1, parent }));
        }
    }
    session.commit().await
}

async fn expensive(session: &mut Session) -> Result<Vec<String>> {
    let things = select(Thing2).filter(Thing2::price.gt(4.0)).filter(Thing2::active.eq(true));
    let things = session.all(things.order_by((Thing2::price.desc(), Thing2::id)).limit(10)).await?;
    Ok(things.into_iter().map(|thing| session[thing].name.clone()).collect())
}

async fn raise(session: &mut Session, key: i64) -> Result<()> {
    if let Some(thing) = session.get::<Thing2>(key).await? {
        session[thing].amount += 10;
    }
    session.commit().await
}

async fn totals(session: &mut Session) -> Result<Vec<(String, i64)>> {
    let totals = select((Thing1::name, sum(Thing2::amount))).join(Thing1::children);
    session.all(totals.group_by(Thing1::name).order_by(Thing1::name)).await
}

async fn with_children(session: &mut Session) -> Result<Vec<(String, usize)>> {
    let heads = session.all(select(Thing1).options(selectin(Thing1::children)).order_by(Thing1::id)).await?;
    let with = |&head: &Entity<Thing1>| (session[head].name.clone(), session.entities(head, Thing1::children).len());
    Ok(heads.iter().map(with).collect())
}

async fn remove(session: &mut Session) -> Result<u64> {
    let removed = session.execute(delete(Thing2).filter(Thing2::price.lt(3.0))).await?;
    session.commit().await?;
    Ok(removed.rows)
}
