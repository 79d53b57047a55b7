#!/usr/bin/env bash
# Writes the formula of a release: `formula.sh OWNER SHA256SUMS > iamsure.rb`.
set -euo pipefail
[ $# -eq 2 ] || { echo 'usage: formula.sh OWNER SHA256SUMS' >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
formula=$(sed -e "s/@OWNER@/$1/g" -e "s/@VERSION@/$("$here/../version.sh")/g" "$here/iamsure.rb.in")
while read -r sum file; do
    formula=${formula//"@SHA256:$file@"/$sum}
done < "$2"
if [[ $formula == *@SHA256:* ]]; then
    echo "formula.sh: no checksum of $(grep -o '@SHA256:[^@]*' <<< "$formula" | cut -d: -f2 | head -1)" >&2
    exit 1
fi
printf '%s\n' "$formula"
