package frompdata

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// opRules give OpenTelemetry spans an op in Sentry's words; the first rule that matches counts (Relay's table: a span
// that describes an HTTP call to a database is an HTTP span). A span that no rule matches has no op.
var opRules = [...]struct {
	when fact
	op   func(f *facts, kind ptrace.SpanKind) string
}{
	{sentryOp, func(f *facts, _ ptrace.SpanKind) string { return f.str(sentryOp) }},
	{httpMethod, httpOp},
	{dbSystem, func(*facts, ptrace.SpanKind) string { return "db" }},
	{genAISystem, genAIOp},
	{genAIOperation, genAIOp},
	{rpcService, func(*facts, ptrace.SpanKind) string { return "rpc" }},
	{rpcSystem, func(*facts, ptrace.SpanKind) string { return "rpc" }},
	{messagingSystem, func(*facts, ptrace.SpanKind) string { return "message" }},
	{faasTrigger, func(f *facts, _ ptrace.SpanKind) string { return f.str(faasTrigger) }},
}

// opOf returns the op of a span, "" when nothing says what kind of work it is.
func opOf(f *facts, kind ptrace.SpanKind) string {
	for i := range opRules {
		if f.has(opRules[i].when) {
			if op := opRules[i].op(f, kind); op != "" {
				return op
			}
		}
	}
	return ""
}

func httpOp(f *facts, kind ptrace.SpanKind) string {
	switch {
	case kind == ptrace.SpanKindClient:
		return "http.client"
	case kind == ptrace.SpanKindServer:
		return "http.server"
	case f.isTrue(sentryPrefetch):
		return "http.prefetch"
	}
	return "http"
}

// genAIOps are the operations of the gen_ai conventions whose op is known; the text is made once.
var genAIOps = [...]struct{ operation, op string }{
	{"chat", "gen_ai.chat"},
	{"create_agent", "gen_ai.create_agent"},
	{"embeddings", "gen_ai.embeddings"},
	{"execute_tool", "gen_ai.execute_tool"},
	{"generate_content", "gen_ai.generate_content"},
	{"invoke_agent", "gen_ai.invoke_agent"},
	{"text_completion", "gen_ai.text_completion"},
}

func genAIOp(f *facts, _ ptrace.SpanKind) string {
	operation := f.str(genAIOperation)
	for i := range genAIOps {
		if genAIOps[i].operation == operation {
			return genAIOps[i].op
		}
	}
	return "gen_ai"
}

// opKinds give Sentry spans, which have no kind, one by their op. An op belongs to the first row whose prefix it has,
// where a prefix ends at a dot. Sources: sentry-conventions (ops), semantic conventions (span kinds of the same calls).
var opKinds = [...]struct {
	prefix string
	kind   model.SpanKind
}{
	{"http.server", model.KindServer},
	{"websocket.server", model.KindServer},
	{"grpc.server", model.KindServer},
	{"rpc.server", model.KindServer},
	{"mcp.server", model.KindServer},
	{"function", model.KindServer}, // AWS Lambda and its likes: the invocation
	{"http.client", model.KindClient},
	{"http.prefetch", model.KindClient},
	{"http", model.KindClient}, // Python before 2.0: an outgoing request
	{"websocket.client", model.KindClient},
	{"grpc", model.KindClient},
	{"rpc", model.KindClient},
	{"mcp.client", model.KindClient},
	{"db", model.KindClient},
	{"cache", model.KindClient},
	{"gen_ai.execute_tool", model.KindInternal},
	{"gen_ai.invoke_agent", model.KindInternal},
	{"gen_ai", model.KindClient},
	{"queue.process", model.KindConsumer},
	{"queue.receive", model.KindConsumer},
	{"queue.task", model.KindConsumer},
	{"queue.publish", model.KindProducer},
	{"queue.submit", model.KindProducer},
	{"queue.create", model.KindProducer},
}

// opKindsOf has the first and the last row of opKinds, plus one, whose prefix begins with a word: most ops are of none.
var opKindsOf = func() map[string][2]int {
	rows := map[string][2]int{}
	for i := range opKinds {
		word, _, _ := strings.Cut(opKinds[i].prefix, ".")
		first, known := rows[word]
		if !known {
			first[0] = i
		}
		rows[word] = [2]int{first[0], i + 1}
	}
	return rows
}()

// kindOf returns the kind of a span.
func kindOf(kind ptrace.SpanKind, op string, sentry bool) model.SpanKind {
	switch kind {
	case ptrace.SpanKindServer:
		return model.KindServer
	case ptrace.SpanKindClient:
		return model.KindClient
	case ptrace.SpanKindProducer:
		return model.KindProducer
	case ptrace.SpanKindConsumer:
		return model.KindConsumer
	}
	if sentry && op != "" {
		word, _, _ := strings.Cut(op, ".")
		rows := opKindsOf[word]
		for i := rows[0]; i < rows[1]; i++ {
			if hasPart(op, opKinds[i].prefix) {
				return opKinds[i].kind
			}
		}
	}
	return model.KindInternal
}

// hasPart reports whether op is prefix, or goes on behind it with a dot.
func hasPart(op, prefix string) bool {
	return strings.HasPrefix(op, prefix) && (len(op) == len(prefix) || op[len(prefix)] == '.')
}

// segmentOf reports whether a span is the first of its service in the trace (rules R1, R2, R4, R5 of the scope merge).
func segmentOf(f *facts, span ptrace.Span, kind model.SpanKind) bool {
	const hasIsRemote, isRemote = 0x100, 0x200 // OTLP SpanFlags
	switch {
	case f.has(sentrySegment):
		return f.isTrue(sentrySegment)
	case f.has(sentryPayload), span.ParentSpanID().IsEmpty():
		return true
	case span.Flags()&hasIsRemote != 0:
		return span.Flags()&isRemote != 0
	}
	return kind == model.KindServer || kind == model.KindConsumer
}
