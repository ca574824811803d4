#!/usr/bin/env bash
# Makes QEMU's emulator of ARM boards available without installing it.
#
#   tools/qemu-setup.sh [FOLDER]
#
# A `qemu-system-arm` on the PATH is used as it is. Otherwise the distribution's packages are unpacked
# into FOLDER ($LITZ_QEMU, or target/qemu), where the tests look for FOLDER/qemu-system-arm. Installing
# them could remove other tools of QEMU whose version differs; unpacking changes nothing outside of
# FOLDER and needs no privileges beyond a package list that is up to date.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-${LITZ_QEMU:-$root/target/qemu}}

if command -v qemu-system-arm >/dev/null; then
  echo "qemu-system-arm is installed"
  exit 0
fi
if [ -x "$folder/qemu-system-arm" ]; then
  echo "$folder has qemu-system-arm"
  exit 0
fi

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# What an installation would bring is what is not there yet.
mapfile -t packages < <(apt-get -s install --no-install-recommends qemu-system-arm |
  sed -n 's/^Inst \([^ ]*\) .*/\1/p')
[ "${#packages[@]}" -gt 0 ]
apt-get download -qq "${packages[@]}"
for package in ./*.deb; do
  dpkg-deb -x "$package" "$folder/root"
done
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
data=$(dirname "$(find "$folder/root/usr/share" -name 'efi-e1000.rom' | head -1)")
{
  echo '#!/usr/bin/env bash'
  echo "export LD_LIBRARY_PATH='$libraries'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
  echo "exec '$folder/root/usr/bin/qemu-system-arm' -L '$data' \"\$@\""
} >"$folder/qemu-system-arm"
chmod +x "$folder/qemu-system-arm"
"$folder/qemu-system-arm" --version | head -1
