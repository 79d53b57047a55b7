#!/usr/bin/env bash
# The version of the workspace: what every package is called by.
set -euo pipefail
sed -n 's/^version = "\(.*\)"$/\1/p' "$(dirname "$0")/../Cargo.toml" | head -1
