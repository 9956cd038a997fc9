//! Loaders: how many statements they send, and that they all load the same.

use retro_core::prelude::*;
use retro_core::session::State;

use crate::reading::{Country, Item, Manufacturer, Node, Order, Product, Shop, fresh_database, names, open, shops};

/// What a product looks like with everything around it.
fn describe(session: &Session, product: Entity<Product>) -> String {
    let view = session.view(product);
    let countries: Vec<&str> = view.countries().map(|country| country.name()).collect();
    let siblings = view.manufacturer().products().len();
    format!("{} by {} ({siblings}) in {}", view.name(), view.manufacturer().name(), countries.join(", "))
}

const PRODUCTS: [&str; 7] = [
    "100%_case by Sinclair (3) in ",
    "Atom by Acorn (1) in UK",
    "Commodore 64 by Commodore (3) in Germany, USA",
    "PET by Commodore (3) in USA",
    "VIC-20 by Commodore (3) in Germany, USA",
    "ZX80 by Sinclair (3) in UK",
    "ZX81 by Sinclair (3) in UK",
];

async fn described(shop: &Shop, query: Select<Entity<Product>>, statements: usize) -> Vec<String> {
    let mut session = shop.session();
    let products = session.all(query.order_by(Product::name)).await.unwrap();
    shop.log.expect(statements);
    let described = products.iter().map(|&product| describe(&session, product)).collect();
    assert!(session.is_clean());
    described
}

#[tokio::test]
async fn every_loader_loads_the_same() {
    for shop in shops("same").await {
        shop.fill().await;
        let all = select(Product);
        let siblings = Product::manufacturer.then(Manufacturer::products);
        let selectins = all.clone().options((selectin(siblings.clone()), selectin(Product::countries)));
        assert_eq!(described(&shop, selectins, 4).await, PRODUCTS);
        let subqueries = all.clone().options((subquery(siblings.clone()), subquery(Product::countries)));
        assert_eq!(described(&shop, subqueries, 4).await, PRODUCTS);
        // One collection is joined, the other one follows.
        let joins = all.clone().options((joined(siblings.clone()), joined(Product::countries)));
        assert_eq!(described(&shop, joins, 2).await, PRODUCTS);
        let mixed = all.clone().options((
            joined(Product::manufacturer).then(subquery(Manufacturer::products)),
            joined(Product::countries),
        ));
        assert_eq!(described(&shop, mixed, 2).await, PRODUCTS);
        let limited = all.clone().options((subquery(siblings), joined(Product::countries))).limit(100);
        assert_eq!(described(&shop, limited, 4).await, PRODUCTS);
    }
}

#[tokio::test]
async fn a_loop_of_lazy_loads_sends_a_statement_for_each_level() {
    for shop in shops("lazy").await {
        shop.fill().await;
        let mut session = shop.session();
        let orders = session.all(select(Order).order_by(Order::id)).await.unwrap();
        shop.log.expect(1);
        let mut lines = Vec::new();
        for order in orders {
            for item in session.load(order, Order::items).await.unwrap() {
                let product = session.load(item, Item::product).await.unwrap();
                let maker = session.load(product, Product::manufacturer).await.unwrap();
                lines.push(format!("{} {}", session[maker].name, session[product].name));
                assert_eq!(session.load(item, Item::order).await.unwrap(), order, "known from the way there");
            }
        }
        assert_eq!(lines, ["Commodore Commodore 64", "Sinclair ZX81", "Acorn Atom"]);
        shop.log.expect(3);
    }
}

#[tokio::test]
async fn to_one_asks_only_for_what_the_session_lacks() {
    for shop in shops("toone").await {
        shop.fill().await;
        let mut session = shop.session();
        let makers = session.all(select(Manufacturer).filter(Manufacturer::name.ne("Acorn"))).await.unwrap();
        let products = session.all(select(Product).order_by(Product::name)).await.unwrap();
        shop.log.expect(2);
        let vic = products[4];
        assert!(session.is_loaded(vic, Product::manufacturer), "the identity map knows");
        assert!(makers.contains(&session.load(vic, Product::manufacturer).await.unwrap()));
        shop.log.expect(0);
        assert!(!session.is_loaded(products[1], Product::manufacturer));
        let acorn = session.load(products[1], Product::manufacturer).await.unwrap();
        assert_eq!(session[acorn].name, "Acorn");
        let sent = shop.log.selects();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].contains(" = ?") || sent[0].contains(" = $1"), "one key: {sent:?}");
        session.expire(acorn).unwrap();
        session.load(products[1], Product::manufacturer).await.unwrap();
        assert!(!session.is_expired(acorn));
        shop.log.expect(1);
    }
}

