//! Cascades and orphans.

use retro_core::prelude::*;
use retro_core::session::State;
use retro_tests::models::features::{
    Agent, Caption, Client, Contract, Door, Flat, Image, Plug, Post, Preference, Socket, Tenant, User,
};
use retro_tests::models::shop::{self, Customer, Manufacturer, Order, OrderItem, Product, ProductDetail};
use retro_tests::models::trees::Branch;
use retro_tests::{Db, Verb, assert_statements, on_every_backend};

fn product(name: &str) -> Product {
    new!(Product { name, year: 1980 })
}

/// Two manufacturers; the first has two products.
async fn two_manufacturers(db: &Db) -> (Session, [Entity<Manufacturer>; 2], Vec<Entity<Product>>) {
    let mut session = db.session();
    let acorn = session.add(new!(Manufacturer { name: "Acorn", products: ["Atom", "Electron"].map(product) }));
    let bbc = session.add(new!(Manufacturer { name: "BBC" }));
    session.commit().await.unwrap();
    let products = session.entities(acorn, Manufacturer::products);
    db.log.clear();
    (session, [acorn, bbc], products)
}

/// `OneToManyTest.test_child_move`
#[tokio::test]
async fn child_move() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, [acorn, bbc], products) = two_manufacturers(&db).await;

        session.remove(acorn, Manufacturer::products, products[0]);
        session.push(bbc, Manufacturer::products, products[0]);
        session.delete(acorn);
        session.commit().await.unwrap();

        assert_eq!(session[products[0]].manufacturer_id, session[bbc].id);
        assert!(!session.contains(products[1]));
        let stored = db.rows("SELECT p.name, m.name FROM products p JOIN manufacturers m ON m.id = p.manufacturer_id");
        assert_eq!(stored.await, ["Atom|BBC"]);
    })
    .await;
}

/// `O2MConflictTest.test_o2o_delorphan_delete_old`
#[tokio::test]
async fn o2o_delorphan_delete_old() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let detail = new!(ProductDetail { code: "d" });
        let atom = new!(Product { name: "Atom", year: 1980, detail });
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products: [atom, product("Electron")] }));
        session.commit().await.unwrap();
        let [old, new] = session.entities(acorn, Manufacturer::products)[..] else { panic!() };
        let detail = session.entities(old, Product::detail).unwrap();

        session.delete(old);
        session.set(new, Product::detail, detail);
        session.commit().await.unwrap();

        assert_eq!(session.state(detail), State::Persistent);
        assert_eq!(session.entities(detail, ProductDetail::product), new);
        let stored = db.rows("SELECT d.code, p.name FROM product_details d JOIN products p ON p.id = d.product_id");
        assert_eq!(stored.await, ["d|Electron"]);
    })
    .await;
}

/// `O2MConflictTest.test_o2m_backref_delorphan_delete_old`: the same where it is the side with the foreign
/// key that deletes what it lets go. Said from either side.
#[tokio::test]
async fn o2m_backref_delorphan_delete_old() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Socket, Plug]).await;
        for from_the_plug in [true, false] {
            let mut session = db.session();
            let plug = session.add(new!(Plug { name: "p", socket: new!(Socket { name: "old" }) }));
            let new = session.add(new!(Socket { name: "new" }));
            session.commit().await.unwrap();
            let old = session.entities(plug, Plug::socket).unwrap();

            session.delete(old);
            match from_the_plug {
                true => session.set(plug, Plug::socket, new),
                false => session.set(new, Socket::plug, plug),
            }
            session.commit().await.unwrap();

            assert_eq!(session.state(plug), State::Persistent);
            assert_eq!(session.entities(new, Socket::plug), Some(plug));
            let stored = db.rows("SELECT p.name, s.name FROM plugs p JOIN sockets s ON s.id = p.socket_id").await;
            assert_eq!(stored, ["p|new"]);
            assert_eq!(db.rows("SELECT name FROM sockets").await, ["new"]);

            session.delete(plug);
            session.commit().await.unwrap();
            assert!(db.rows("SELECT name FROM sockets").await.is_empty());
        }
    })
    .await;
}

/// A child whose old parent is deleted survives by being given another, said from the child's side.
#[tokio::test]
async fn child_given_another_parent_survives() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, [acorn, bbc], products) = two_manufacturers(&db).await;

        session.delete(acorn);
        session.set(products[0], Product::manufacturer, bbc);
        session.commit().await.unwrap();

        assert_eq!(session.state(products[0]), State::Persistent);
        assert_eq!(db.rows("SELECT name FROM products").await, ["Atom"]);
    })
    .await;
}

