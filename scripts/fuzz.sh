#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (default 10m) each, one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
for file in $(git grep -l --untracked '^func Fuzz' -- '*_test.go' | sort); do
  for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
    echo "== $(dirname "$file") $target"
    go test "./$(dirname "$file")" -run '^$' -fuzz "^${target}\$" -fuzztime "${FUZZTIME:-10m}" || failed=1
  done
done
exit $failed