#[tokio::test]
async fn load_only_loads_for_one() {
    for shop in shops("only").await {
        shop.fill().await;
        let mut session = shop.session();
        let products = session.all(select(Product).order_by(Product::name)).await.unwrap();
        let countries = session.load_only(products[2], Product::countries).await.unwrap();
        assert_eq!(countries.len(), 2);
        assert!(!session.is_loaded(products[3], Product::countries));
        session.load(products[3], Product::countries).await.unwrap();
        assert!(products.iter().all(|&product| session.is_loaded(product, Product::countries)));
        shop.log.expect(3);
    }
}

#[tokio::test]
async fn load_all_follows_paths() {
    for shop in shops("loadall").await {
        shop.fill().await;
        let mut session = shop.session();
        let orders = session.all(select(Order).order_by(Order::id)).await.unwrap();
        shop.log.clear();
        let path = Order::items.then(Item::product).then(Product::countries);
        session.load_all(&orders, path.clone()).await.unwrap();
        shop.log.expect(3);
        session.load_all(&orders, (path, selectin(Order::items).then(joined(Item::product)))).await.unwrap();
        shop.log.expect(0);
        let made: Vec<String> = session
            .views(&orders)
            .flat_map(|order| order.items())
            .flat_map(|item| item.product().countries())
            .map(|country| country.name.clone())
            .collect();
        assert_eq!(made, ["Germany", "USA", "UK", "UK"]);
        let half = session.all(select(Order).filter(Order::customer.eq("Cyd"))).await.unwrap();
        assert!(session.view(half[0]).items().is_empty());
    }
}

#[tokio::test]
async fn joins_are_inner_only_where_the_row_must_be_there() {
    let shop = &shops("inner").await[0];
    shop.plant().await;
    let mut session = shop.session();
    session.all(select(Item).options(joined(Item::product.then(Product::manufacturer)))).await.unwrap();
    let sent = shop.log.selects();
    assert_eq!(sent[0].matches("INNER JOIN").count(), 2, "{sent:?}");
    let nodes =
        session.all(select(Node).options(joined(Node::parent.then(Node::parent))).order_by(Node::name)).await.unwrap();
    let sent = shop.log.selects();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].matches("LEFT JOIN").count(), 2, "{sent:?}");
    let up: Vec<Option<String>> =
        session.views(&nodes).map(|node| node.parent()?.parent().map(|parent| parent.name.clone())).collect();
    assert_eq!(up, [None, Some("root".into()), Some("root".into()), None, None]);
    session
        .all(select((Order, Item.optional())).outer_join(Order::items).options(joined(Item::product)))
        .await
        .unwrap();
    let sent = shop.log.selects();
    assert_eq!(sent[0].matches("LEFT JOIN").count(), 2, "an inner join would drop orders: {sent:?}");
}

#[tokio::test]
async fn a_limit_does_not_cut_joined_children() {
    for shop in shops("limit").await {
        shop.fill().await;
        let mut session = shop.session();
        let query = select(Manufacturer).options(joined(Manufacturer::products)).order_by(Manufacturer::name);
        let all = session.all(query.clone()).await.unwrap();
        assert_eq!(all.len(), 3, "parents come once");
        let years: Vec<i32> = session.view(all[1]).products().map(|product| product.year).collect();
        assert_eq!(years, [1977, 1981, 1982], "in the relationship's order");
        shop.log.expect(1);
        let mut session = shop.session();
        let two = session.all(query.clone().limit(2)).await.unwrap();
        shop.log.expect(2);
        assert_eq!(session.views(&two).map(|maker| maker.products().len()).collect::<Vec<_>>(), [1, 3]);
        let mut session = shop.session();
        let one = session.one(query.filter(Manufacturer::name.eq("Sinclair"))).await.unwrap();
        assert_eq!(session.view(one).products().len(), 3);
    }
}

#[tokio::test]
async fn joins_keep_out_of_groups() {
    for shop in shops("grouped").await {
        shop.fill().await;
        let mut session = shop.session();
        let query = select((Order, count(Item::product_id)))
            .join(Order::items)
            .group_by(Order)
            .order_by(Order::id)
            .options(joined(Order::items.then(Item::product)));
        let rows = session.all(query).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.1).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(session.view(rows[0].0).items().len(), 2);
        shop.log.expect(2);
    }
}

