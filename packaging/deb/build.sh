#!/usr/bin/env bash
# Makes a Debian package of a program that is already built: `build.sh BINARY FOLDER`. Needs dpkg-deb.
set -euo pipefail
[ $# -eq 2 ] || { echo 'usage: build.sh BINARY FOLDER' >&2; exit 2; }
binary=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
version=$("$root/packaging/version.sh")

# The processor stands in the header of the program, the newest glibc that it asks for among its symbols.
case "$(od -An -tu2 -j18 -N2 "$binary" | tr -d ' ')" in
    62) architecture=amd64 ;;
    183) architecture=arm64 ;;
    *) echo 'build.sh: not an ELF program for amd64 or arm64' >&2; exit 2 ;;
esac
glibc=$(grep -ao 'GLIBC_2\.[0-9]*' "$binary" | sed 's/GLIBC_//' | sort -uV | tail -1 || true)

tree=$(mktemp -d)
trap 'rm -r "$tree"' EXIT
chmod 755 "$tree"
install -D -m 755 "$binary" "$tree/usr/bin/iamsure"
documents=$tree/usr/share/doc/iamsure
install -D -m 644 "$root/crates/iamsure-reference/NOTICE.md" "$documents/NOTICE.md"
{
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n'
    printf 'Upstream-Name: iamsure\n\nFiles: *\nCopyright: the authors of iamsure\nLicense: Apache-2.0 or Expat\n\n'
    printf 'License: Apache-2.0\n On Debian systems: /usr/share/common-licenses/Apache-2.0\n\nLicense: Expat\n'
    sed 's/^$/./; s/^/ /' "$root/LICENSE-MIT"
} > "$documents/copyright"
gzip -9n < "$root/CHANGELOG.md" > "$documents/changelog.gz"
chmod 644 "$documents"/*
mkdir "$tree/DEBIAN"
{
    printf 'Package: iamsure\nVersion: %s\nArchitecture: %s\n' "$version" "$architecture"
    printf 'Maintainer: the authors of iamsure <noreply@invalid>\nSection: admin\nPriority: optional\n'
    printf 'Installed-Size: %s\n' "$(du -sk "$tree/usr" | cut -f1)"
    [ -z "$glibc" ] || printf 'Depends: libc6 (>= %s), libgcc-s1\n' "$glibc"
    printf 'Description: exactly what your AWS IAM policies decide\n'
    printf ' Reads policies and decides requests as AWS does, offline, with the statement\n that made each decision.\n'
} > "$tree/DEBIAN/control"
package=$folder/iamsure_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz -z1 --build "$tree" "$package" > /dev/null
echo "$package"
