//! Methods that are no hybrids, whatever their bodies.

use retro_core::prelude::*;

#[derive(Model, Clone)]
#[retro(table = "machines")]
struct Machine {
    #[retro(primary_key)]
    id: i32,
    year: i32,
}

impl Machine {
    #[hybrid]
    fn newest() -> i32 {
        1992
    }

    #[hybrid]
    fn next(self) -> i32 {
        self.year + 1
    }

    #[hybrid]
    fn touch(&mut self) -> i32 {
        self.year
    }

    #[hybrid]
    async fn later(&self) -> i32 {
        self.year
    }

    #[hybrid]
    fn above<T: Into<i32>>(&self, year: T) -> bool {
        self.year > year.into()
    }

    #[hybrid]
    fn nothing(&self) {}

    #[hybrid]
    fn unsigned(&self) -> u64 {
        self.year as u64
    }

    #[hybrid(table = "machines")]
    fn known(&self) -> bool {
        self.id != 0
    }
}

#[hybrid]
struct Other;

fn main() {
    // What uses them adds no errors.
    let _ = select(Machine).filter(Machine::later_expr().gt(1980) & Machine::above_expr(1980));
}
