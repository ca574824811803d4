#!/usr/bin/env bash
# How long the header language takes to compile: the macro crate with its dependencies from nothing, as a
# user's build makes them, and every declared protocol, checked from nothing, after a touch, and built for
# release. Prints the processor seconds of each; run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
export CARGO_TARGET_DIR=$target CARGO_INCREMENTAL=1

# seconds COMMAND...: processor seconds of a command, in user mode.
seconds() {
  local TIMEFORMAT='%U'
  { time "$@" >/dev/null 2>&1; } 2>&1
}

row() {
  printf '| %s | %.1f | %s |\n' "$@"
}

items=$(grep -cE '^ +(header|codes|bits|options|set|message|payloads|forms|prefix) ' wire-defs/src/items.rs)
printf '%s declared items\n\n' "$items"
printf '| what | user seconds | budget |\n|---|--:|--:|\n'
# Proc macros are built in a way of their own, so their part is what a check costs more without them.
everything=$(seconds cargo check -p litz-wire)
cargo clean -q -p litz-wire -p litz-wire-macros
macros=$(seconds cargo check -p litz-wire)
cargo clean -q -p litz-wire
protocols=$(seconds cargo check -p litz-wire)
row "dependencies of the macro crate, cold" "$(awk "BEGIN { print $everything - $macros }")" 7
row "macro crate" "$(awk "BEGIN { print $macros - $protocols }")" "none"
row "check of all protocols, macro crate built" "$protocols" "4 for 80 items"
touch wire-defs/src/lib.rs
row "check after a touch" "$(seconds cargo check -p litz-wire)" 1.5
cargo build -q --release -p litz-wire
cargo clean -q --release -p litz-wire
row "release build of all protocols" "$(seconds cargo build --release -p litz-wire)" "8 for 80 items"
