// Package demo makes the telemetry of an order in a small shop, for "Send a test trace": a browser and two services with
// Sentry SDKs and one with an OpenTelemetry SDK, in one trace. It makes what the receivers would have made of it, pdata;
// it sends nothing.
package demo

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Telemetry is what one order left behind.
type Telemetry struct {
	Traces  []ptrace.Traces
	Logs    []plog.Logs
	Metrics []pmetric.Metrics

	TraceID model.TraceID
	EventID model.EventID // of the error; zero when the order went through
}

// Order makes the telemetry of an order that was finished at now. When it fails, the payment does: its acquirer does not
// answer, and the error and its causes are reported.
func Order(now time.Time, fails bool) Telemetry {
	o := order{
		begin: now.Add(-took),
		fails: fails,
		trace: randomHex(16),
		spans: map[string]string{},
	}
	if fails {
		o.event = randomHex(16)
	}
	t := Telemetry{}
	t.TraceID, _ = model.ParseTraceID(o.trace)
	t.EventID, _ = model.ParseEventID(o.event)
	for _, result := range o.sentry(now) {
		if result.Traces.SpanCount() > 0 {
			t.Traces = append(t.Traces, result.Traces)
		}
		if result.Logs.LogRecordCount() > 0 {
			t.Logs = append(t.Logs, result.Logs)
		}
	}
	t.Traces = append(t.Traces, o.otelTraces())
	t.Logs = append(t.Logs, o.otelLogs())
	t.Metrics = append(t.Metrics, o.otelMetrics())
	return t
}

// The services. Their names say that they are not the user's.
const (
	web      = "demo-web"      // Sentry, browser
	gateway  = "demo-gateway"  // Sentry, Node.js
	orders   = "demo-orders"   // OpenTelemetry, Go
	payments = "demo-payments" // Sentry, Python
	version  = "1.0.0"
)

// order is one order on its way.
type order struct {
	begin time.Time
	fails bool
	trace string
	event string            // id of the error event, "" when nothing failed
	spans map[string]string // id of every span by its key in steps
}

// step is one span: what, where, and when in milliseconds after the click.
type step struct {
	key, parent string
	service     string
	op          string // Sentry's op, and what OpenTelemetry's attributes are chosen by
	name        string
	from, to    int
	statement   string
}

// took is how long the longest step takes.
const took = 620 * time.Millisecond

// steps is the order as a tree. The items of the cart are read one by one, which the overlay should remark on.
var steps = []step{
	{"click", "", web, "ui.action.click", "Place order", 0, 620, ""},
	{"validate", "click", web, "function", "validateCart", 6, 21, ""},
	{"fetch", "click", web, "http.client", "POST /api/checkout", 24, 604, ""},
	{"render", "click", web, "ui.react.render", "<Receipt>", 606, 619, ""},

	{"checkout", "fetch", gateway, "http.server", "POST /api/checkout", 31, 598, ""},
	{"session", "checkout", gateway, "db.redis", "GET session:8f14e45f", 34, 37, ""},
	{"place", "checkout", gateway, "http.client", "POST http://orders:8080/orders", 41, 592, ""},

	{"create", "place", orders, "http.server", "POST /orders", 46, 588, ""},
	{"item1", "create", orders, "db", "SELECT inventory", 52, 61, "SELECT * FROM inventory WHERE sku = $1"},
	{"item2", "create", orders, "db", "SELECT inventory", 62, 70, "SELECT * FROM inventory WHERE sku = $1"},
	{"item3", "create", orders, "db", "SELECT inventory", 71, 80, "SELECT * FROM inventory WHERE sku = $1"},
	{"item4", "create", orders, "db", "SELECT inventory", 81, 89, "SELECT * FROM inventory WHERE sku = $1"},
	{"item5", "create", orders, "db", "SELECT inventory", 90, 98, "SELECT * FROM inventory WHERE sku = $1"},
	{"item6", "create", orders, "db", "SELECT inventory", 99, 108, "SELECT * FROM inventory WHERE sku = $1"},
	{"insert", "create", orders, "db", "INSERT orders", 112, 126, "INSERT INTO orders (customer_id, total) VALUES ($1, $2) RETURNING id"},
	{"charge", "create", orders, "http.client", "POST", 131, 580, ""},

	{"authorize", "charge", payments, "http.server", "POST /charges", 138, 574, ""},
	{"card", "authorize", payments, "db", "SELECT card", 143, 150, "SELECT token FROM cards WHERE customer_id = %s"},
	{"acquirer", "authorize", payments, "http.client", "POST https://acquirer.example/authorize", 158, 561, ""},
}

// of returns the steps of a service. Its first one is its root.
func of(service string) (list []step) {
	for _, s := range steps {
		if s.service == service {
			list = append(list, s)
		}
	}
	return list
}

// span returns the id of a step's span, "" for no step.
func (o *order) span(key string) string {
	if key == "" {
		return ""
	}
	if o.spans[key] == "" {
		o.spans[key] = randomHex(8)
	}
	return o.spans[key]
}

// at returns the moment so many milliseconds after the click.
func (o *order) at(ms int) time.Time { return o.begin.Add(time.Duration(ms) * time.Millisecond) }

// failed reports whether a step is on the way of the failure.
func (o *order) failed(key string) bool {
	switch key {
	case "acquirer", "authorize", "charge", "create", "place", "checkout", "fetch":
		return o.fails
	}
	return false
}

// status is the HTTP status of a request.
func (o *order) status(key string) int {
	switch {
	case !o.failed(key):
		return 201
	case key == "fetch" || key == "checkout" || key == "place":
		return 502
	case key == "acquirer":
		return 0 // no answer
	}
	return 504
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
