package issue

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// at makes a frame of the user's own code: "function file:line"; a blank function has no name.
func at(function, place string) model.Frame {
	file, line, _ := strings.Cut(place, "#")
	f := model.Frame{Function: function, Filename: file, InApp: new(true)}
	_, _ = fmt.Sscan(line, &f.Line)
	return f
}

// lib makes a frame of a library.
func lib(function, place string) model.Frame {
	f := at(function, place)
	f.InApp = new(false)
	return f
}

func failure(typ, value string, frames ...model.Frame) *model.Event {
	ev := &model.Event{Exceptions: []model.Exception{{Type: typ, Value: value, Frames: frames}}}
	ev.Type = model.EventError
	return ev
}

func message(text string) *model.Event {
	ev := &model.Event{Message: &model.Message{Formatted: text}}
	ev.Type = model.EventMessage
	return ev
}

func with(ev *model.Event, change func(*model.Event)) *model.Event {
	change(ev)
	return ev
}

func fingerprint(parts ...string) func(*model.Event) {
	return func(ev *model.Event) { ev.Fingerprint = parts }
}

func cause(typ, value string, frames ...model.Frame) func(*model.Event) {
	return func(ev *model.Event) {
		ev.Exceptions = append(ev.Exceptions, model.Exception{Type: typ, Value: value, Frames: frames})
	}
}

func synthetic(ev *model.Event) { ev.Exceptions[0].Mechanism = &model.Mechanism{Synthetic: true} }

var pay = []model.Frame{at("charge", "src/pay.ts#12"), at("checkout", "src/app.ts#40"), lib("handle", "/srv/node_modules/x/y.js#1")}

func TestCluster_Same(t *testing.T) {
	for name, pair := range map[string][2]*model.Event{
		"other lines": {
			failure("E", "no", at("charge", "src/pay.ts#12")), failure("E", "no", at("charge", "src/pay.ts#99"))},
		"other message": {failure("E", "order 1", pay...), failure("E", "anything else", pay...)},
		"other hash in the name of the bundle": {
			failure("E", "no", at("pay", "http://localhost/assets/app.3f9a1c.js#1")), failure("E", "no", at("pay", "http://localhost/assets/app.77ab01.js#1"))},
		"other host and port": {
			failure("E", "no", at("pay", "http://localhost:5173/src/pay.ts?t=17#1")), failure("E", "no", at("pay", "http://127.0.0.1:3000/src/pay.ts?t=18#1"))},
		"other home": {
			failure("E", "no", at("pay", "/home/jane/shop/pay.py#1")), failure("E", "no", at("pay", "/Users/joe/shop/pay.py#1"))},
		"Windows": {
			failure("E", "no", at("pay", `C:\Users\joe\shop\src\pay.py#1`)), failure("E", "no", at("pay", "/home/jane/shop/src/pay.py#1"))},
		"container": {
			failure("E", "no", at("pay", "/usr/src/app/shop/src/pay.py#1")), failure("E", "no", at("pay", "/home/jane/shop/src/pay.py#1"))},
		"other libraries below": {
			failure("E", "no", at("pay", "pay.py#1"), lib("a", "/usr/lib/a.py#1")), failure("E", "no", at("pay", "pay.py#1"))},
		"libraries that say they are not": {
			failure("E", "no", at("pay", "pay.py#1"), at("run", "/usr/lib/python3.11/threading.py#1")), failure("E", "no", at("pay", "pay.py#1"))},
		"deeper recursion": {
			failure("E", "no", at("walk", "a.py#1"), at("walk", "a.py#2"), at("main", "a.py#3")), failure("E", "no", at("walk", "a.py#1"), at("main", "a.py#3"))},
		"another closure before": {
			failure("E", "no", at("main.func3", "/srv/main.go#1")), failure("E", "no", at("main.func4.1", "/srv/main.go#9"))},
		"module of a Python type":  {failure("ValueError", "no", pay...), failure("builtins.ValueError", "no", pay...)},
		"package of a Java type":   {failure("IOException", "no", pay...), failure("java.io.IOException", "no", pay...)},
		"pointer to a Go type":     {failure("*errors.errorString", "no", pay...), failure("errors.errorString", "no", pay...)},
		"path of a Go package":     {failure("shop.OrderError", "no", pay...), failure("github.com/acme/shop.OrderError", "no", pay...)},
		"numbers in the message":   {failure("E", "order 17 at 10.0.0.1"), failure("E", "order 4711 at 127.0.0.1:80")},
		"quotes in the message":    {message(`key "a" is gone`), message(`key "b c" is gone`)},
		"ids in the message":       {message("no 9f86d081-88f0-4c4a-8a5e-1b2c3d4e5f60"), message("no 00000000-88f0-4c4a-8a5e-1b2c3d4e5f60")},
		"parameters of a template": {with(message("jane bought 3"), template), with(message("joe bought 4"), template)},
		"nameless handlers":        {failure("E", "order 1", at("?", "app.mjs#81")), failure("E", "order 2", at("<anonymous>", "app.mjs#90"))},
		"minified names": {
			failure("E", "no", at("t", "http://h/app.js#1"), at("Xe", "http://h/app.js#1")), failure("E", "no", at("n", "http://h/app.js#1"))},
		"a captured string, wherever": {
			with(failure("Error", "thrown", pay...), synthetic), with(failure("Error", "thrown"), synthetic)},
		"spelling of {{ default }}": {
			with(failure("E", "no", pay...), fingerprint("{{ default }}", "x")), with(failure("E", "no", pay...), fingerprint("{{default}}", "x"))},
		"a fingerprint that says nothing": {with(failure("E", "no", pay...), fingerprint("{{ default }}")), failure("E", "no", pay...)},
		"one fingerprint for everything":  {with(failure("E", "no", pay...), fingerprint("db")), with(message("other"), fingerprint("db"))},
		"React's component stack": {
			failure("TypeError", "no", pay...), with(failure("TypeError", "no", pay...), cause("React ErrorBoundary TypeError", "no", at("Page", "p.js#1")))},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, Cluster(pair[0]).ID, Cluster(pair[1]).ID)
		})
	}
}

