#!/usr/bin/env bash
# Rebuilds everything generated that is committed: component metadata (mdatagen), TypeScript types of the wire (tygo),
# and the overlay's build.
set -euo pipefail
cd "$(dirname "$0")/.."
tools="-modfile=$PWD/internal/tools/go.mod"
for dir in receiver/sentryreceiver exporter/spotlightexporter; do
  (cd "$dir" && go tool "$tools" mdatagen metadata.yaml)
done
go tool "$tools" tygo generate --config internal/tools/tygo.yaml
npm --prefix overlay run build