#[tokio::test]
async fn raise_noload_and_lazy() {
    for shop in shops("raise").await {
        shop.fill().await;
        let mut session = shop.session();
        let options = (raise(Product::manufacturer), noload(Product::countries));
        let c64 =
            session.one(select(Product).filter(Product::name.starts_with("Comm")).options(options)).await.unwrap();
        let error = session.load(c64, Product::manufacturer).await.unwrap_err();
        assert!(error.is_not_loaded());
        assert!(error.to_string().contains("Product::manufacturer may not be loaded for Product (id = "), "{error}");
        assert!(error.to_string().contains("selectin(Product::manufacturer)"), "{error}");
        assert!(session.load(c64, Product::countries).await.unwrap().is_empty());
        assert!(session.is_clean());
        shop.log.expect(1);
        // Another query may say otherwise.
        session.all(select(Product).options(joined(Product::manufacturer))).await.unwrap();
        assert!(session.load(c64, Product::manufacturer).await.is_ok());

        // What a query says from a lazy relationship on is remembered.
        let mut session = shop.session();
        let orders = session.all(select(Order).options(lazy(Order::items).then(joined(Item::product)))).await.unwrap();
        shop.log.expect(1);
        let items = session.load(orders[0], Order::items).await.unwrap();
        assert!(session.is_loaded(items[0], Item::product));
        shop.log.expect(1);
    }
}

#[tokio::test]
async fn write_only_collections_are_queried() {
    for shop in shops("writeonly").await {
        shop.fill().await;
        let mut session = shop.session();
        let c64 = session.one(select(Product).filter(Product::name.starts_with("Comm"))).await.unwrap();
        let error = session.load(c64, Product::items).await.unwrap_err();
        assert!(error.is_not_loaded());
        assert!(error.to_string().contains("session.members(entity, Product::items)"), "{error}");
        let error = session.all(select(Product).options(selectin(Product::items))).await.unwrap_err();
        assert!(error.is_not_loaded(), "{error}");
        let items = session.members(c64, Product::items).unwrap();
        let items = session.all(items.filter(Item::quantity.gt(1))).await.unwrap();
        assert_eq!(items.len(), 1);
        let countries = session.members(c64, Product::countries).unwrap();
        assert_eq!(session.count(countries).await.unwrap(), 2);
        let maker = session.members(c64, Product::manufacturer).unwrap();
        let maker = session.one(maker).await.unwrap();
        assert_eq!(session[maker].name, "Commodore");
    }
}

/// Behaviour 63: `test_backref_mutations.py::M2MCollectionMoveTest.test_pending_combines_with_flushed`.
#[tokio::test]
async fn a_load_merges_what_is_queued() {
    for shop in shops("merge").await {
        shop.fill().await;
        let mut session = shop.session();
        let named = |name: &str| select(Product).filter(Product::name.eq(name));
        let country = |name: &str| select(Country).filter(Country::name.eq(name));
        let c64 = session.one(named("Commodore 64")).await.unwrap();
        let (uk, usa) = (session.one(country("UK")).await.unwrap(), session.one(country("USA")).await.unwrap());
        session.push(c64, Product::countries, uk);
        session.remove(c64, Product::countries, usa);
        let loaded = session.no_autoflush(async |session| session.load(c64, Product::countries).await).await.unwrap();
        let loaded: Vec<&str> = loaded.iter().map(|&country| session[country].name.as_str()).collect();
        assert_eq!(loaded, ["Germany", "UK"]);
        assert!(!session.is_clean(), "what was queued is still to be written");

        // A child that moved away is no member any more, whatever its row says.
        let (zx80, acorn) = (
            session.one(named("ZX80")).await.unwrap(),
            session.one(select(Manufacturer).filter(Manufacturer::name.eq("Acorn"))).await.unwrap(),
        );
        session.set(zx80, Product::manufacturer, acorn);
        let members = session
            .no_autoflush(async |session| {
                let sinclair = session.one(select(Manufacturer).filter(Manufacturer::name.eq("Sinclair"))).await?;
                session.load(sinclair, Manufacturer::products).await
            })
            .await
            .unwrap();
        assert_eq!(names(&session, &members), ["ZX81", "100%_case"]);
        assert_eq!(session.entities(zx80, Product::manufacturer), acorn);
        session.commit().await.unwrap();
        let mut session = shop.session();
        let countries = session.all(
            select(Country::name)
                .filter(Country::products.any(Product::name.eq("Commodore 64")))
                .order_by(Country::name),
        );
        assert_eq!(countries.await.unwrap(), ["Germany", "UK"]);
    }
}

