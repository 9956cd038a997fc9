#!/usr/bin/env bash
# What a program of 15 models and six queries costs to build on retro, SeaORM and Diesel, and how large it is.
#
# Generates the three programs in a temporary directory (or DIRECTORY), as the documentation of each tells:
# models of eight columns, ten relationships, a file for each model. Each program is run once and must print
# what the others do. Everything is fetched before anything is timed. For each step it prints the seconds that
# passed and, in parentheses, those of processors, which tell more on a busy machine.
#
#   [PEERS='retro diesel'] benches/compile-peers.sh [DIRECTORY]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
here=$(cd "$(dirname "$0")" && pwd)/compile-peers
if [ $# -gt 0 ]; then
  work=$1
  mkdir -p "$work"
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
MODELS=15
read -ra peers <<<"${PEERS:-retro seaorm diesel}"

has_parent() { [ $(($1 % 3)) -ne 1 ]; }  # 1 <- 2 <- 3, 4 <- 5 <- 6, ..
has_children() { [ $(($1 % 3)) -ne 0 ]; }

# The columns that all models have; the eighth is the parent's key or, at the head, a rank.
columns() {
  printf '    pub %s,\n' 'name: String' 'code: String' 'amount: i64' 'price: f64' 'active: bool' 'note: Option<String>'
}

model_retro() {
  echo 'use retro_core::prelude::*;'
  has_parent "$1" && echo "use super::Thing$(($1 - 1));"
  has_children "$1" && echo "use super::Thing$(($1 + 1));"
  printf '\n#[derive(Model, Debug, Clone)]\n#[retro(table = "things%s")]\npub struct Thing%s {\n' "$1" "$1"
  printf '    #[retro(primary_key)]\n    pub id: i64,\n'
  columns
  if has_parent "$1"; then
    printf '    #[retro(foreign_key = Thing%s::id, index)]\n    pub parent_id: i64,\n' $(($1 - 1))
    printf '    #[retro(key = parent_id, back_populates = children)]\n    pub parent: BelongsTo<Thing%s>,\n' $(($1 - 1))
  else
    echo '    pub rank: i32,'
  fi
  has_children "$1" &&
    printf '    #[retro(back_populates = parent)]\n    pub children: HasMany<Thing%s>,\n' $(($1 + 1))
  printf '    // edited here\n}\n'
}

model_seaorm() {
  printf 'use sea_orm::entity::prelude::*;\n\n#[sea_orm::model]\n#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n'
  printf '#[sea_orm(table_name = "things%s")]\npub struct Model {\n    #[sea_orm(primary_key)]\n    pub id: i64,\n' "$1"
  columns
  if has_parent "$1"; then
    printf '    pub parent_id: i64,\n    #[sea_orm(belongs_to, from = "parent_id", to = "id")]\n'
    printf '    pub parent: HasOne<super::thing%s::Entity>,\n' $(($1 - 1))
  else
    echo '    pub rank: i32,'
  fi
  has_children "$1" && printf '    #[sea_orm(has_many)]\n    pub children: HasMany<super::thing%s::Entity>,\n' $(($1 + 1))
  printf '    // edited here\n}\n\nimpl ActiveModelBehavior for ActiveModel {}\n'
}

model_diesel() {
  local last='rank: i32' derive='Queryable, Selectable, Identifiable, Debug, Clone' belongs='' use=''
  if has_parent "$1"; then
    last='parent_id: i64' derive="$derive, Associations"
    belongs=$'\n'"#[diesel(belongs_to(Thing$(($1 - 1)), foreign_key = parent_id))]"
    use=$'\n'"use super::Thing$(($1 - 1));"
  fi
  printf 'use crate::schema::things%s;%s\nuse diesel::prelude::*;\n\n' "$1" "$use"
  printf '#[derive(%s)]\n#[diesel(table_name = things%s)]%s\n' "$derive" "$1" "$belongs"
  printf 'pub struct Thing%s {\n    pub id: i64,\n' "$1"
  columns
  printf '    pub %s,\n    // edited here\n}\n\n#[derive(Insertable)]\n#[diesel(table_name = things%s)]\n' "$last" "$1"
  printf 'pub struct NewThing%s {\n' "$1"
  columns
  printf '    pub %s,\n}\n' "$last"
}

schema_diesel() {
  local n names=''
  for n in $(seq $MODELS); do
    printf 'diesel::table! {\n    things%s (id) {\n        id -> BigInt,\n        name -> Text,\n        code -> Text,\n' "$n"
    printf '        amount -> BigInt,\n        price -> Double,\n        active -> Bool,\n        note -> Nullable<Text>,\n'
    has_parent "$n" && echo '        parent_id -> BigInt,' || echo '        rank -> Integer,'
    printf '        // edited here: %s.\n    }\n}\n\n' "$n"
    has_parent "$n" && echo "diesel::joinable!(things$n -> things$((n - 1)) (parent_id));"
    names="$names things$n,"
  done
  echo "diesel::allow_tables_to_appear_in_same_query!($names);"
}

generate() { # peer
  local crate=$work/$1 n
  rm -rf "$crate" && mkdir -p "$crate/src/models"
  sed "s|ROOT|$root|" "$here/$1.toml" >"$crate/Cargo.toml"
  cp "$here/$1.rs" "$crate/src/queries.rs"
  {
    echo 'mod models;'
    [ "$1" = diesel ] && echo 'mod schema;'
    echo 'mod queries;'
    [ "$1" = diesel ] || echo '#[tokio::main(flavor = "current_thread")]'
    [ "$1" = diesel ] && echo 'fn main() { queries::all().unwrap() }' || echo 'async fn main() { queries::all().await.unwrap() }'
  } >"$crate/src/main.rs"
  for n in $(seq $MODELS); do
    "model_$1" "$n" >"$crate/src/models/thing$n.rs"
    case $1 in
      seaorm) echo "pub mod thing$n;" ;;
      *) printf 'mod thing%s;\npub use thing%s::*;\n' "$n" "$n" ;;
    esac >>"$crate/src/models/mod.rs"
  done
  if [ "$1" = diesel ]; then schema_diesel >"$crate/src/schema.rs"; fi
  [ "$1" != retro ] || cp "$root/Cargo.lock" "$crate/Cargo.lock"
}