func template(ev *model.Event) { ev.Message.Template = "%s bought %s" }

func TestCluster_Different(t *testing.T) {
	for name, pair := range map[string][2]*model.Event{
		"type":                      {failure("A", "no", pay...), failure("B", "no", pay...)},
		"function":                  {failure("E", "no", at("a", "x.py#1")), failure("E", "no", at("b", "x.py#1"))},
		"caller":                    {failure("E", "no", at("q", "db.py#1"), at("a", "x.py#1")), failure("E", "no", at("q", "db.py#1"), at("b", "x.py#1"))},
		"route of equal file names": {failure("E", "no", at("Page", "src/cart/page.tsx#1")), failure("E", "no", at("Page", "src/home/page.tsx#1"))},
		"cause":                     {with(failure("E", "no", pay...), cause("Timeout", "x")), with(failure("E", "no", pay...), cause("Refused", "x"))},
		"message without a stack":   {failure("E", "disk is full"), failure("E", "disk is gone")},
		"message of nameless calls": {failure("E", "disk is full", at("?", "a.js#1")), failure("E", "disk is gone", at("?", "a.js#1"))},
		"message of what was thrown": {
			with(failure("Error", "a string", pay...), synthetic), with(failure("Error", "another string", pay...), synthetic)},
		"error and message":       {failure("", "full"), message("full")},
		"fingerprint":             {with(message("a"), fingerprint("x")), with(message("a"), fingerprint("y"))},
		"fingerprint and default": {with(failure("E", "no", pay...), fingerprint("{{ default }}", "x")), failure("E", "no", pay...)},
		"default in a fingerprint": {
			with(failure("A", "no", pay...), fingerprint("{{ default }}", "x")), with(failure("B", "no", pay...), fingerprint("{{ default }}", "x"))},
		"parts of a fingerprint": {with(message("a"), fingerprint("ab", "c")), with(message("a"), fingerprint("a", "bc"))},
		"files in no script":     {failure("E", "no", at("f", "m_20240101.py#1")), failure("E", "no", at("f", "m_20240102.py#1"))},
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, Cluster(pair[0]).ID, Cluster(pair[1]).ID)
		})
	}
}

