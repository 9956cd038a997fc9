//! Random walks through a session: whatever is done in whatever order, what is in memory is what is
//! in the tables, and nothing fails in a way of which the user could not know.
//!
//! `RETRO_SEED=17` runs one walk and shows its steps.

use retro_core::Engine;
use serde_json::{Value, json};

use super::interpreter::{Failure, Interpreter, Manner};
use super::{databases, memory};

const STEPS: usize = 60;

/// A generator of the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { Some(&list[self.below(list.len())]) }
    }
}

/// The labels that a walk has bound, and how many.
#[derive(Default)]
struct Walk {
    labels: Vec<(&'static str, String)>,
    count: usize,
    savepoints: usize,
}

const REFERENCES: [(&str, &str, &str); 8] = [
    ("Product", "manufacturer", "Manufacturer"),
    ("Product", "detail", "ProductDetail"),
    ("ProductDetail", "product", "Product"),
    ("Order", "customer", "Customer"),
    ("OrderItem", "product", "Product"),
    ("OrderItem", "order", "Order"),
    ("Article", "product", "Product"),
    ("Article", "translation_of", "Article"),
];

const COLLECTIONS: [(&str, &str, &str); 7] = [
    ("Manufacturer", "products", "Product"),
    ("Product", "articles", "Article"),
    ("Product", "countries", "Country"),
    ("Country", "products", "Product"),
    ("Customer", "orders", "Order"),
    ("Order", "items", "OrderItem"),
    ("Article", "translations", "Article"),
];

const CLASSES: [&str; 8] =
    ["Manufacturer", "Product", "ProductDetail", "Country", "Customer", "Order", "OrderItem", "Article"];

impl Walk {
    fn of(&self, class: &str) -> Vec<&String> {
        self.labels.iter().filter(|(of, _)| *of == class).map(|(_, label)| label).collect()
    }

    fn any(&self, dice: &mut Dice, class: &str) -> Option<String> {
        dice.pick(&self.of(class)).map(|label| label.to_string())
    }

    /// A new object with the references that it needs.
    fn add(&mut self, dice: &mut Dice, op: &str) -> Option<Value> {
        let class = *dice.pick(&CLASSES)?;
        self.count += 1;
        let (n, label) = (self.count, format!("{}{}", class.to_lowercase(), self.count));
        let required: &[(&str, &str)] = match class {
            "Product" => &[("manufacturer", "Manufacturer")],
            "ProductDetail" => &[("product", "Product")],
            "OrderItem" => &[("order", "Order"), ("product", "Product")],
            _ => &[],
        };
        let mut refs = serde_json::Map::new();
        for (attr, target) in required {
            refs.insert(attr.to_string(), json!(self.any(dice, target)?));
        }
        let set = match class {
            "Manufacturer" | "Customer" => json!({"name": format!("N{n}")}),
            "Product" => json!({"name": format!("N{n}"), "year": n}),
            "ProductDetail" => json!({"code": format!("N{n}")}),
            "Country" => json!({"id": n, "name": format!("N{n}")}),
            "Order" => json!({"number": format!("N{n}")}),
            "OrderItem" => json!({"quantity": 1, "unit_price": 1.5}),
            _ => json!({"title": format!("N{n}")}),
        };
        self.labels.push((class, label.clone()));
        Some(json!({"op": op, "class": class, "label": label, "set": set, "refs": refs}))
    }

    fn link(&self, dice: &mut Dice, op: &str) -> Option<Value> {
        let (class, attr, target) = match op {
            "set_ref" | "read_ref" | "set_null" => *dice.pick(&REFERENCES)?,
            _ => *dice.pick(&COLLECTIONS)?,
        };
        if op == "set_null" && (class, attr) == ("OrderItem", "product") {
            return None;
        }
        let target = if op == "set_null" { None } else { Some(self.any(dice, target)?) };
        let op = if op == "set_null" { "set_ref" } else { op };
        Some(json!({"op": op, "label": self.any(dice, class)?, "attr": attr, "target": target}))
    }

    fn column(&mut self, dice: &mut Dice, op: &str) -> Option<Value> {
        let columns = [
            ("Product", "year"),
            ("Product", "name"),
            ("Customer", "phone"),
            ("OrderItem", "quantity"),
            ("Article", "title"),
        ];
        let (class, attr) = *dice.pick(&columns)?;
        self.count += 1;
        let value =
            if attr == "year" || attr == "quantity" { json!(self.count) } else { json!(format!("N{}", self.count)) };
        Some(json!({"op": op, "label": self.any(dice, class)?, "attr": attr, "value": value}))
    }

