//! What code that is written by hand loads the graph into.

use std::collections::HashMap;

/// Rows by position.
pub(crate) type ProductRow = (i64, String, f64);
pub(crate) type OrderRow = (i64, i64, i64);
pub(crate) type LineRow = (i64, i64, i64, i32, f64);

#[allow(dead_code)] // they are loaded, and that is the job
pub(crate) struct Product {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) price: f64,
}

#[allow(dead_code)] // as above
pub(crate) struct Customer {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) city: String,
}

#[allow(dead_code)] // as above
pub(crate) struct Line {
    pub(crate) id: i64,
    pub(crate) product: usize,
    pub(crate) quantity: i32,
    pub(crate) price: f64,
}

#[allow(dead_code)] // as above
pub(crate) struct Order {
    pub(crate) id: i64,
    pub(crate) number: i64,
    pub(crate) customer: usize,
    pub(crate) lines: Vec<Line>,
}

/// Orders name customers and products by their places.
#[allow(dead_code)] // as above
#[derive(Default)]
pub(crate) struct Graph {
    pub(crate) products: Vec<Product>,
    pub(crate) customers: Vec<Customer>,
    pub(crate) orders: Vec<Order>,
    product_of: HashMap<i64, usize>,
    customer_of: HashMap<i64, usize>,
    order_of: HashMap<i64, usize>,
}

/// Rows come in this order: products, customers, orders, lines.
impl Graph {
    pub(crate) fn product(&mut self, (id, name, price): ProductRow) {
        let product = Product { id, name, price };
        self.product_of.insert(product.id, self.products.len());
        self.products.push(product);
    }

    pub(crate) fn customer(&mut self, (id, name, city): (i64, String, String)) {
        let customer = Customer { id, name, city };
        self.customer_of.insert(customer.id, self.customers.len());
        self.customers.push(customer);
    }

    pub(crate) fn order(&mut self, (id, number, customer): OrderRow) {
        self.order_of.insert(id, self.orders.len());
        self.orders.push(Order { id, number, customer: self.customer_of[&customer], lines: Vec::new() });
    }

    pub(crate) fn line(&mut self, (id, order, product, quantity, price): LineRow) {
        let line = Line { id, product: self.product_of[&product], quantity, price };
        self.orders[self.order_of[&order]].lines.push(line);
    }
}