func TestCluster_How(t *testing.T) {
	require.Equal(t, ByFrames, Cluster(failure("E", "no", pay...)).How)
	require.Equal(t, ByMessage, Cluster(failure("E", "no", lib("a", "node:internal/x"))).How)
	require.Equal(t, ByMessage, Cluster(message("no")).How)
	require.Equal(t, ByMessage, Cluster(with(failure("Error", "thrown", pay...), synthetic)).How)
	require.Equal(t, ByFingerprint, Cluster(with(message("no"), fingerprint("a"))).How)
	require.Equal(t, ByFrames, Cluster(with(failure("E", "no", pay...), fingerprint("{{ default }}"))).How)
}

// TestCluster_Resolved: what a source map says later makes no other issue.
func TestCluster_Resolved(t *testing.T) {
	raw := []model.Frame{at("t", "http://localhost/assets/index-B2x9Kd3f.js#1"), at("submitOrder", "http://localhost/assets/index-B2x9Kd3f.js#1")}
	before := Cluster(failure("TypeError", "x is undefined", raw...))

	resolved := failure("TypeError", "x is undefined", at("charge", "src/pay.ts#12"), at("submitOrder", "src/checkout.ts#30"))
	resolved.Exceptions[0].RawFrames = raw
	after := Cluster(resolved)
	require.Equal(t, before.ID, after.ID)
	require.Equal(t, "assets/index-B2x9Kd3f.js:1", before.Culprit)
	require.Equal(t, "src/pay.ts:12", after.Culprit)
}

// TestCluster_Texts is what the row of an issue shows.
func TestCluster_Texts(t *testing.T) {
	long := strings.Repeat("ä", 2000)
	for _, c := range []struct {
		name                  string
		ev                    *model.Event
		title, value, culprit string
	}{
		{"an exception", failure("E", "no", pay...), "E", "no", "src/pay.ts:12"},
		{"a Python type", failure("builtins.ValueError", "no"), "ValueError", "no", ""},
		{"no type", failure("", "boom\nsecond line"), "boom", "boom\nsecond line", ""},
		{"no type and no value", failure("", ""), "(no message)", "", ""},
		{"a message", message("Hello"), "Hello", "", ""},
		{"a long message", message("first\nsecond"), "first", "first\nsecond", ""},
		{"no message", message(""), "(no message)", "", ""},
		{"no line", failure("E", "no", at("f", "a.py")), "E", "no", "a.py"},
		{"a function without a file", failure("E", "no", model.Frame{Function: "f", Module: "com.acme.Shop", InApp: new(true)}), "E", "no", "com.acme.Shop.f"},
		{"a home directory", failure("E", "no", at("f", "/home/jane/shop/app.py#3")), "E", "no", "shop/app.py:3"},
		{"a deep path", failure("E", "no", at("f", "/srv/a/b/c/d/e.py#3")), "E", "no", "c/d/e.py:3"},
		{"a file in a home directory", failure("E", "no", at("f", "/root/app.py#3")), "E", "no", "app.py:3"},
		{"Windows", failure("E", "no", at("f", `C:\Users\Jane Doe\shop\app.py#3`)), "E", "no", "shop/app.py:3"},
		{"a URL", failure("E", "no", at("f", "http://localhost:5173/src/app.ts?t=1#3")), "E", "no", "src/app.ts:3"},
		{"a URL below /users", failure("E", "no", at("f", "http://localhost/users/7/app.js#3")), "E", "no", "users/7/app.js:3"},
		{"webpack", failure("E", "no", at("f", "webpack-internal:///./src/app.tsx#3")), "E", "no", "src/app.tsx:3"},
		{"only libraries", with(failure("E", "no", lib("f", "/usr/lib/x.py#3")), func(ev *model.Event) { ev.Transaction = "GET /" }), "E", "no", "GET /"},
		{"too long", failure(long, long), long[:512], long[:1024], ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			key := Cluster(c.ev)
			require.Equal(t, c.title, key.Title)
			require.Equal(t, c.value, key.Value)
			require.Equal(t, c.culprit, key.Culprit)
			require.Len(t, key.ID, 16)
		})
	}
}

