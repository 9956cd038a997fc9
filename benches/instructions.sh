#!/usr/bin/env bash
# Counts the instructions of each job on SQLite with callgrind and compares them with those of
# instructions.txt: what became slower shows whatever else the machine is doing.
#
#   benches/instructions.sh           compares; fails if a job takes more than TOLERANCE percent more
#   benches/instructions.sh --write   writes instructions.txt anew
#
# Counts are of one compiler: with another one they are printed and not compared.
set -euo pipefail
cd "$(dirname "$0")/.."

TOLERANCE=${TOLERANCE:-10}
recorded=benches/instructions.txt
program=target/release/retro-benches
jobs=("insert 100000" "insert graph" "load 100000" "load graph" "update" "delete graph" "get" "short transactions")

command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 1; }
cargo build -q --release -p retro-benches

count() { # job, rounds
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" sqlite --side 0 --rounds "$2" --only "$1" 2>&1 >/dev/null |
    awk '/Collected/ { print $NF }'
}

measure() {
  echo "# $(rustc --version)"
  for job in "${jobs[@]}"; do
    # What two more rounds take: start and end of the program are not counted.
    few=$(count "$job" 1)
    more=$(count "$job" 3)
    [ -n "$few" ] && [ -n "$more" ] || { echo "$job: valgrind gave no count" >&2; return 1; }
    printf '%s\t%d\n' "$job" $(((more - few) / 2))
  done
}

if [ "${1:-}" = --write ]; then
  measure > "$recorded.new"
  mv "$recorded.new" "$recorded"
  cat "$recorded"
  exit
fi

measured=$(mktemp)
trap 'rm -f "$measured"' EXIT
measure > "$measured"
if [ "$(head -n 1 "$measured")" != "$(head -n 1 "$recorded")" ]; then
  echo "$recorded is of another compiler ($(head -n 1 "$recorded")): not compared"
  cat "$measured"
  exit
fi
awk -F '\t' -v tolerance="$TOLERANCE" '
  /^#/ { next }
  NR == FNR { recorded[$1] = $2; next }
  {
    percent = ($2 / recorded[$1] - 1) * 100
    is_slower = (percent > tolerance)
    printf "%-20s %12d %+7.1f %%%s\n", $1, $2, percent, (is_slower ? "   SLOWER" : "")
    slower += is_slower
  }
  END {
    if (slower) { print slower " jobs take more instructions; if that is right: benches/instructions.sh --write"; exit 1 }
  }
' "$recorded" "$measured"
