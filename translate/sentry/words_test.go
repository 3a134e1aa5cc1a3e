package sentry

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestAppNameAndLanguage(t *testing.T) {
	for _, c := range []struct{ sdk, platform, name, language string }{
		{"sentry.javascript.node", "node", "Node app", "nodejs"},
		{"sentry.javascript.browser", "javascript", "browser app", "webjs"},
		{"sentry.javascript.react", "javascript", "React app", "webjs"},
		{"sentry.javascript.react-native", "javascript", "React Native app", "webjs"},
		{"sentry.javascript.nextjs", "node", "Next.js app", "nodejs"},
		{"sentry.javascript.nextjs", "javascript", "Next.js app", "webjs"},
		{"sentry.javascript.aws-serverless", "node", "AWS Lambda app", "nodejs"},
		{"sentry.javascript.bun", "", "Bun app", "nodejs"},
		{"sentry.javascript.deno", "javascript", "Deno app", "nodejs"},
		{"sentry.python", "python", "Python app", "python"},
		{"sentry.python.django", "python", "Python app", "python"},
		{"sentry.go.http", "go", "Go app", "go"},
		{"sentry.ruby.rails", "ruby", "Ruby app", "ruby"},
		{"sentry.php.laravel", "php", "PHP app", "php"},
		{"sentry.dotnet.aspnetcore", "csharp", ".NET app", "dotnet"},
		{"sentry.java.spring-boot", "java", "Java app", "java"},
		{"sentry.cocoa", "cocoa", "apple app", "swift"},
		{"sentry.native.android", "native", "native app", "cpp"},
		{"sentry.rust", "other", "Rust app", "rust"},
		{"sentry-cli", "other", "sentry-cli app", ""},
		{"raven-js", "javascript", "browser app", "webjs"},
		{"raven-node", "javascript", "Node app", "nodejs"},
		{"raven-go", "go", "Go app", "go"},
		{"", "python", "Python app", "python"},
		{"", "javascript", "browser app", "webjs"},
		{"", "other", "unknown app", ""},
		{"", "", "unknown app", ""},
	} {
		require.Equal(t, c.name, appName(c.sdk, c.platform), c.sdk)
		require.Equal(t, c.language, language(c.sdk, c.platform), c.sdk)
	}
}

func TestKindOf(t *testing.T) {
	for op, want := range map[string]ptrace.SpanKind{
		"http.server": ptrace.SpanKindServer, "http.server.streaming": ptrace.SpanKindServer, "http.client": ptrace.SpanKindClient,
		"db": ptrace.SpanKindClient, "db.sql.query": ptrace.SpanKindClient, "dbx": ptrace.SpanKindInternal, "cache.get": ptrace.SpanKindClient,
		"gen_ai.chat": ptrace.SpanKindClient, "queue.process": ptrace.SpanKindConsumer, "queue.task.celery": ptrace.SpanKindConsumer,
		"queue.publish": ptrace.SpanKindProducer, "function": ptrace.SpanKindInternal, "function.aws": ptrace.SpanKindServer,
		"pageload": ptrace.SpanKindInternal, "": ptrace.SpanKindInternal,
	} {
		require.Equal(t, want, kindOf(op, ""), op)
		require.Equal(t, ptrace.SpanKindProducer, kindOf(op, "PRODUCER"), "the SDK's word counts")
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		in, status string
		code       ptrace.StatusCode
	}{
		{`"ok"`, "ok", ptrace.StatusCodeOk}, {`"success"`, "ok", ptrace.StatusCodeOk}, {`0`, "ok", ptrace.StatusCodeOk},
		{`null`, "", ptrace.StatusCodeUnset}, {`"unset"`, "unset", ptrace.StatusCodeUnset}, {`"cancelled"`, "cancelled", ptrace.StatusCodeUnset},
		{`"unknown_error"`, "unknown", ptrace.StatusCodeUnset}, {`2`, "unknown", ptrace.StatusCodeUnset},
		{`5`, "not_found", ptrace.StatusCodeError}, {`"failure"`, "internal_error", ptrace.StatusCodeError}, {`16`, "unauthenticated", ptrace.StatusCodeError},
		{`"error"`, "error", ptrace.StatusCodeError}, {`"made_up"`, "made_up", ptrace.StatusCodeError}, {`17`, "", ptrace.StatusCodeUnset}, {`{}`, "", ptrace.StatusCodeUnset},
	} {
		r := getReader()
		status := r.parse([]byte(c.in)).status()
		require.Equal(t, c.status, status, c.in)
		require.Equal(t, c.code, statusCode(status), c.in)
		r.release()
	}
}

func TestPlainHeader(t *testing.T) {
	for h, want := range map[string]bool{
		`{"type":"event"}`: true, `{"type":"event","length":12}`: true, `{"type":"event","length":}`: true,
		`{"type":"event","length":"12"}`: false, `{"type":"event","x":1}`: false, `{"type":"a\"b"}`: false, `{"length":1,"type":"event"}`: false,
		`{"type":"event"`: false, ``: false, `{}`: false, `{"type":"event"} `: false,
	} {
		require.Equal(t, want, plainHeader([]byte(h)), h)
	}
}

func TestRender(t *testing.T) {
	for _, c := range []struct{ template, params, want string }{
		{"%s is %d", `["a",1]`, "a is 1"},
		{"%5.2f|%-3s", `[1.50,"x"]`, "1.50|x"}, // the number as it was written
		{"{} {}", `["a","b"]`, "a b"},
		{"{1}{0}{2}", `["a","b"]`, "ba{2}"},
		{"%(who)s {what:>5}", `{"who":"me","what":"it"}`, "me it"},
		{"100%", `["a"]`, "100%"},
		{"%%s %s", `["a"]`, "%s a"},
		{"%s %s", `["a"]`, "a %s"},
		{"{ open", `["a"]`, "{ open"},
		{"%(open", `["a"]`, "%(open"},
	} {
		r := getReader()
		v := r.parse([]byte(`{"logentry":{"message":"` + c.template + `","params":` + c.params + `}}`))
		var f fields
		f.read(v)
		require.Equal(t, c.want, f.readMessage().Formatted)
		r.release()
	}
}
