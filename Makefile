# Two commands do everything: `make run` and `make test`. The rest are their parts.
TOOL := go tool -modfile=$(CURDIR)/internal/tools/go.mod

.PHONY: run build test bench generate lint lint-go test-go test-overlay test-e2e check-generated fuzz deps

run: build ## build the Collector and start it with the built-in configuration
	./dist/otelcol-spotlight --config spotlight:default

build: ## build ./dist/otelcol-spotlight with the OpenTelemetry Collector Builder; needs Go only
	go tool builder --config builder-config.yaml

test: deps lint-go test-go test-overlay check-generated build test-e2e ## everything: what CI runs

bench: build deps ## benchmarks and load tests; figures for docs/benchmarks.md
	scripts/bench.sh

generate: deps ## rebuild all that is generated: component metadata, TypeScript types, the overlay
	scripts/generate.sh

lint: lint-go
	npm --prefix overlay run typecheck

deps: ## what the tests need: npm packages, a Chromium
	scripts/deps.sh

lint-go:
	scripts/gofmt.sh
	go vet ./...
	$(TOOL) staticcheck ./...

test-go:
	go test -race ./...

test-overlay:
	npm --prefix overlay run typecheck
	npm --prefix overlay test
	npm --prefix sdk/debugid test

check-generated: ## fails when something generated is older than its source
	scripts/check-generated.sh

test-e2e: ## the built binary: real requests, a second Collector, a real browser
	cd e2e && go test -count=1 -timeout 40m ./...

fuzz: ## every fuzz target for FUZZTIME (default 10m) each
	scripts/fuzz.sh