/// `O2MCascadeDeleteOrphanTest.test_list_assignment_replace`
#[tokio::test]
async fn list_assignment_replace() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, [acorn, _], products) = two_manufacturers(&db).await;

        session.replace(acorn, Manufacturer::products, ["Archimedes", "Master"].map(product));
        session.commit().await.unwrap();

        assert!(products.iter().all(|&product| !session.contains(product)));
        assert_eq!(db.rows("SELECT name FROM products ORDER BY name").await, ["Archimedes", "Master"]);
    })
    .await;
}

/// The same through the field, with a collection that is not loaded.
#[tokio::test]
async fn assignment_of_an_unloaded_collection() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (_, _, _) = two_manufacturers(&db).await;
        let mut session = db.session();
        let acorn = session.one(select(Manufacturer).filter(Manufacturer::name.eq("Acorn"))).await.unwrap();
        db.log.clear();

        session[acorn].products = [product("Master")].into();
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT name FROM products ORDER BY name").await, ["Master"]);
        assert_eq!(session.entities(acorn, Manufacturer::products).len(), 1);
    })
    .await;
}

/// `O2MCascadeDeleteOrphanTest.test_remove_pending_from_collection`
#[tokio::test]
async fn remove_pending_from_collection() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, [acorn, _], _) = two_manufacturers(&db).await;

        let master = session.push(acorn, Manufacturer::products, product("Master"));
        assert_eq!(session.state(master), State::Pending);
        session.remove(acorn, Manufacturer::products, master);
        assert_eq!(session.state(master), State::Detached);
        session.commit().await.unwrap();

        assert_statements(&db.log, []);
        assert_eq!(session.take(master).unwrap().name, "Master");
    })
    .await;
}

/// `O2MCascadeDeleteOrphanTest.test_remove_pending_from_pending_parent`
#[tokio::test]
async fn remove_pending_from_pending_parent() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let acorn = session.add(new!(Manufacturer { name: "Acorn", products: [product("Atom")] }));
        let atom = session.entities(acorn, Manufacturer::products)[0];

        session.remove(acorn, Manufacturer::products, atom);
        assert_eq!(session.state(atom), State::Detached);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT manufacturers"]);
    })
    .await;
}

/// A pending orphan that is given another parent is part of the unit of work again.
#[tokio::test]
async fn a_pending_orphan_is_adopted() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, [acorn, bbc], _) = two_manufacturers(&db).await;

        let master = session.push(acorn, Manufacturer::products, product("Master"));
        session.remove(acorn, Manufacturer::products, master);
        session.push(bbc, Manufacturer::products, master);
        assert_eq!(session.state(master), State::Pending);
        session.commit().await.unwrap();

        assert_statements(&db.log, ["INSERT products"]);
        assert_eq!(session[master].manufacturer_id, session[bbc].id);
    })
    .await;
}

/// `PendingOrphanTestSingleLevel.test_pending_standalone_orphan`
#[tokio::test]
async fn pending_standalone_orphan() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, [acorn, _], _) = two_manufacturers(&db).await;

        let manufacturer_id = session[acorn].id;
        let master = session.add(new!(Product { name: "Master", year: 1986, manufacturer_id }));
        session.commit().await.unwrap();

        assert_eq!(session.state(master), State::Persistent);
        assert_statements(&db.log, ["INSERT products"]);
    })
    .await;
}

/// `O2MCascadeDeleteOrphanTest.test_delete_unloaded_collections`
#[tokio::test]
async fn delete_unloaded_collections() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (_, _, _) = two_manufacturers(&db).await;
        let mut session = db.session();
        let acorn = session.one(select(Manufacturer).filter(Manufacturer::name.eq("Acorn"))).await.unwrap();

        session.delete(acorn);
        session.commit().await.unwrap();

        assert!(db.rows("SELECT name FROM products").await.is_empty());
        assert_eq!(db.rows("SELECT name FROM manufacturers").await, ["BBC"]);
    })
    .await;
}

