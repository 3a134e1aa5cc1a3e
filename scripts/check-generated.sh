#!/usr/bin/env bash
# Rebuilds what is generated and fails when that changes a file: somebody forgot to run `make generate`.
set -euo pipefail
cd "$(dirname "$0")/.."
generated() {
  git ls-files -co --exclude-standard -- overlay/dist overlay/src/wire/model.gen.ts 'receiver/**/generated_*' 'exporter/**/generated_*' \
    'receiver/**/documentation.md' 'exporter/**/documentation.md' receiver/sentryreceiver/README.md exporter/spotlightexporter/README.md
}
sums() { generated | sort -u | while read -r f; do [ -f "$f" ] && sha256sum "$f"; done; }
before=$(sums)
log=$(mktemp)
scripts/generate.sh >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
after=$(sums)
if [ "$before" != "$after" ]; then
  echo "generated files are not up to date; run 'make generate' and commit the result:" >&2
  diff <(echo "$before") <(echo "$after") >&2 || true
  exit 1
fi
echo "generated files are up to date"
