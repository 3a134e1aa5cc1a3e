package issue

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// kinds are twenty failures as they vary in the world: i counts their occurrences.
var kinds = [...]func(i int) *model.Event{
	func(i int) *model.Event { // node: other order, line, checkout
		return failure("PaymentError", fmt.Sprintf("Payment of %d.5 failed", i),
			at("chargeCard", fmt.Sprintf("/home/dev%d/shop/src/pay.mjs#%d", i%3, i)), at("?", fmt.Sprintf("/home/dev%d/shop/src/app.mjs#%d", i%3, i)))
	},
	func(i int) *model.Event { // the same error from another handler
		return failure("PaymentError", fmt.Sprintf("Payment of %d.5 failed", i),
			at("chargeCard", "/srv/shop/src/pay.mjs#32"), at("refund", "/srv/shop/src/refund.mjs#8"))
	},
	func(i int) *model.Event { // a bundle that is built anew
		return failure("TypeError", "Cannot read properties of null (reading 'foo')",
			at("innerBoom", fmt.Sprintf("http://localhost:%d/assets/index-%04xab12.js#1", 3000+i%7, i)))
	},
	func(i int) *model.Event { // handlers without a name: the message counts
		return failure("Error", fmt.Sprintf("Async failure %d in the browser", i), at("HTMLButtonElement.<anonymous>", "http://localhost/app.js#1"))
	},
	func(i int) *model.Event {
		return failure("Error", fmt.Sprintf("HTTP Client Error with status code: %d", 400+i%100), at("HTMLButtonElement.<anonymous>", "http://localhost/app.js#1"))
	},
	func(i int) *model.Event { // Python, both reporters
		typ := "KeyError"
		if i%2 == 0 {
			typ = "builtins.KeyError"
		}
		return failure(typ, fmt.Sprintf("'sku-%d'", i), at("price", "/srv/shop/views.py#3"), lib("dispatch_request", "/usr/lib/python3/dist-packages/flask/app.py#9"))
	},
	func(i int) *model.Event { // libraries that change
		return failure("ValueError", "no", at("parse", "/srv/shop/views.py#3"), lib(fmt.Sprintf("run%d", i), "/x/site-packages/a.py#1"))
	},
	func(i int) *model.Event { // Go closures
		return failure("runtime.plainError", "assignment to entry in nil map", at(fmt.Sprintf("main.func%d", i), "/srv/app/cmd/main.go#92"))
	},
	func(i int) *model.Event { // a chain
		return with(failure("*fmt.wrapError", fmt.Sprintf("order %d: out of stock", i), at("(*Shop).Reserve", "/srv/shop/order.go#1")),
			cause("*errors.errorString", "out of stock"))
	},
	func(i int) *model.Event { // the same place, another cause
		return with(failure("*fmt.wrapError", fmt.Sprintf("order %d: timeout", i), at("(*Shop).Reserve", "/srv/shop/order.go#1")),
			cause("context.deadlineExceededError", "timeout"))
	},
	func(i int) *model.Event { // Java without paths
		return failure("java.lang.IllegalStateException", fmt.Sprintf("basket %d is closed", i),
			model.Frame{Module: fmt.Sprintf("com.acme.Basket$$EnhancerBySpringCGLIB$$%x", i), Function: "add", Filename: "Basket.java", Line: i, InApp: new(true)})
	},
	func(i int) *model.Event { // recursion
		var frames []model.Frame
		for range i%20 + 1 {
			frames = append(frames, at("walk", "/srv/tree/walk.rb#7"))
		}
		return failure("SystemStackError", "stack level too deep", append(frames, at("run", "/srv/tree/run.rb#1"))...)
	},
	func(i int) *model.Event { // no stack
		return failure("*net.OpError", fmt.Sprintf("dial tcp 10.0.%d.%d:5432: connect: connection refused", i%4, i%250))
	},
	func(i int) *model.Event {
		return failure("*net.OpError", fmt.Sprintf("lookup db-%d on 127.0.0.11:53: no such host", i))
	},
	func(i int) *model.Event { // only libraries
		return failure("ECONNRESET", fmt.Sprintf("read ECONNRESET %d", i), lib("onStreamRead", "node:internal/stream_base_commons#1"))
	},
	func(i int) *model.Event { // messages
		return message(fmt.Sprintf("Inventory is low for SKU-%d", i))
	},
	func(i int) *model.Event {
		ev := message(fmt.Sprintf("User %c bought %d things", 'a'+rune(i%26), i))
		ev.Message.Template = "User %s bought %s things"
		return ev
	},
	func(i int) *model.Event {
		return message(fmt.Sprintf("could not read /home/jane/shop/%x.json at 2026-11-21T19:57:%02dZ", i+0xfffff, i%60))
	},
	func(i int) *model.Event { // fingerprints
		return with(failure("Error", fmt.Sprint("anything ", i), at("f", fmt.Sprintf("a%d.py#1", i))), fingerprint("database"))
	},
	func(i int) *model.Event {
		return with(failure("QuotaError", fmt.Sprintf("quota of user %d", i), at("spend", "/srv/quota.py#1")), fingerprint("{{ default }}", "eu"))
	},
}

