#!/usr/bin/env bash
# Sizes of the smallest echo servers on litz and on smoltcp, as a table in Markdown: flash (vectors, code and
# constants, initial values) and static RAM, for each profile, target and level of optimization.
#
#   tools/sizes.sh [TARGET…] > docs/sizes-table.md
#
# The images are those of firmware/sizes; a test runs them (`litz-emulator`, test `sizes`).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/thumb-env.sh" >&2
cd "$here/../firmware"
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(thumbv7em-none-eabihf thumbv7m-none-eabi)
profiles=(
  "eth-ip4-udp eth,ip4"
  "eth-ip4-udp-tcp eth,ip4,tcp"
  "eth-ip6-udp-tcp eth,ip6,tcp"
  "eth-ip46-udp-tcp-ping eth,ip4,ip6,tcp,ping"
  "154-udp wpan"
  "154-udp-frag wpan,frag"
  "154-udp-tcp wpan,tcp"
  "154-udp-tcp-frag-ping wpan,tcp,frag,ping"
)

# measure BINARY: octets of flash and of RAM; what is allocated and in flash is code, constants and initial values.
measure() {
  readelf -SW "$1" | tr -d '[]' | awk '
    function hex(s,   i, n) { n = 0; s = tolower(s)
      for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
      return n }
    $2 ~ /^\.(vector_table|text|rodata|data|ARM)/ { flash += hex($6) }
    $2 ~ /^\.(data|bss|uninit)/ { ram += hex($6) }
    END { print flash, ram }'
}

echo "| profile | target | level | litz: flash | smoltcp: flash | litz : smoltcp | litz: RAM | smoltcp: RAM |"
echo "|---|---|---|--:|--:|--:|--:|--:|"
for profile in "${profiles[@]}"; do
  read -r name features <<<"$profile"
  for target in "${targets[@]}"; do
    for level in z s; do
      CARGO_PROFILE_RELEASE_OPT_LEVEL=$level cargo build --locked --quiet --release -p sizes \
        --target "$target" --features "$features" >&2
      folder=${CARGO_TARGET_DIR:-target}/$target/release
      read -r flash ram <<<"$(measure "$folder/litz")"
      read -r flash_other ram_other <<<"$(measure "$folder/smoltcp")"
      ratio=$(awk "BEGIN { printf \"%.2f\", $flash / $flash_other }")
      echo "| $name | ${target%%-*} | $level | $flash | $flash_other | $ratio | $ram | $ram_other |"
    done
  done
done