#[tokio::test]
async fn a_tree_is_loaded_level_by_level() {
    for shop in shops("tree").await {
        shop.plant().await;
        let mut session = shop.session();
        let roots = session.all(select(Node).filter(Node::parent_id.is_null())).await.unwrap();
        let mut level = roots.clone();
        let mut lines = Vec::new();
        while !level.is_empty() {
            let mut next = Vec::new();
            for node in level {
                for child in session.load(node, Node::children).await.unwrap() {
                    lines.push(format!("{} < {}", session[child].name, session[node].name));
                    next.push(child);
                }
            }
            level = next;
        }
        assert_eq!(lines, ["a < root", "b < root", "a1 < a", "a2 < a"]);
        shop.log.expect(4);
        let nodes = session.known::<Node>();
        assert!(nodes.iter().all(|&node| session.is_loaded(node, Node::parent)));
        let b = session.get::<Node>(session[roots[0]].id).await.unwrap().unwrap();
        assert_eq!(session.state(b), State::Persistent);

        let mut session = shop.session();
        let deep = selectin(Node::children.then(Node::children).then(Node::children));
        let roots = session.all(select(Node).filter(Node::parent.is_none()).options(deep)).await.unwrap();
        shop.log.expect(4);
        let grandchildren: usize = session.view(roots[0]).children().map(|child| child.children().len()).sum();
        assert_eq!(grandchildren, 2);
        let mut session = shop.session();
        let deep = subquery(Node::children.then(Node::children));
        let roots = session.all(select(Node).filter(Node::parent.is_none()).options(deep)).await.unwrap();
        let sent = shop.log.selects();
        assert_eq!(sent.len(), 3);
        assert_eq!(sent[2].matches("SELECT").count(), 3, "a query within a query: {sent:?}");
        assert_eq!(session.view(roots[0]).children().map(|child| child.children().len()).sum::<usize>(), 2);
    }
}