/// `O2MCascadeDeleteNoOrphanTest.test_cascade_delete_noorphans`
#[tokio::test]
async fn cascade_delete_noorphans() {
    use retro_tests::models::features::{File, Folder};
    on_every_backend(async |db| {
        let db = db.with(metadata![Folder, File]).await;
        let mut session = db.session();
        let folder = session.add(new!(Folder { name: "src", files: ["a", "b"].map(|name| new!(File { name })) }));
        session.commit().await.unwrap();
        let files = session.entities(folder, Folder::files);

        session.remove(folder, Folder::files, files[0]);
        session.delete(folder);
        session.commit().await.unwrap();

        assert_eq!(session.state(files[0]), State::Persistent);
        assert_eq!(db.rows("SELECT name, folder_id FROM files").await, ["a|NULL"]);
    })
    .await;
}

/// `M2OCascadeDeleteOrphanTestTwo.test_single_parent_raise`
#[tokio::test]
async fn single_parent_raise() {
    on_every_backend(async |db| {
        let db = db.with(metadata![User, Preference]).await;
        let mut session = db.session();
        let ada = session.add(new!(User { name: "Ada", preference: new!(Preference { theme: "dark" }) }));
        let bob = session.add(new!(User { name: "Bob" }));
        session.commit().await.unwrap();
        let dark = session.entities(ada, User::preference).unwrap();

        session.set(bob, User::preference, dark);
        let error = session.commit().await.unwrap_err();

        assert!(error.to_string().contains("User::preference"), "{error}");
        session.rollback().await.unwrap();
        assert_eq!(session.entities(ada, User::preference), Some(dark));
    })
    .await;
}

/// `M2OCascadeDeleteOrphanTestOne.test_double_assignment`
#[tokio::test]
async fn double_assignment() {
    on_every_backend(async |db| {
        let db = db.with(metadata![User, Preference]).await;
        let mut session = db.session();
        let ada = session.add(new!(User { name: "Ada", preference: new!(Preference { theme: "dark" }) }));
        session.commit().await.unwrap();

        let light = session.add(new!(Preference { theme: "light" }));
        session.set(ada, User::preference, light);
        session.set(ada, User::preference, light);
        session.commit().await.unwrap();

        assert_eq!(session.entities(ada, User::preference), Some(light));
        assert_eq!(db.rows("SELECT theme FROM preferences").await, ["light"]);
    })
    .await;
}

/// Many-to-one with delete-orphan: the target that is replaced, or set to none, or whose owner goes,
/// is deleted.
#[tokio::test]
async fn m2o_delete_orphan() {
    on_every_backend(async |db| {
        let db = db.with(metadata![User, Preference]).await;
        let mut session = db.session();
        let user = |name: &str| new!(User { name, preference: new!(Preference { theme: name }) });
        let users = session.add_all(["a", "b", "c"].map(user));
        session.commit().await.unwrap();

        session.set(users[0], User::preference, new!(Preference { theme: "other" }));
        session.set(users[1], User::preference, None);
        session.delete(users[2]);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT theme FROM preferences").await, ["other"]);
    })
    .await;
}

/// `M2MCascadeTest.test_delete_orphan_cascades`
#[tokio::test]
async fn m2m_delete_orphan_cascades() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Post, Image, Caption]).await;
        let mut session = db.session();
        let image = |path: &str| new!(Image { path, captions: [new!(Caption { text: path })] });
        let post = session.add(new!(Post { title: "p", images: ["a", "b"].map(image) }));
        session.commit().await.unwrap();
        let images = session.entities(post, Post::images);

        session.remove(post, Post::images, images[0]);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT path FROM images").await, ["b"]);
        assert_eq!(db.rows("SELECT text FROM captions").await, ["b"]);
        assert_eq!(db.rows("SELECT COUNT(*) FROM posts_images").await, ["1"]);

        session.delete(post);
        session.commit().await.unwrap();
        assert!(db.rows("SELECT path FROM images").await.is_empty());
        assert!(db.rows("SELECT text FROM captions").await.is_empty());
    })
    .await;
}

/// `DoubleParentO2MOrphanTest.test_double_parent_expunge_o2m_current`
#[tokio::test]
async fn orphan_of_either_parent_is_an_orphan() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Agent, Client, Contract]).await;
        let mut session = db.session();
        let agent = session.add(new!(Agent {}));
        let client = session.add(new!(Client {}));
        let contract = session.push(agent, Agent::accounts, new!(Contract {}));
        session.push(client, Client::contracts, contract);

        session.remove(agent, Agent::accounts, contract);
        assert_eq!(session.state(contract), State::Detached);
        session.commit().await.unwrap();

        assert!(db.rows("SELECT id FROM contracts").await.is_empty());
    })
    .await;
}

