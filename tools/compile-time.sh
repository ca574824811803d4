#!/usr/bin/env bash
# How long the header language takes to compile: the macro crate with its dependencies from nothing,
# and every declared protocol, checked from nothing, after a touch, and built for release. Prints the
# processor seconds of each; run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
export CARGO_TARGET_DIR=$target CARGO_INCREMENTAL=1

# measure NAME BUDGET COMMAND...: processor seconds of a command, in user mode.
measure() {
  local name=$1 budget=$2 TIMEFORMAT='%U'
  shift 2
  local seconds
  seconds=$({ time "$@" >/dev/null 2>&1; } 2>&1)
  printf '| %s | %s | %s |\n' "$name" "$seconds" "$budget"
}

items=$(grep -cE '^ +(header|codes|bits|options|set|message|payloads|forms|prefix) ' wire-defs/src/items.rs)
printf '%s declared items\n\n' "$items"
printf '| what | user seconds | budget |\n|---|--:|--:|\n'
measure "macro crate and its dependencies, cold" 7 cargo build -p litz-wire-macros
measure "check of all protocols, macro crate built" "4 for 80 items" cargo check -p litz-wire
touch wire-defs/src/lib.rs
measure "check after a touch" 1.5 cargo check -p litz-wire
cargo build -q --release -p litz-wire-macros
measure "release build of all protocols" "8 for 80 items" cargo build --release -p litz-wire
