//! SeaORM, on all of the databases.

use std::hint::black_box;

use async_trait::async_trait;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend, IntoActiveModel, QueryOrder, QuerySelect, TransactionTrait,
};

use crate::Result;
use crate::job::{self, DELETED, FIRST, GETS, KEYS, LEAST, ORDERS, QUERIES, SPAN, STEP, TRANSACTIONS, VISITED};
use crate::measure::Turn;
use crate::peer::{Peer, Took, took};

mod item {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bench_items")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub year: i32,
        pub price: f64,
        pub note: Option<String>,
        pub stock: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod product {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bench_products")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub price: f64,
        #[sea_orm(has_many)]
        pub lines: HasMany<super::line::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod customer {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bench_customers")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub city: String,
        #[sea_orm(has_many)]
        pub orders: HasMany<super::order::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod order {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bench_orders")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub number: i64,
        pub customer_id: i64,
        #[sea_orm(belongs_to, from = "customer_id", to = "id")]
        pub customer: HasOne<super::customer::Entity>,
        #[sea_orm(has_many)]
        pub lines: HasMany<super::line::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod line {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bench_lines")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub order_id: i64,
        pub product_id: i64,
        pub quantity: i32,
        pub price: f64,
        #[sea_orm(belongs_to, from = "order_id", to = "id")]
        pub order: HasOne<super::order::Entity>,
        #[sea_orm(belongs_to, from = "product_id", to = "id")]
        pub product: HasOne<super::product::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) struct OnSeaOrm {
    connection: DatabaseConnection,
    /// Rows of one INSERT.
    chunk: usize,
}

impl OnSeaOrm {
    pub(crate) async fn connect(url: &str) -> Result<OnSeaOrm> {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).test_before_acquire(false).map_sqlx_sqlite_opts(|options| {
            options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal).row_buffer_size(500)
        });
        let connection = Database::connect(options).await?;
        let chunk = if connection.get_database_backend() == DbBackend::Sqlite { 500 } else { 5_000 };
        Ok(OnSeaOrm { connection, chunk })
    }

    /// Inserts them in chunks; their keys.
    async fn insert_all<A>(&self, all: Vec<A>, connection: &impl ConnectionTrait) -> Result<Vec<i64>>
    where
        A: ActiveModelTrait,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
        <A::Entity as EntityTrait>::PrimaryKey: PrimaryKeyTrait<ValueType = i64>,
    {
        let mut keys = Vec::with_capacity(all.len());
        let mut all = all.into_iter();
        while all.len() > 0 {
            let size = all.len().min(self.chunk);
            let insert = <A::Entity as EntityTrait>::insert_many(all.by_ref().take(size));
            if connection.support_returning() {
                keys.extend(insert.exec_with_returning_keys(connection).await?);
            } else {
                // MariaDB tells the first of them.
                let first = insert.exec(connection).await?.last_insert_id.ok_or("no key")?;
                keys.extend(first..first + size as i64);
            }
        }
        Ok(keys)
    }
}

#[async_trait(?Send)]
impl Peer for OnSeaOrm {
    fn name(&self) -> &'static str {
        "SeaORM"
    }

    async fn insert(&mut self, rows: usize) -> Took {
        let items = job::items(rows).into_iter().map(|job::Item { name, year, price, note, stock, .. }| {
            let (name, year, price, note, stock) = (Set(name), Set(year), Set(price), Set(note), Set(stock));
            item::ActiveModel { id: NotSet, name, year, price, note, stock }
        });
        let items: Vec<item::ActiveModel> = items.collect();
        let started = Turn::start();
        let transaction = self.connection.begin().await?;
        let keys = self.insert_all(items, &transaction).await?;
        transaction.commit().await?;
        assert_eq!(black_box(keys).len(), rows);
        took(started)
    }

    async fn insert_graph(&mut self) -> Took {
        let started = Turn::start();
        let transaction = self.connection.begin().await?;
        let products = product::Entity::find().select_only().column(product::Column::Id);
        let products: Vec<i64> = products.order_by_asc(product::Column::Id).into_tuple().all(&transaction).await?;
        let customers = (0..ORDERS).map(job::customer);
        let customers =
            customers.map(|(name, city)| customer::ActiveModel { id: NotSet, name: Set(name), city: Set(city) });
        let customers = self.insert_all(customers.collect(), &transaction).await?;
        let orders = customers.iter().zip(0..).map(|(&customer, number)| order::ActiveModel {
            id: NotSet,
            number: Set(number),
            customer_id: Set(customer),
        });
        let orders = self.insert_all(orders.collect(), &transaction).await?;
        let mut lines = Vec::with_capacity(orders.len() * job::LINES);
        for (number, &order) in orders.iter().enumerate() {
            lines.extend(job::lines(number).map(|(product, quantity, price)| line::ActiveModel {
                id: NotSet,
                order_id: Set(order),
                product_id: Set(products[product]),
                quantity: Set(quantity),
                price: Set(price),
            }));
        }
        self.insert_all(lines, &transaction).await?;
        transaction.commit().await?;
        took(started)
    }

    async fn load(&mut self, rows: usize) -> Took {
        let started = Turn::start();
        let items = item::Entity::find().all(&self.connection).await?;
        assert_eq!(black_box(items).len(), rows);
        took(started)
    }

    async fn load_graph(&mut self) -> Took {
        let started = Turn::start();
        let orders = order::Entity::load().with(customer::Entity).with((line::Entity, product::Entity));
        let orders = orders.all(&self.connection).await?;
        assert_eq!(black_box(orders).len(), ORDERS);
        took(started)
    }

    /// All at once as rows that are there already: SeaORM's way to change many to different values.
    async fn update(&mut self) -> Took {
        let items = item::Entity::find().all(&self.connection).await?;
        let items: Vec<item::Model> = items.into_iter().step_by(STEP).collect();
        let started = Turn::start();
        let changed = items.into_iter().map(|item| {
            let price = item.price + 1.0;
            item::ActiveModel { price: Set(price), ..item.into_active_model() }
        });
        let conflict = OnConflict::column(item::Column::Id).update_column(item::Column::Price).to_owned();
        item::Entity::insert_many(changed).on_conflict(conflict).exec_without_returning(&self.connection).await?;
        took(started)
    }

    async fn delete_graph(&mut self) -> Took {
        let started = Turn::start();
        let transaction = self.connection.begin().await?;
        let orders = order::Entity::find().select_only().column(order::Column::Id).order_by_asc(order::Column::Id);
        let orders: Vec<i64> = orders.limit(DELETED as u64).into_tuple().all(&transaction).await?;
        let lines = line::Entity::delete_many().filter(line::Column::OrderId.is_in(orders.iter().copied()));
        lines.exec(&transaction).await?;
        order::Entity::delete_many().filter(order::Column::Id.is_in(orders)).exec(&transaction).await?;
        transaction.commit().await?;
        took(started)
    }

    async fn get(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..GETS {
            let item = item::Entity::find_by_id(keys[n * 7 % KEYS]).one(&self.connection).await?;
            assert!(black_box(item).is_some());
        }
        took(started)
    }

    async fn short(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..TRANSACTIONS {
            let transaction = self.connection.begin().await?;
            let item = item::Entity::find_by_id(keys[n % KEYS]).one(&transaction).await?.ok_or("no such item")?;
            let stock = item.stock + 1;
            let changed = item::ActiveModel { stock: Set(stock), ..item.into_active_model() };
            changed.update_without_returning(&transaction).await?;
            transaction.commit().await?;
        }
        took(started)
    }

    async fn lazy_loop(&mut self) -> Took {
        let started = Turn::start();
        let mut visited = 0;
        let orders = order::Entity::find().order_by_asc(order::Column::Id).limit(VISITED as u64);
        for order in orders.all(&self.connection).await? {
            for line in order.find_related(line::Entity).all(&self.connection).await? {
                let product = line.find_related(product::Entity).one(&self.connection).await?;
                assert!(black_box(product).is_some());
                visited += 1;
            }
        }
        assert_eq!(visited, VISITED * job::LINES);
        took(started)
    }

    async fn built(&mut self, keys: &[i64]) -> Took {
        let started = Turn::start();
        for n in 0..QUERIES {
            let lines = line::Entity::find()
                .inner_join(order::Entity)
                .filter(order::Column::Id.gte(keys[n]))
                .filter(order::Column::Id.lt(keys[n + SPAN]))
                .filter(line::Column::Quantity.gte(LEAST))
                .order_by_desc(line::Column::Price)
                .order_by_asc(line::Column::Id)
                .limit(FIRST as u64);
            assert_eq!(black_box(lines.all(&self.connection).await?).len(), FIRST);
        }
        took(started)
    }
}
