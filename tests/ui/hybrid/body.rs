//! Bodies that are more than SQL can say.

use retro_core::prelude::*;

#[derive(Model)]
#[retro(table = "machines")]
struct Machine {
    #[retro(primary_key)]
    id: i32,
    name: String,
    cpu: Option<String>,
    year: i32,
}

impl Machine {
    #[hybrid]
    fn era(&self) -> &str {
        match self.year {
            ..1977 => "pioneer",
            _ => "classic",
        }
    }

    #[hybrid]
    fn processor(&self) -> &str {
        if let Some(cpu) = &self.cpu { cpu } else { "" }
    }

    #[hybrid]
    fn title(&self) -> String {
        format!("{} ({})", self.name, self.year)
    }

    #[hybrid]
    fn age(&self, now: i32) -> i32 {
        let age = now - self.year;
        age.max(0)
    }

    #[hybrid]
    fn length(&self) -> i64 {
        self.name.len() as i64
    }

    #[hybrid]
    fn is_zilog(&self) -> Option<bool> {
        Some(self.cpu.as_deref()?.starts_with('Z'))
    }

    #[hybrid]
    fn is_named_after_cpu(&self) -> bool {
        self.cpu.is_some() && self.name.contains(self.cpu.as_deref().unwrap_or(""))
    }

    #[hybrid]
    fn flags(&self) -> i64 {
        i64::from(self.year & 7) + (self.id as u64) as i64
    }

    #[hybrid]
    fn shout(&self) -> String {
        self.name.trim().to_uppercase()
    }

    #[hybrid]
    fn rank(&self) -> i32 {
        if self.year < 1980 {
            return 1;
        }
        2
    }
}

fn main() {
    // What uses it adds no errors.
    let _ = select(Machine).filter(Machine::era_expr().eq("classic") & Machine::age_expr(1990).gt(3));
}