#[tokio::test]
async fn what_was_loaded_after_a_write_is_not_trusted_after_its_rollback() {
    for shop in shops("rolledback").await {
        shop.fill().await;
        let mut session = shop.session();
        let acorn = session.one(select(Manufacturer).filter(Manufacturer::name.eq("Acorn"))).await.unwrap();
        session.commit().await.unwrap();
        session.add(Product { name: "Electron".into(), year: 1983, manufacturer: acorn.into(), ..Default::default() });
        session.flush().await.unwrap();
        assert_eq!(session.load(acorn, Manufacturer::products).await.unwrap().len(), 2);
        session.rollback().await.unwrap();
        assert!(!session.is_loaded(acorn, Manufacturer::products));
        assert_eq!(session.load(acorn, Manufacturer::products).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn populate_existing_loads_relationships_anew() {
    for shop in shops("anew").await {
        shop.fill().await;
        let mut session = shop.session();
        let query = select(Manufacturer)
            .order_by(Manufacturer::name)
            .options(joined(Manufacturer::products).then(selectin(Product::countries)));
        let makers = session.all(query.clone()).await.unwrap();
        assert_eq!(session.view(makers[0]).products().len(), 1);
        session.commit().await.unwrap();
        let mut other = Session::new(&shop.engine);
        let theirs = other.get::<Manufacturer>(session[makers[0]].id).await.unwrap().unwrap();
        other.push(
            theirs,
            Manufacturer::products,
            Product { name: "Electron".into(), year: 1983, ..Default::default() },
        );
        other.commit().await.unwrap();
        shop.log.clear();
        session.all(query.clone()).await.unwrap();
        assert_eq!(session.view(makers[0]).products().len(), 1, "what is loaded stays");
        session.all(query.populate_existing()).await.unwrap();
        assert_eq!(session.view(makers[0]).products().len(), 2);
        assert!(session.is_clean());
    }
}

#[tokio::test]
async fn entities_that_wait_to_be_deleted_still_show() {
    for shop in shops("marked").await {
        shop.fill().await;
        let mut session = shop.session();
        let order = session.one(select(Order).filter(Order::customer.eq("Cyd"))).await.unwrap();
        session.delete(order);
        let found = session.no_autoflush(async |session| session.all(select(Order)).await).await.unwrap();
        assert!(found.contains(&order));
        assert!(!session.all(select(Order)).await.unwrap().contains(&order), "the autoflush deletes it");
        assert_eq!(session.state(order), State::Deleted);
    }
}

#[tokio::test]
async fn a_hundred_thousand_owners() {
    const ROWS: usize = 100_000;
    let mut urls = vec![format!("sqlite://{}/retroq_{}.sqlite", std::env::temp_dir().display(), std::process::id())];
    let named = std::env::var("RETRO_TEST_DATABASES").unwrap_or_default();
    for base in named.split(',').filter(|url| !url.is_empty()) {
        urls.push(fresh_database(base, "many").await);
    }
    for url in urls {
        let shop = open(&url).await;
        let mut session = shop.session();
        let maker = session.add(Manufacturer { name: "Acme".into(), ..Default::default() });
        for number in 0..ROWS {
            let order = session.add(Order { customer: number.to_string(), ..Default::default() });
            if number % 10 == 0 {
                let product = Product { name: format!("{number}"), manufacturer: maker.into(), ..Default::default() };
                session.push(order, Order::items, Item { product: product.into(), ..Default::default() });
            }
        }
        session.commit().await.unwrap();
        let mut session = shop.session();
        let path = Order::items.then(Item::product).then(Product::manufacturer);
        let orders = session.all(select(Order).options(selectin(path.clone()))).await.unwrap();
        let sent = shop.log.selects().len();
        assert!(sent <= 1 + 13 + 2 + 1, "{sent} statements");
        assert_eq!(orders.len(), ROWS);
        let items: usize = session.views(&orders).map(|order| order.items().len()).sum();
        assert_eq!(items, ROWS / 10);
        let mut session = shop.session();
        let orders = session.all(select(Order).options(subquery(path))).await.unwrap();
        shop.log.expect(4);
        let items = session.views(&orders).flat_map(|order| order.items());
        assert_eq!(items.filter(|item| item.product().manufacturer().name() == "Acme").count(), ROWS / 10);
        if let Some(path) = url.strip_prefix("sqlite://") {
            shop.engine.close().await;
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{path}{suffix}"));
            }
        }
    }
}

#[test]
fn futures_can_be_sent() {
    fn sent<F: Future + Send>(_: F) {}
    async fn everything(session: &mut Session, order: Entity<Order>) {
        let _ = session.all(select((Order, count(Item::product_id)))).await;
        let _ = session.one(select(Order)).await;
        let _ = session.get::<Item>((1, 2)).await;
        let _ = session.load(order, Order::items).await;
        let _ = session.load_all(&[order], Order::items).await;
    }
    let _ = |session: &mut Session, order| sent(everything(session, order));
}

/// Models whose relationships say themselves how they are loaded.
mod defaults {
    use super::*;

    #[derive(Model, Debug, Clone)]
    #[retro(table = "teams")]
    pub struct Team {
        #[retro(primary_key)]
        pub id: i32,
        #[retro(back_populates = team, lazy = "selectin", order_by = Player::id)]
        pub players: HasMany<Player>,
        #[retro(back_populates = team, lazy = "joined")]
        pub badge: HasOne<Badge>,
        #[retro(foreign_key = Team::id)]
        pub rival_id: Option<i32>,
        #[retro(key = rival_id, lazy = "joined")]
        pub rival: BelongsTo<Option<Team>>,
    }

    #[derive(Model, Debug, Clone)]
    #[retro(table = "badges")]
    pub struct Badge {
        #[retro(primary_key)]
        pub id: i32,
        #[retro(foreign_key = Team::id, unique)]
        pub team_id: i32,
        #[retro(key = team_id, back_populates = badge)]
        pub team: BelongsTo<Team>,
    }

    #[derive(Model, Debug, Clone)]
    #[retro(table = "players")]
    pub struct Player {
        #[retro(primary_key)]
        pub id: i32,
        #[retro(foreign_key = Team::id)]
        pub team_id: i32,
        #[retro(key = team_id, back_populates = players, lazy = "joined")]
        pub team: BelongsTo<Team>,
        #[retro(back_populates = player, lazy = "raise")]
        pub goals: HasMany<Goal>,
    }

    #[derive(Model, Debug, Clone)]
    #[retro(table = "goals")]
    pub struct Goal {
        #[retro(primary_key)]
        pub id: i32,
        #[retro(foreign_key = Player::id)]
        pub player_id: i32,
        #[retro(key = player_id, back_populates = goals, lazy = "noload")]
        pub player: BelongsTo<Player>,
    }

    /// A line of an order, named by a foreign key of two columns.
    #[derive(Model, Debug, Clone)]
    #[retro(table = "remarks", foreign_key(columns = (order_id, product_id), references = (Item::order_id, Item::product_id)))]
    pub struct Remark {
        #[retro(primary_key)]
        pub id: i32,
        pub order_id: Option<i32>,
        pub product_id: Option<i32>,
        #[retro(key = (order_id, product_id))]
        pub item: BelongsTo<Option<Item>>,
    }
}

#[tokio::test]
async fn defaults_are_followed_but_not_around_in_circles() {
    use defaults::{Badge, Goal, Player, Team};
    for shop in shops("defaults").await {
        metadata![Team, Badge, Player, Goal].create_all(&shop.engine).await.unwrap();
        let mut session = shop.session();
        let red = session.add(Team::default());
        let blue = session.add(Team { rival: red.into(), badge: Badge::default().into(), ..Default::default() });
        for team in [red, blue, blue] {
            session.push(team, Team::players, Player { goals: [Goal::default()].into(), ..Default::default() });
        }
        session.commit().await.unwrap();

        let mut session = shop.session();
        let teams = session.all(select(Team).order_by(Team::id)).await.unwrap();
        // Teams with rival and badge in one statement, the players of both in another.
        shop.log.expect(2);
        let blue = session.view(teams[1]);
        assert_eq!(blue.players().len(), 2);
        assert!(blue.badge().is_some() && session.view(teams[0]).badge().is_none());
        assert_eq!(blue.rival().map(|rival| rival.entity()), Some(teams[0]));
        let player = blue.players().next().unwrap().entity();
        assert!(session.load(player, Player::goals).await.unwrap_err().is_not_loaded());
        shop.log.expect(0);

        let mut session = shop.session();
        let players = session.all(select(Player).order_by(Player::id)).await.unwrap();
        assert_eq!(session.view(players[2]).team().rival().map(|rival| rival.players().len()), Some(1));
        let goals = session.all(select(Goal)).await.unwrap();
        shop.log.clear();
        assert_eq!(session.load_all(&goals, selectin(Goal::player)).await.map_err(|e| e.to_string()), Ok(()));
        session.load_all(&players, selectin(Player::goals)).await.unwrap();
        assert_eq!(session.load(players[0], Player::goals).await.unwrap().len(), 1);
        assert!(session.is_clean());

        // `get` loads as a query does.
        let mut session = shop.session();
        let team = session.get::<Team>(1).await.unwrap().unwrap();
        assert!(session.is_loaded(team, Team::players) && session.is_loaded(team, Team::badge));
        shop.log.expect(2);
        // An option says otherwise.
        let mut session = shop.session();
        let options = (lazy(Team::players), lazy(Team::badge), lazy(Team::rival));
        let teams = session.all(select(Team).options(options)).await.unwrap();
        assert!(!session.is_loaded(teams[0], Team::players));
        shop.log.expect(1);
    }
}

#[tokio::test]
async fn keys_of_several_columns() {
    use defaults::Remark;
    for shop in shops("composite").await {
        metadata![Order, Manufacturer, Product, Country, Item, Remark].create_all(&shop.engine).await.unwrap();
        shop.fill().await;
        let mut session = shop.session();
        for item in session.all(select(Item)).await.unwrap() {
            session.add(Remark { item: item.into(), ..Default::default() });
            session.add(Remark { item: item.into(), ..Default::default() });
        }
        session.add(Remark::default());
        session.commit().await.unwrap();
        for how in [selectin(Remark::item), subquery(Remark::item), joined(Remark::item), lazy(Remark::item)] {
            let mut session = shop.session();
            let remarks = session.all(select(Remark).options(how).order_by(Remark::id)).await.unwrap();
            let mut quantities = Vec::new();
            for remark in remarks {
                let item = session.load(remark, Remark::item).await.unwrap();
                quantities.push(item.map(|item| session[item].quantity));
            }
            assert_eq!(quantities.iter().flatten().count(), 6);
            assert_eq!(quantities.iter().flatten().sum::<i32>(), 8);
            assert_eq!(quantities.last(), Some(&None));
            assert!(shop.log.selects().len() <= 2);
        }
    }
}