build() { # peer, what cargo is to do
  local peer=$1
  shift
  CARGO_TARGET_DIR=$work/target-$peer RUSTFLAGS=-Awarnings cargo "$@" -q --offline --manifest-path "$work/$peer/Cargo.toml"
}

timed() { # how long a build takes
  local TIMEFORMAT='%R %U %S'
  { time build "$@" 1>&2; } 2>"$work/time" || { cat "$work/time" >&2; return 1; }
  tail -n 1 "$work/time" | awk '{ printf "%.1f s (%.1f)", $1, $2 + $3 }'
}

edit_model() { # peer: one more column
  local model=$work/$1/src/models/thing8.rs
  sed -i "s|    // edited here|    pub more$2: Option<String>,\n&|" "$model"
  [ "$1" != diesel ] || sed -i "s|        // edited here: 8\\.|        more$2 -> Nullable<Text>,\n&|" "$work/diesel/src/schema.rs"
}

edit_query() { # peer: another order and limit
  sed -i "s|limit([0-9]*)|limit($((20 + $2)))|" "$work/$1/src/queries.rs"
}

after() { # the best of three checks, each after an edit
  local peer=$1 change=$2 run
  build "$peer" check
  for run in 1 2 3; do
    "$change" "$peer" "$run"
    timed "$peer" check
    echo
  done | sort -n | head -n 1
}

for peer in "${peers[@]}"; do
  generate "$peer"
  cargo fetch -q --manifest-path "$work/$peer/Cargo.toml"
done
printf '| | anew | check after an edit of a model | of a query | release build | stripped program | packages |\n|---|---:|---:|---:|---:|---:|---:|\n'
for peer in "${peers[@]}"; do
  rm -rf "$work/target-$peer"
  anew=$(timed "$peer" build)
  "$work/target-$peer/debug/size-of-$peer" >"$work/$peer.out"
  model=$(after "$peer" edit_model)
  query=$(after "$peer" edit_query)
  generate "$peer"
  release=$(timed "$peer" build --release)
  program=$work/target-$peer/release/size-of-$peer
  strip -o "$work/$peer.stripped" "$program"
  size=$(stat -c %s "$work/$peer.stripped" | awk '{ printf "%.2f MB", $1 / 1e6 }')
  packages=$(cd "$work/$peer" && cargo tree --offline -q -e normal,build --prefix none | sed 's/ (\*)$//' | sort -u | wc -l)
  echo "| $peer | $anew | $model | $query | $release | $size | $packages |"
  cmp -s "$work/${peers[0]}.out" "$work/$peer.out" || { echo "$peer does not print what ${peers[0]} does" >&2; exit 1; }
done
