#!/usr/bin/env bash
# Makes each package of a built program, installs it into an empty folder, and runs it there: `run.sh BINARY`.
# Exit code 75: some package could not be tried, and why; the others passed.
set -euo pipefail
[ $# -eq 1 ] || { echo 'usage: run.sh BINARY' >&2; exit 2; }
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
packages=$work/packages
skipped=0

skip() {
    echo "not tried: $1"
    skipped=1
}

# What any installed iamsure must say of the policy of the README, and how it ends where the answer is no.
works() {
    local program=$1 answer code=0
    answer=$(cd "$root" && "$program" matrix corpus/guardrails/toolhive-s3-readonly.json)
    grep --quiet 's3:GetObject  *DENY \[2\]  *allow \[1\]  *deny' <<< "$answer"
    [ "$answer" = "$(cd "$root" && "$binary" matrix corpus/guardrails/toolhive-s3-readonly.json)" ]
    (cd "$root" && "$program" prove 'never allow s3:GetObject' corpus/guardrails/allow-s3-read.json) > /dev/null || code=$?
    [ "$code" -eq 1 ]
}

echo '-- wheel'
if ! command -v python3 > /dev/null || ! python3 -m pip --version > /dev/null 2>&1; then
    skip 'the wheel: there is no python3 with pip'
else
    wheel=$(python3 "$root/packaging/python/wheel.py" "$binary" "$packages")
    python3 -m pip install --quiet --no-index --no-deps --disable-pip-version-check --root-user-action ignore \
        --target "$work/python" "$wheel"
    works "$work/python/bin/iamsure"
    # The same program gives the same bytes.
    again=$(python3 "$root/packaging/python/wheel.py" "$binary" "$work/again")
    cmp "$wheel" "$again"
    echo "$(basename "$wheel") installs and works"
fi

echo '-- deb'
if ! command -v dpkg-deb > /dev/null; then
    skip 'the Debian package: there is no dpkg-deb'
else
    deb=$("$root/packaging/deb/build.sh" "$binary" "$packages")
    # Into a root of its own, with what it depends on taken from this machine.
    mkdir -p "$work/deb/var/lib/dpkg/updates" "$work/deb/var/lib/dpkg/info"
    touch "$work/deb/var/lib/dpkg/status"
    dpkg --root="$work/deb" --log=/dev/null --force-not-root --force-depends --install "$deb" > "$work/dpkg.txt" 2>&1 \
        || { cat "$work/dpkg.txt"; exit 1; }
    dpkg --root="$work/deb" --status iamsure | grep --quiet '^Status: install ok installed'
    works "$work/deb/usr/bin/iamsure"
    echo "$(basename "$deb") installs and works"
fi

echo '-- npm'
if ! command -v npm > /dev/null || ! command -v node > /dev/null; then
    skip 'the npm packages: there is no npm'
else
    node "$root/packaging/npm/build.mjs" "$binary" "$packages" > "$work/npm.txt"
    mapfile -t made < "$work/npm.txt"
    # Offline: the packages for other platforms are optional, and nobody is asked for them.
    mkdir "$work/npm"
    npm install --silent --offline --no-audit --no-fund --prefix "$work/npm" "${made[@]}"
    works "$work/npm/node_modules/.bin/iamsure"
    # Without the package of the platform it says what is missing.
    rm -r "$work/npm/node_modules"/iamsure-*
    code=0
    "$work/npm/node_modules/.bin/iamsure" --version 2> "$work/missing.txt" || code=$?
    [ "$code" -eq 2 ]
    grep --quiet 'is not installed' "$work/missing.txt"
    echo "$(basename "${made[0]}") and $(basename "${made[1]}") install and work"
fi

echo '-- formula'
for target in aarch64-apple-darwin x86_64-apple-darwin aarch64-unknown-linux-musl x86_64-unknown-linux-musl; do
    echo "$(sha256sum < /dev/null | cut -d' ' -f1)  iamsure-$target.tar.gz"
done > "$work/SHA256SUMS"
"$root/packaging/homebrew/formula.sh" example "$work/SHA256SUMS" > "$work/iamsure.rb"
if grep '@' "$work/iamsure.rb"; then
    echo 'the formula has places that are not filled in'
    exit 1
fi
head -1 "$work/SHA256SUMS" > "$work/short"
if "$root/packaging/homebrew/formula.sh" example "$work/short" > /dev/null 2>&1; then
    echo 'a formula was made without a checksum'
    exit 1
fi
if command -v ruby > /dev/null; then
    ruby -c "$work/iamsure.rb" > /dev/null
    echo 'the formula is filled in, and is Ruby'
else
    echo 'the formula is filled in; there is no ruby to read it'
fi

if [ "$skipped" -ne 0 ]; then
    exit 75
fi
