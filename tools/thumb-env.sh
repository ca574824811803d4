# Source this file (`. tools/thumb-env.sh`); then `cargo build --target thumbv7em-none-eabihf` works,
# with the compiler in use if it has the target and with the one that tools/thumb-setup.sh made if not.
_litz_tools=$(dirname "${BASH_SOURCE[0]:-$0}")
_litz_thumb=${LITZ_THUMB_RUST:-$_litz_tools/../target/thumb-rust}
"$_litz_tools/thumb-setup.sh" "$_litz_thumb" || return 1
if [ -x "$_litz_thumb/usr/bin/rustc" ] \
  && ! ls "$(rustc --print sysroot)"/lib/rustlib/thumbv7m-none-eabi/lib/libcore-* >/dev/null 2>&1; then
  RUSTC=$(cd "$_litz_thumb/usr/bin" && pwd)/rustc
  RUSTDOC=$(dirname "$RUSTC")/rustdoc
  # Another compiler: its output stays apart.
  CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target/thumb}
  export RUSTC RUSTDOC CARGO_TARGET_DIR
fi
unset _litz_tools _litz_thumb