// TestCluster_Kinds: 1,000 different errors of 20 kinds are 20 issues.
func TestCluster_Kinds(t *testing.T) {
	const each = 50
	groups := map[string]map[int]int{}
	type one struct{ kind, i int }
	var all []one
	for kind := range kinds {
		for i := range each {
			all = append(all, one{kind, i})
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	values := map[string]bool{}
	for _, o := range all {
		ev := kinds[o.kind](o.i)
		values[fmt.Sprint(o.kind, ev.Exceptions, ev.Message)] = true
		id := Cluster(ev).ID
		if groups[id] == nil {
			groups[id] = map[int]int{}
		}
		groups[id][o.kind]++
	}
	require.Len(t, all, 1000)
	require.Greater(t, len(values), 600, "the occurrences differ")
	for id, kinds := range groups {
		require.Len(t, kinds, 1, "%s holds more than one kind", id)
	}
	require.Len(t, groups, len(kinds))
}

func BenchmarkCluster(b *testing.B) {
	events := make([]*model.Event, len(kinds))
	for k := range kinds {
		events[k] = kinds[k](k)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if Cluster(events[i%len(events)]).ID == "" {
			b.Fatal("no key")
		}
		i++
	}
}

// FuzzCluster: whatever an event says, it gets a bounded key, the same each time, without an absolute path.
func FuzzCluster(f *testing.F) {
	f.Add("TypeError", "x is 1", "f", "/home/jane/a.js", "m", "{{ default }}", true)
	f.Add("", "", "", "", "", "", false)
	f.Add("*a/b.C`1[", "'", "async func1.$$", `C:\Users\x`, "a$$b", "{{", true)
	f.Add("a b", "\xff", "[as", "webpack-internal:///./?", "", "{{default}}", false)
	f.Fuzz(func(t *testing.T, typ, value, function, file, module, finger string, inApp bool) {
		ev := failure(typ, value, model.Frame{Function: function, Filename: file, Module: module, InApp: &inApp}, model.Frame{Function: function, AbsPath: file})
		ev.Fingerprint = []string{finger}
		key := Cluster(ev)
		require.Len(t, key.ID, 16)
		require.LessOrEqual(t, len(key.Title), maxTitle)
		require.LessOrEqual(t, len(key.Value), maxValue)
		require.LessOrEqual(t, len(key.Culprit), maxTitle)
		require.NotEmpty(t, key.Title)
		require.Equal(t, key, Cluster(ev))
		if file != "" && key.Culprit != "" && key.Culprit[0] == '/' {
			require.NotEqual(t, byte('/'), file[0], key.Culprit)
		}
	})
}
