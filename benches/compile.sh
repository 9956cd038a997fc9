#!/usr/bin/env bash
# How long `cargo check` takes for a crate of models and queries, and how that grows with them.
#
# The crate is the example's models and reports, several times over, each copy a module. It is
# checked alone, once what it depends on is built: all of it anew, and after a query was added to one
# of its files, as in a day's work. The best of five runs counts; leave the machine alone meanwhile.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
crate=$root/target/compile-times
sources=$root/retro-examples/src

generate() { # copies of the models, copies of the reports on the first of these
  rm -rf "$crate/src" && mkdir -p "$crate/src"
  {
    printf '[package]\nname = "compile-times"\nedition = "2024"\n[workspace]\n[dependencies]\n'
    grep -E '^(chrono|csv|serde_json|strsim|thiserror) = ' "$root/Cargo.toml"
    echo "retro-core = { path = \"$root/retro-core\" }"
  } >"$crate/Cargo.toml"
  cp "$root/Cargo.lock" "$crate/Cargo.lock"
  for copy in $(seq "$1"); do
    cp -r "$sources/models" "$crate/src/models$copy"
    echo "pub mod models$copy;" >>"$crate/src/lib.rs"
  done
  for copy in $(seq "$2"); do
    cp -r "$sources/reports" "$crate/src/reports$copy"
    sed -i 's/crate::models/crate::models1/' "$crate/src/reports$copy"/*.rs
    echo "pub mod reports$copy;" >>"$crate/src/lib.rs"
  done
}

anew() {
  touch "$crate/src/lib.rs"
}

edit() {
  echo "pub fn added_$1() -> Select<(i32, i64)> { select((Product::year, count(Product))).group_by(Product::year) }" \
    >>"$crate/src/reports1/products.rs"
}

check() {
  cargo check -q --manifest-path "$crate/Cargo.toml"
}

seconds() { # of the best check, each after a change
  check
  local run start
  for run in 1 2 3 4 5; do
    "$1" "$run"
    start=$EPOCHREALTIME
    check
    echo "scale=2; ($EPOCHREALTIME - $start) / 1" | bc
  done | sort -n | head -n 1
}

# Warnings of retro itself would be repeated each time.
export RUSTFLAGS=-Awarnings
printf '%8s %8s %8s %15s\n' models queries anew 'after an edit'
for copies in '1 0' '5 0' '1 1' '1 5'; do
  read -r models reports <<<"$copies"
  generate "$models" "$reports"
  printf '%8s %8s %8s %15s\n' \
    "$(cat "$crate"/src/models*/*.rs | grep -c 'derive(Model')" \
    "$(cat "$crate"/src/reports*/catalog.rs 2>/dev/null | grep -c 'Report::[a-z]*(\"Q')" \
    "$(CARGO_INCREMENTAL=0 seconds anew)" \
    "$([ "$reports" = 0 ] || CARGO_INCREMENTAL=1 seconds edit)"
done
