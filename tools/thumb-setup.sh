#!/usr/bin/env bash
# Makes `core` for the boards' processors available: thumbv7em-none-eabihf and thumbv7m-none-eabi.
#
#   tools/thumb-setup.sh [FOLDER]
#
# Three ways, the first that works: the compiler in use already has the targets; rustup adds them; or
# the compiler that Debian packages for browsers (`rustc-web`, with `rust-web-src`) is unpacked into
# FOLDER and builds `core` there. The last needs apt-get and a stable cargo, no privileges, three
# minutes and 600 MB; nothing outside of FOLDER changes. FOLDER is $LITZ_THUMB_RUST, or
# target/thumb-rust. tools/thumb-env.sh and the tests look in the same place. With LITZ_THUMB_DEBIAN=1
# the first two ways are passed over.
set -euo pipefail

targets=(thumbv7em-none-eabihf thumbv7m-none-eabi)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-${LITZ_THUMB_RUST:-$root/target/thumb-rust}}
host=$(rustc -vV | sed -n 's/^host: //p')

# has_targets SYSROOT: whether `core` for every target stands there.
has_targets() {
  local target
  for target in "${targets[@]}"; do
    ls "$1/lib/rustlib/$target/lib/"libcore-*.rlib >/dev/null 2>&1 || return 1
  done
}

only_debian=${LITZ_THUMB_DEBIAN:-0}
if [ "$only_debian" != 1 ] && has_targets "$(rustc --print sysroot)"; then
  echo "the compiler in use has ${targets[*]}"
  exit 0
fi
if has_targets "$folder/usr"; then
  echo "$folder has ${targets[*]}"
  exit 0
fi
if [ "$only_debian" != 1 ] && command -v rustup >/dev/null \
  && timeout 90 rustup target add "${targets[@]}" 2>/dev/null \
  && has_targets "$(rustc --print sysroot)"; then
  echo "rustup has added ${targets[*]}"
  exit 0
fi

# wrap FILE LIBRARIES [NAME]: puts a script in place of a program, so that it alone sees the
# libraries that it came with.
wrap() {
  mv "$1" "$1.real"
  {
    echo '#!/usr/bin/env bash'
    echo "export LD_LIBRARY_PATH='$2'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
    echo "exec -a '${3:-$1.real}' '$1.real' \"\$@\""
  } >"$1"
  chmod +x "$1"
}

echo "unpacking Debian's compiler into $folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
library=$(apt-cache depends libstd-rust-web-dev | sed -n 's/.*Depends: \(libstd-rust-web-[0-9.]*\)$/\1/p')
llvm=$(apt-cache depends "$library" rustc-web | sed -n 's/.*Depends: \(libllvm[0-9]*\)$/\1/p' | head -1)
linker=lld-${llvm#libllvm}
apt-get download -qq rustc-web libstd-rust-web-dev "$library" "$llvm" "$linker" rust-web-src
for package in rustc-web libstd-rust-web-dev "$library" "$llvm"; do
  dpkg-deb -x "$package"_*.deb "$folder"
done
dpkg-deb -x "$linker"_*.deb linker
mkdir source
dpkg-deb --fsys-tarfile rust-web-src_*.deb | tar x -C source --wildcards './usr/src/rustc-*/library'

libraries=$(dirname "$(find "$folder/usr/lib" -name 'libLLVM*.so*' | head -1)")
rustlib=$folder/usr/lib/rustlib
mkdir -p "$rustlib/src/rust" "$rustlib/$host/bin"
rm -rf "$rustlib/src/rust/library"
mv source/usr/src/rustc-*/library "$rustlib/src/rust/"
cp "linker/usr/lib/llvm-${llvm#libllvm}/bin/lld" "$rustlib/$host/bin/rust-lld"
for program in "$folder/usr/bin/rustc" "$folder/usr/bin/rustdoc"; do
  wrap "$program" "$libraries"
done
# The linker behaves after the name that it is called by.
wrap "$rustlib/$host/bin/rust-lld" "$libraries" rust-lld

# `core` is built once for each target and put where rustup would have put it, with its bitcode, so that
# it takes part in link-time optimization.
mkdir -p empty/src
printf '[package]\nname = "empty"\nedition = "2024"\n[profile.release]\ncodegen-units = 1\n' >empty/Cargo.toml
echo '#![no_std]' >empty/src/lib.rs
for target in "${targets[@]}"; do
  env -u CARGO_TARGET_DIR RUSTFLAGS=-Cembed-bitcode=yes RUSTC="$folder/usr/bin/rustc" RUSTC_BOOTSTRAP=1 \
    CARGO_PROFILE_RELEASE_DEBUG=0 cargo build -q --release --manifest-path empty/Cargo.toml \
    --target-dir built -Zbuild-std=core,alloc,panic_abort --target "$target"
  mkdir -p "$rustlib/$target/lib"
  find "built/$target/release" -name 'lib*-*.rlib' ! -name 'libempty*' \
    -exec cp {} "$rustlib/$target/lib/" \;
done
has_targets "$folder/usr"
echo "$folder has ${targets[*]}"