    fn one(&self, dice: &mut Dice, op: &str) -> Option<Value> {
        let class = *dice.pick(&CLASSES)?;
        Some(json!({"op": op, "label": self.any(dice, class)?}))
    }

    fn next(&mut self, dice: &mut Dice) -> Option<Value> {
        match dice.below(100) {
            0..18 => self.add(dice, "add"),
            18..22 => self.add(dice, "new"),
            22..32 => self.link(dice, "set_ref"),
            32..36 => self.link(dice, "set_null"),
            36..47 => self.link(dice, "append"),
            47..53 => self.link(dice, "remove"),
            53..58 => self.link(dice, "read_ref"),
            58..65 => self.link(dice, "read_coll"),
            65..70 => self.column(dice, "set"),
            70..75 => self.one(dice, "delete"),
            75..78 => self.one(dice, "expire"),
            78..80 => self.one(dice, "refresh"),
            80..81 => self.one(dice, "expunge"),
            81..82 => self.one(dice, "add"),
            82..86 => Some(json!({"op": "flush"})),
            86..90 => Some(json!({"op": "commit"})),
            90..92 => Some(json!({"op": "rollback"})),
            92..95 => Some(json!({"op": "begin_nested"})),
            95..96 if self.savepoints > 0 => Some(json!({"op": "commit_nested"})),
            96..98 if self.savepoints > 0 => Some(json!({"op": "rollback_nested"})),
            98 => Some(json!({"op": "query", "class": *dice.pick(&CLASSES)?, "where": []})),
            99 => Some(json!({"op": "find", "class": "Product", "key": "N3", "as": "found"})),
            _ => None,
        }
    }

    fn note(&mut self, op: &Value, failed: bool) {
        match op["op"].as_str() {
            Some("begin_nested") if !failed => self.savepoints += 1,
            Some("commit_nested") if !failed => self.savepoints -= 1,
            Some("rollback_nested") => self.savepoints = self.savepoints.saturating_sub(1),
            Some("commit") if !failed => self.savepoints = 0,
            Some("rollback") => self.savepoints = 0,
            _ => {}
        }
    }
}

async fn walk(engine: &Engine, seed: u64, manner: Manner, shown: bool) -> Result<(), String> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut interpreter = Interpreter::new(engine, manner);
    let mut walk = Walk::default();
    let mut trail = Vec::new();
    while trail.len() < STEPS {
        let Some(op) = walk.next(&mut dice) else { continue };
        if shown {
            println!("{:3} {op}", trail.len());
        }
        trail.push(op.to_string());
        let mut outcome = interpreter.step(&op).await;
        walk.note(&op, outcome.is_err());
        if shown {
            println!("      {outcome:?}");
        }
        if let Err(Failure { class: "integrity" | "stale" | "pending_rollback" | "circular" | "other", .. }) = &outcome
        {
            let back = if walk.savepoints > 0 && dice.below(2) == 0 { "rollback_nested" } else { "rollback" };
            let back = json!({"op": back});
            walk.note(&back, false);
            if shown {
                println!("    {back}");
            }
            let undone = interpreter.step(&back).await;
            outcome = match outcome {
                Err(failure) if failure.class == "other" && !failure.message.starts_with("InvalidState") => {
                    Err(failure)
                }
                Err(failure) if failure.class == "stale" => Err(failure),
                _ => undone,
            };
        }
        if let Err(Failure { class: "other" | "stale" | "pending_rollback", message }) = outcome {
            return Err(format!("step {}: {op}: {message}", trail.len() - 1));
        }
        memory::check(&mut interpreter.session)
            .await
            .map_err(|difference| format!("step {}: {op}\n    {difference}", trail.len() - 1))?;
    }
    Ok(())
}

#[tokio::test]
async fn memory_is_what_the_tables_are_after_whatever_is_done() {
    let seeds: Vec<u64> = match std::env::var("RETRO_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => (1..=std::env::var("RETRO_WALKS").ok().and_then(|walks| walks.parse().ok()).unwrap_or(300)).collect(),
    };
    let shown = seeds.len() == 1;
    let mut failures = Vec::new();
    for seed in seeds {
        for manner in [Manner::Bare, Manner::Own] {
            let engine = databases::memory().await;
            if let Err(failure) = walk(&engine, seed, manner, shown).await {
                failures.push(format!("seed {seed} {manner:?}: {failure}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} walks:\n{}", failures.len(), failures.join("\n"));
}
