//! `delete`.

use retro_core::prelude::*;
use retro_tests::models::shop::{Manufacturer, Product};
use retro_tests::models::trees::Node;
use retro_tests::{assert_statements, on_every_backend};

use super::{Archive, machines, stored};

#[tokio::test]
async fn rows_that_meet_conditions() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let of_sinclair = Product::manufacturer.has(Manufacturer::name.eq("Sinclair"));
        let old = delete(Product).filter(of_sinclair).filter(Product::year.lt(1981));
        assert_eq!(session.execute(old).await.unwrap().rows, 1);
        let none = delete(Product).filter(Product::name.in_(Vec::<String>::new()));
        assert_eq!(session.execute(none).await.unwrap().rows, 0);
        assert_statements(&db.log, ["DELETE products", "DELETE products x0"]);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["Atom|1980", "ZX81|1981", "Electron|1983"]);
    })
    .await;
}

#[tokio::test]
async fn a_whole_table() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        assert_eq!(session.execute(delete(Product)).await.unwrap().rows, 4);
        assert_eq!(session.execute(delete(Product)).await.unwrap().rows, 0);
        session.commit().await.unwrap();
        assert!(stored(&db).await.is_empty());
    })
    .await;
}

/// The condition may read the table that the rows are deleted from.
#[tokio::test]
async fn the_written_table_is_read() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        let mut session = db.session();
        let average = select(avg(Product::year)).scalar();
        assert_eq!(
            session
                .execute(delete(Product).filter(Product::year.cast::<f64>().gt(average.coalesce(0.0))))
                .await
                .unwrap()
                .rows,
            1
        );
        let first = alias(Product);
        let same = Product::manufacturer_id.of(first).eq(Product::manufacturer_id);
        let duplicate = exists(select(first).filter(same & Product::id.of(first).lt(Product::id)));
        assert_eq!(session.execute(delete(Product).filter(duplicate)).await.unwrap().rows, 1);
        let kept = select(Product::id).order_by(Product::id.desc()).limit(1);
        assert_eq!(session.execute(delete(Product).filter(!Product::id.in_(kept))).await.unwrap().rows, 1);
        session.commit().await.unwrap();
        assert_eq!(stored(&db).await, ["ZX80|1980"]);
    })
    .await;
}

#[tokio::test]
async fn by_a_cte() {
    on_every_backend(async |db| {
        let db = machines(db).await;
        db.execute("INSERT INTO archive (name, year) VALUES ('ZX81', 1), ('Electron', 2)").await;
        let mut session = db.session();
        let archived = select(Archive::name).filter(Archive::year.gt(0)).cte("archived");
        let name = archived.columns();
        let gone = delete(Product).filter(Product::name.in_(select(&name).from(&archived)));
        assert_eq!(session.execute(gone).await.unwrap().rows, 2);
        assert_statements(&db.log, ["DELETE products x2"]);
    })
    .await;
}

/// It finds the rows by walking the table that they are deleted from.
#[tokio::test]
async fn by_a_recursive_cte() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Node]).await;
        let mut session = db.session();
        let root = session.add(new!(Node { name: "root" }));
        let child = session.push(root, Node::children, new!(Node { name: "child" }));
        session.push(child, Node::children, new!(Node { name: "grandchild" }));
        session.commit().await.unwrap();
        let below = select(Node::id).filter(Node::name.eq("child")).recursive("below", |below| {
            let id = below.columns();
            select(Node::id).join_on(below, Node::parent_id.eq(id))
        });
        let id = below.columns();
        let below = Node::id.in_(select(id).from(&below));
        let leaves = below & Node::children.is_empty();
        assert_eq!(session.execute(delete(Node).filter(leaves)).await.unwrap().rows, 1);
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM nodes ORDER BY id").await, ["root", "child"]);
    })
    .await;
}