/// `O2MSelfReferentialDetelOrphanTest.test_self_referential_delete`
#[tokio::test]
async fn self_referential_delete_orphan() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Branch]).await;
        let mut session = db.session();
        let leaf = |name: &str| new!(Branch { name });
        let inner = new!(Branch { name: "inner", children: [leaf("a"), leaf("b")] });
        let root = session.add(new!(Branch { name: "root", children: [inner, leaf("c")] }));
        session.commit().await.unwrap();
        session.expunge_all();
        let [root, inner] = async {
            let _ = root;
            let root = session.one(select(Branch).filter(Branch::name.eq("root"))).await.unwrap();
            [root, session.one(select(Branch).filter(Branch::name.eq("inner"))).await.unwrap()]
        }
        .await;

        session.remove(root, Branch::children, inner);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT name FROM branches ORDER BY name").await, ["c", "root"]);
    })
    .await;
}

/// `NoBackrefCascadeTest.test_o2m_basic`: what is linked from the other side is in the session already,
/// and linking does not change what state it is in.
#[tokio::test]
async fn linking_does_not_revive() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let ada = session.add(new!(Customer { name: "Ada" }));
        session.commit().await.unwrap();
        let order = session.add(new!(Order { number: "1" }));
        session.delete(order);
        assert_eq!(session.state(order), State::Detached);

        session.set(order, Order::customer, ada);
        session.commit().await.unwrap();

        assert_eq!(session.state(order), State::Detached);
        assert!(db.rows("SELECT number FROM orders").await.is_empty());
    })
    .await;
}

/// A new child goes with the parent that is deleted: it never becomes a row.
#[tokio::test]
async fn new_children_go_with_their_parent() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        for before_the_delete in [true, false] {
            let mut session = db.session();
            let order = session.add(new!(Order { number: "1" }));
            let maker = session.add(new!(Manufacturer { name: "Acorn", products: ["a", "b"].map(product) }));
            session.commit().await.unwrap();
            let products = session.entities(maker, Manufacturer::products);
            let item = |product: Entity<Product>| new!(OrderItem { product, quantity: 1 });
            session.push(order, Order::items, item(products[0]));
            session.commit().await.unwrap();
            db.log.clear();

            if !before_the_delete {
                session.delete(order);
            }
            let new = session.push(order, Order::items, item(products[1]));
            if before_the_delete {
                session.delete(order);
            }
            session.flush().await.unwrap();
            assert_statements(&db.log, ["DELETE orders_items", "DELETE orders"]);
            assert_eq!(session.state(new), State::Detached);

            session.rollback().await.unwrap();
            assert_eq!(session.entities(order, Order::items).len(), 1);
            assert_eq!(session.state(new), State::Detached);
            // Out of the unit of work it can still be given a parent.
            session.push(order, Order::items, new);
            session.commit().await.unwrap();
            assert_eq!(session.state(new), State::Persistent);
            assert_eq!(db.rows("SELECT COUNT(*) FROM orders_items").await, ["2"]);

            session.delete(order);
            session.delete(maker);
            session.commit().await.unwrap();
        }
    })
    .await;
}

/// `M2OCascadeDeleteOrphanTestTwo.test_deletes_orphans_twolevel`: what a row in the middle has let go is
/// deleted with it, loaded or not.
#[tokio::test]
async fn deletes_orphans_twolevel() {
    on_every_backend(async |db| {
        let db = db.with(metadata![Tenant, Flat, Door]).await;
        for loaded in [true, false] {
            let mut session = db.session();
            let tenant = session.add(new!(Tenant { flat: new!(Flat { door: new!(Door { colour: "red" }) }) }));
            session.commit().await.unwrap();
            let mut flat = session.entities(tenant, Tenant::flat).unwrap();
            let mut tenant = tenant;
            if !loaded {
                session.expunge_all();
                tenant = session.one(select(Tenant)).await.unwrap();
                flat = session.one(select(Flat)).await.unwrap();
            }

            session.set(flat, Flat::door, None);
            session.delete(tenant);
            session.commit().await.unwrap();

            for table in ["tenants", "flats", "doors"] {
                assert_eq!(db.rows(&format!("SELECT COUNT(*) FROM {table}")).await, ["0"], "{table}");
            }
        }
    })
    .await;
}

