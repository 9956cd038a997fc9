//! The year of the store in memory: who orders what and when, and what they say of it.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use super::GenerateOptions;
use super::calendar::{busy_times, review_time};
use super::people::{Customer, Population};
use super::products::{BESTSELLERS, MACHINES};
use super::random::{StoreRng, Weighted, chance, pick};
use super::words::{COMPLAINTS, PRAISE, SHRUGS};

/// Of a hundred orders, those of somebody who has ordered before.
const RETURNING_PERCENT: u32 = 42;
/// Of a hundred returning customers, those who have moved since.
const MOVED_PERCENT: u32 = 5;
/// Of a hundred items, those that are reviewed.
const REVIEWED_PERCENT: u32 = 32;
/// Of a hundred reviews, those with a comment.
const COMMENTED_PERCENT: u32 = 40;
/// Orders of one, two and three products.
const ORDER_SIZES: [u64; 3] = [80, 15, 5];
/// Items of one, two and three pieces.
const QUANTITIES: [u64; 3] = [94, 5, 1];
/// One to five stars.
const RATINGS: [u64; 5] = [12, 7, 11, 30, 40];

/// Everything that happened, the earliest first.
pub(super) struct Store {
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<Order>,
    pub(super) reviews: Vec<Review>,
}

/// An order, with indexes into [`Store::customers`] and the customer's addresses.
pub(super) struct Order {
    pub(super) customer: usize,
    pub(super) address: usize,
    pub(super) timestamp: NaiveDateTime,
    pub(super) items: Vec<Item>,
}

/// One product of an order, an index into [`MACHINES`].
pub(super) struct Item {
    pub(super) product: usize,
    pub(super) unit_price_cents: u32,
    pub(super) quantity: usize,
}

/// A review, with the same indexes.
pub(super) struct Review {
    pub(super) customer: usize,
    pub(super) product: usize,
    pub(super) timestamp: NaiveDateTime,
    pub(super) rating: usize,
    pub(super) comment: String,
}

impl Store {
    /// Lives through the year; a pure function of the options.
    pub(super) fn simulate(options: &GenerateOptions) -> Self {
        let mut rng = StoreRng::seed_from_u64(options.seed);
        let (customers, orders) = trade(&mut rng, options.orders);
        let reviews = reviews(&mut rng, &orders);
        Self { customers, orders, reviews }
    }
}

fn trade(rng: &mut StoreRng, count: usize) -> (Vec<Customer>, Vec<Order>) {
    let mut population = Population::new(rng);
    let shelf = Shelf::stock(rng);
    let mut customers: Vec<Customer> = Vec::new();
    let mut orders: Vec<Order> = Vec::with_capacity(count);
    for timestamp in busy_times(rng, count) {
        let customer = if !orders.is_empty() && chance(rng, RETURNING_PERCENT) {
            // By order, not by customer: who has come often comes again.
            let customer = orders[rng.random_range(0..orders.len())].customer;
            if chance(rng, MOVED_PERCENT) {
                customers[customer].moves(rng);
            }
            customer
        } else {
            customers.push(population.next(rng));
            customers.len() - 1
        };
        let address = customers[customer].addresses.len() - 1;
        orders.push(Order { customer, address, timestamp, items: shelf.fill_cart(rng) });
    }
    (customers, orders)
}

/// What the store sells: how popular each machine is, and what it costs.
struct Shelf {
    popularity: Weighted,
    prices_cents: Vec<u32>,
    order_sizes: Weighted,
    quantities: Weighted,
}

impl Shelf {
    fn stock(rng: &mut StoreRng) -> Self {
        let ranks = popularity_ranks(rng);
        Self {
            // Zipf's law: the second sells half as often as the first, the third a third.
            popularity: Weighted::new(ranks.iter().map(|rank| 1_000_000 / (rank + 1))),
            prices_cents: MACHINES.iter().map(|_| rng.random_range(3_500..18_000)).collect(),
            order_sizes: Weighted::new(ORDER_SIZES),
            quantities: Weighted::new(QUANTITIES),
        }
    }

    /// One to three different products.
    fn fill_cart(&self, rng: &mut StoreRng) -> Vec<Item> {
        let size = self.order_sizes.pick(rng) + 1;
        let mut items: Vec<Item> = Vec::with_capacity(size);
        while items.len() < size {
            let product = self.popularity.pick(rng);
            if items.iter().all(|item| item.product != product) {
                items.push(self.item(rng, product));
            }
        }
        items
    }

    fn item(&self, rng: &mut StoreRng, product: usize) -> Item {
        // Used machines: each piece has a condition, and a price to match.
        let condition_percent = rng.random_range(88..=112);
        let unit_price_cents = self.prices_cents[product] * condition_percent / 100 + rng.random_range(0..100);
        Item { product, unit_price_cents, quantity: self.quantities.pick(rng) + 1 }
    }
}

/// The rank of each machine, 0 for the one that sells best.
fn popularity_ranks(rng: &mut StoreRng) -> Vec<u64> {
    let mut others: Vec<u64> = (BESTSELLERS.len() as u64..MACHINES.len() as u64).collect();
    others.shuffle(rng);
    let mut others = others.into_iter();
    let rank = |name: &str| BESTSELLERS.iter().position(|best| *best == name);
    MACHINES
        .iter()
        .map(|machine| rank(machine.name).map(|rank| rank as u64).or_else(|| others.next()))
        .map(|rank| rank.unwrap_or(MACHINES.len() as u64))
        .collect()
}

fn reviews(rng: &mut StoreRng, orders: &[Order]) -> Vec<Review> {
    let ratings = Weighted::new(RATINGS);
    let mut reviewed = HashSet::new();
    let mut reviews = Vec::new();
    for order in orders {
        for product in order.items.iter().map(|item| item.product) {
            if !chance(rng, REVIEWED_PERCENT) || reviewed.contains(&(order.customer, product)) {
                continue;
            }
            let Some(timestamp) = review_time(rng, order.timestamp) else {
                continue;
            };
            reviewed.insert((order.customer, product));
            let rating = ratings.pick(rng) + 1;
            let comment = comment(rng, rating);
            reviews.push(Review { customer: order.customer, product, timestamp, rating, comment });
        }
    }
    reviews.sort_by_key(|review| (review.timestamp, review.customer, review.product));
    reviews
}

/// Nothing, or one to three different sentences that suit the rating.
fn comment(rng: &mut StoreRng, rating: usize) -> String {
    if !chance(rng, COMMENTED_PERCENT) {
        return String::new();
    }
    let sentences = match rating {
        ..=2 => COMPLAINTS,
        3 => SHRUGS,
        _ => PRAISE,
    };
    let count = rng.random_range(1..=3);
    let mut said: Vec<&str> = Vec::with_capacity(count);
    while said.len() < count {
        let sentence = pick(rng, sentences);
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    said.join(" ")
}