func TestBundleName(t *testing.T) {
	for in, want := range map[string]string{
		"app.3f9a1c.js":                "app.js",
		"app.js":                       "app.js",
		"app.min.js":                   "app.min.js",
		"index-B2x9Kd3f.js":            "index.js", // Vite
		"index-DfKqPwXz.mjs":           "index.mjs",
		"main.8c1d2e3f.chunk.js":       "main.chunk.js", // create-react-app
		"4821.js":                      "*.js",
		"chunk-7GQ2K4XH.js":            "chunk.js", // esbuild
		"page-4f1e9d0c2b7a8e63.js":     "page.js",  // Next.js
		"_app-4f1e9d0c2b7a8e63.js":     "_app.js",
		"jquery-3.6.0.min.js":          "jquery-3.6.0.min.js",
		"user-controller.js":           "user-controller.js",
		"UserController.ts":            "UserController.ts",
		"createUser2FA.ts":             "createUser2FA.ts",
		"base64.js":                    "base64.js",
		"OrderIDs.ts":                  "OrderIDs.ts",
		"decade.js":                    "decade.js",
		"migration_20240101.py":        "migration_20240101.py",
		"vendors~main.1a2b3c4d5e6f.js": "vendors~main.js",
	} {
		require.Equal(t, want, bundleName(in), in)
	}
}

func TestFunctionName(t *testing.T) {
	for in, want := range map[string]string{
		"charge":                            "charge",
		"async charge":                      "charge",
		"Layer.handle [as handle_request]":  "Layer.handle",
		"Object.<anonymous>":                "",
		"HTMLButtonElement.<anonymous>":     "",
		"?":                                 "",
		"main.func2":                        "main",
		"main.func2.1":                      "main",
		"(*Server).Charge.func1":            "(*Server).Charge",
		"func1":                             "",
		"1":                                 "",
		"lambda$run$0":                      "lambda$run",
		"Proxy$$Lambda$14":                  "Proxy",
		"shop::pay::h0123456789abcdef":      "shop::pay",
		"Acme.Shop.Pay(Int32 a)":            "Acme.Shop.Pay",
		"<lambda>":                          "",
		"{closure}":                         "",
		"step2":                             "step2",
		"New":                               "New",
		"AsyncContextStack.withScope":       "AsyncContextStack.withScope",
		"React.createElement.onClick":       "React.createElement.onClick",
		"Object.react_stack_bottom_frame":   "Object.react_stack_bottom_frame",
		"Sentry.withMonitor.schedule.type":  "Sentry.withMonitor.schedule.type",
		"Namespace.Class.<Method>b__0":      "Namespace.Class.<Method>b__0",
		"  spaces around ":                  "spaces around",
		"com.acme.Shop$$EnhancerBySpring$1": "com.acme.Shop",
	} {
		require.Equal(t, want, functionName(&model.Frame{Function: in, Filename: "x.go"}), in)
	}
	require.Empty(t, functionName(&model.Frame{Function: "t", Filename: "http://localhost/app.js"}))
	require.Empty(t, functionName(&model.Frame{Function: "e.Xe", Filename: "app.js"}))
	require.Equal(t, "t", functionName(&model.Frame{Function: "t", Filename: "t.py"}))
}