/// Cascades go on from what is deleted.
#[tokio::test]
async fn delete_cascades_two_levels() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let mut session = db.session();
        let atom = new!(Product { name: "Atom", year: 1980, detail: new!(ProductDetail { code: "d" }) });
        session.add(new!(Manufacturer { name: "Acorn", products: [atom] }));
        session.commit().await.unwrap();
        session.expunge_all();
        let acorn = session.one(select(Manufacturer)).await.unwrap();

        session.delete(acorn);
        session.commit().await.unwrap();

        for table in ["manufacturers", "products", "product_details"] {
            assert_eq!(db.rows(&format!("SELECT COUNT(*) FROM {table}")).await, ["0"], "{table}");
        }
    })
    .await;
}

/// Moving a child to another parent by its own side, its collection or the field is one UPDATE each.
#[tokio::test]
async fn moves_are_updates() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (mut session, [acorn, bbc], products) = two_manufacturers(&db).await;

        session.set(products[0], Product::manufacturer, bbc);
        session.flush().await.unwrap();
        assert_statements(&db.log, ["UPDATE products (manufacturer_id)"]);

        session.push(acorn, Manufacturer::products, products[0]);
        session.flush().await.unwrap();
        assert_statements(&db.log, ["UPDATE products (manufacturer_id)"]);

        session[products[0]].manufacturer_id = session[bbc].id;
        session.flush().await.unwrap();
        assert_statements(&db.log, ["UPDATE products (manufacturer_id)"]);
        assert_eq!(session.entities(bbc, Manufacturer::products), [products[0]]);
        assert_eq!(session.entities(acorn, Manufacturer::products), [products[1]]);

        session[products[0]].manufacturer = acorn.into();
        session.flush().await.unwrap();
        assert_statements(&db.log, ["UPDATE products (manufacturer_id)"]);
        assert_eq!(session[products[0]].manufacturer_id, session[acorn].id);
    })
    .await;
}

/// The same where the old target was never loaded: the flush reads it.
#[tokio::test]
async fn m2o_delete_orphan_unloaded() {
    on_every_backend(async |db| {
        let db = db.with(metadata![User, Preference]).await;
        let mut session = db.session();
        let user = |name: &str| new!(User { name, preference: new!(Preference { theme: name }) });
        session.add_all(["a", "b", "c"].map(user));
        session.commit().await.unwrap();
        let mut session = db.session();
        let users = session.all(select(User).order_by(User::name)).await.unwrap();
        db.log.clear();

        session.set(users[0], User::preference, new!(Preference { theme: "other" }));
        session.set(users[1], User::preference, None);
        session.commit().await.unwrap();

        assert_eq!(db.rows("SELECT theme FROM preferences ORDER BY theme").await, ["c", "other"]);
        assert_eq!(db.log.count(Verb::Select), 2);
    })
    .await;
}

/// A target that moves from one owner to another in one flush is not an orphan.
#[tokio::test]
async fn m2o_delete_orphan_moves() {
    on_every_backend(async |db| {
        let db = db.with(metadata![User, Preference]).await;
        let mut session = db.session();
        let ada = session.add(new!(User { name: "Ada", preference: new!(Preference { theme: "dark" }) }));
        let bob = session.add(new!(User { name: "Bob" }));
        session.commit().await.unwrap();
        let dark = session.entities(ada, User::preference).unwrap();

        session.set(ada, User::preference, None);
        session.set(bob, User::preference, dark);
        session.commit().await.unwrap();

        assert_eq!(session.state(dark), State::Persistent);
        assert_eq!(db.rows("SELECT name, preference_id FROM users ORDER BY name").await, ["Ada|NULL", "Bob|1"]);
    })
    .await;
}

/// A rollback takes the replacement of an unloaded collection back too.
#[tokio::test]
async fn a_replacement_rolled_back() {
    on_every_backend(async |db| {
        let db = db.with(shop::metadata()).await;
        let (_, _, _) = two_manufacturers(&db).await;
        let mut session = db.session();
        let acorn = session.one(select(Manufacturer).filter(Manufacturer::name.eq("Acorn"))).await.unwrap();

        session.replace(acorn, Manufacturer::products, [product("Master")]);
        session.flush().await.unwrap();
        session.rollback().await.unwrap();

        let products = session.load(acorn, Manufacturer::products).await.unwrap();
        assert_eq!(products.len(), 2);
        for product in products {
            assert_eq!(session.state(product), State::Persistent);
            assert_eq!(session.entities(product, Product::manufacturer), acorn);
        }
        session.commit().await.unwrap();
        assert_eq!(db.rows("SELECT name FROM products ORDER BY name").await, ["Atom", "Electron"]);
    })
    .await;
}
