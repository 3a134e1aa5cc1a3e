#!/usr/bin/env bash
# Fails and names the files that gofmt would change.
set -euo pipefail
bad=$(git ls-files '*.go' | xargs gofmt -l)
[ -z "$bad" ] || { printf 'gofmt would change these files; run gofmt -w on them:\n%s\n' "$bad" >&2; exit 1; }
