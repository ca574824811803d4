#!/usr/bin/env bash
# Prints what the smallest echo servers take on a board, on litz and on smoltcp: flash (code, constants
# and initial values, with the vectors) and static RAM (with 4,608 octets of application buffers and the
# 3,032 of the device), for two processors and two levels of optimization.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/thumb-env.sh >/dev/null
export CARGO_TARGET_DIR=$PWD/target/firmware/sizes
cd firmware

# octets IMAGE: flash and RAM.
octets() {
  cargo run -q --manifest-path ../Cargo.toml --target-dir ../target -p litz-tests --bin image_size -- "$1"
}

printf '| profile | target | level | litz flash | smoltcp flash | litz RAM | smoltcp RAM |\n'
printf '|---|---|---|--:|--:|--:|--:|\n'
for target in thumbv7em-none-eabihf thumbv7m-none-eabi; do
  for level in z s; do
    for profile in ip4 ip4,tcp ip6,tcp ip4,ip6,tcp,ping; do
      cells=()
      for stack in litz smoltcp; do
        CARGO_PROFILE_RELEASE_OPT_LEVEL=$level cargo build -q --release --locked --target "$target" \
          -p sizes --bin "$stack" --features "$profile" 2>/dev/null
        read -r flash ram < <(octets "$CARGO_TARGET_DIR/$target/release/$stack")
        cells+=("$flash" "$ram")
      done
      printf '| eth,%s | %s | %s | %s | %s | %s | %s |\n' "$profile" "${target%%-*}" "$level" \
        "${cells[0]}" "${cells[2]}" "${cells[1]}" "${cells[3]}"
    done
  done
done
