#!/usr/bin/env bash
# Runs the Go benchmarks of the hot code, loads a real Collector, and measures the overlay in a real browser; prints what
# docs/benchmarks.md records. SOAK=3600 leaves the overlay open for an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "# machine: $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(go version | cut -d' ' -f3)"
echo "# Go benchmarks"
read -ra packages <<<"${BENCH_PACKAGES:-./...}" # separated by blanks
go test -run '^$' -bench . -benchmem "${packages[@]}" | grep -v '^?\|no test files\|^ok\|^PASS\|^goos\|^goarch' || true

echo "# load"
load=$(mktemp -d)/load
(cd e2e && go build -o "$load" ./load)
port() { echo $((20000 + RANDOM % 20000)); }
sentry=127.0.0.1:$(port) http=127.0.0.1:$(port) grpc=127.0.0.1:$(port) ui=127.0.0.1:$(port)
collector=(./dist/otelcol-spotlight --config spotlight:default --set "receivers::sentry::endpoint=$sentry"
  --set "receivers::otlp::protocols::http::endpoint=$http" --set "receivers::otlp::protocols::grpc::endpoint=$grpc"
  --set "exporters::spotlight::endpoint=$ui")
"$load" startup -url "http://$sentry" -- "${collector[@]}" 2>/dev/null
run() { # every measurement gets a Collector of its own
  "${collector[@]}" >/dev/null 2>&1 & pid=$!
  until curl -sf "http://$ui/health" >/dev/null; do sleep 0.05; done
  "$load" "$@" -pid $pid
  kill -INT $pid && wait $pid || true
}
run error -url "http://$sentry" -n 5000
run transaction -url "http://$sentry" -n 2000
run otlp -grpc "$grpc" -n 1000000
run scopes -grpc "$grpc" -api "http://$ui" -n 500000
run latency -url "http://$sentry" -ws "ws://$ui/ws" -n 600

echo "# browser"
late=0
(cd e2e/browser && node bench/overlay.mjs) || late=1
(cd e2e/browser && node bench/soak.mjs) || late=1
[ $late = 0 ] || { echo "the overlay is far over a budget: see the rows above that are not kept" >&2; exit 1; }
