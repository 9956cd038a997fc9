//! What it costs to reach a loaded struct by its handle: `session[e]` and `&mut session[e]`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use retro_core::prelude::*;

use crate::Result;
use crate::item::{Item, item};

const SIZES: [usize; 2] = [1_000, 100_000];
/// Accesses of a round, so that the clock doesn't count.
const ACCESSES: usize = 1_000_000;
/// Coprime to the sizes: steps of this length reach all, each far from the one before.
const STRIDE: usize = 7_919;

pub(crate) async fn run(url: &str, rounds: usize) -> Result<()> {
    let engine = Engine::connect(url).await?;
    let metadata = MetaData::new().with::<Item>();
    metadata.create_all(&engine).await?;
    let mut session = Session::new(&engine);
    if session.exists(select(Item)).await? {
        return Err("the database has data already; give an empty one".into());
    }
    session.add_all((0..SIZES[SIZES.len() - 1]).map(item));
    session.commit().await?;
    println!("nanoseconds per access, fastest of {rounds} rounds\n");
    println!("| entities | order | `Vec[i]` | `session[e]` | `&mut session[e]`, first | again |");
    println!("|---:|---|---:|---:|---:|---:|");
    for size in SIZES {
        for (name, stride) in [("as loaded", 1), ("scattered", STRIDE)] {
            let [floor, read, first, again] = measure(&engine, rounds, size, stride).await?;
            println!("| {size} | {name} | {floor:.2} | {read:.2} | {first:.1} | {again:.2} |");
        }
    }
    drop(session);
    metadata.drop_all(&engine).await?;
    Ok(())
}

/// Structs in a list for comparison, read access, the first write access of each entity, and those after it.
async fn measure(engine: &Engine, rounds: usize, size: usize, stride: usize) -> Result<[f64; 4]> {
    let places: Vec<usize> = (0..size).map(|n| n * stride % size).collect();
    let list: Vec<Item> = (0..size).map(item).collect();
    let times = ACCESSES / size;
    let mut fastest = [f64::INFINITY; 4];
    for _ in 0..rounds.max(1) {
        // A session of its own, whose entities nobody has changed.
        let mut session = Session::new(engine);
        let entities = session.all(select(Item).order_by(Item::id).limit(size as u64)).await?;
        let entities: Vec<Entity<Item>> = places.iter().map(|&place| entities[place]).collect();
        assert_eq!(entities.len(), size);
        let floor = repeat(times, || places.iter().for_each(|&place| _ = black_box(list[place].stock)));
        let read = repeat(times, || entities.iter().for_each(|&e| _ = black_box(session[e].stock)));
        let mut write = || entities.iter().for_each(|&e| black_box(&mut session[e]).stock += 1);
        let first = repeat(1, &mut write);
        let again = repeat(times, &mut write);
        for (best, (time, accesses)) in
            fastest.iter_mut().zip([(floor, times * size), (read, times * size), (first, size), (again, times * size)])
        {
            *best = best.min(time.as_secs_f64() * 1e9 / accesses as f64);
        }
    }
    Ok(fastest)
}

fn repeat(times: usize, mut step: impl FnMut()) -> Duration {
    let started = Instant::now();
    (0..times).for_each(|_| step());
    started.elapsed()
}
