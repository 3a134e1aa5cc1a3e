package demo

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// object is JSON as a Sentry SDK sends it.
type object = map[string]any

// sdks of the services that report to Sentry.
var sdks = map[string]struct{ name, version, platform string }{
	web:      {"sentry.javascript.react", "10.0.0", "javascript"},
	gateway:  {"sentry.javascript.node", "10.0.0", "node"},
	payments: {"sentry.python.flask", "2.40.0", "python"},
}

// sentry makes the envelopes of the services with a Sentry SDK and translates them as the receiver does.
func (o *order) sentry(now time.Time) []sentry.Result {
	translator := sentry.NewTranslator(sentry.Options{})
	var results []sentry.Result
	send := func(service, itemType string, payload object) {
		id, _ := payload["event_id"].(string)
		sdk := object{"name": sdks[service].name, "version": sdks[service].version}
		results = append(results, translator.Envelope(envelope.Envelope{
			Header: encode(object{"event_id": id, "sent_at": now.UTC().Format(time.RFC3339Nano), "sdk": sdk}),
			Items:  []envelope.Item{{Type: itemType, Header: encode(object{"type": itemType}), Payload: encode(payload)}},
		}, sentry.Request{Endpoint: "demo", Received: now}))
	}
	for _, service := range []string{web, gateway, payments} {
		send(service, "transaction", o.transaction(service))
	}
	if o.fails {
		send(payments, "event", o.failure())
	}
	return results
}

// base is what every event of a service has.
func (o *order) base(service, id string, at time.Time) object {
	sdk := sdks[service]
	return object{
		"event_id":    id,
		"timestamp":   seconds(at),
		"platform":    sdk.platform,
		"release":     service + "@" + version,
		"environment": "development",
		"sdk":         object{"name": sdk.name, "version": sdk.version},
		"tags":        object{"demo": "true", "region": "eu-dev"},
		"user":        object{"id": "42", "email": "jane@example.com"},
	}
}

// transaction is the part of the trace that a service saw.
func (o *order) transaction(service string) object {
	own := of(service)
	root := own[0]
	e := o.base(service, randomHex(16), o.at(root.to))
	e["type"] = "transaction"
	e["transaction"] = root.name
	e["transaction_info"] = object{"source": "route"}
	e["start_timestamp"] = seconds(o.at(root.from))
	e["contexts"] = object{"trace": o.sentrySpan(root, true), "runtime": runtimes[service]}
	spans := []object{}
	for _, s := range own[1:] {
		spans = append(spans, o.sentrySpan(s, false))
	}
	e["spans"] = spans
	if service == web {
		e["request"] = object{"url": "http://localhost:3000/checkout", "headers": object{"User-Agent": "Mozilla/5.0 (demo)"}}
	} else {
		e["request"] = o.request(service)
	}
	return e
}

var runtimes = map[string]object{
	web:      {"name": "Chrome", "version": "142"},
	gateway:  {"name": "node", "version": "24.1.0"},
	payments: {"name": "CPython", "version": "3.14.0"},
}

func (o *order) sentrySpan(s step, root bool) object {
	span := object{
		"trace_id": o.trace,
		"span_id":  o.span(s.key),
		"op":       s.op,
		"status":   "ok",
		"origin":   "manual",
	}
	if s.parent != "" {
		span["parent_span_id"] = o.span(s.parent)
	}
	if o.failed(s.key) {
		span["status"] = "internal_error"
	}
	if !root {
		span["description"] = s.name
		span["start_timestamp"] = seconds(o.at(s.from))
		span["timestamp"] = seconds(o.at(s.to))
	}
	switch {
	case strings.HasPrefix(s.op, "http."):
		data := object{"http.request.method": "POST"}
		if status := o.status(s.key); status != 0 {
			data["http.response.status_code"] = status
		}
		span["data"] = data
	case s.statement != "":
		span["description"] = s.statement
		span["data"] = object{"db.system": "postgresql", "db.name": "payments"}
	}
	return span
}

func (o *order) request(service string) object {
	url := map[string]string{gateway: "http://localhost:3000/api/checkout", payments: "http://payments:8000/charges"}[service]
	return object{
		"method":  "POST",
		"url":     url,
		"headers": object{"Content-Type": "application/json", "Accept": "application/json"},
		"data":    object{"customer": 42, "amount": 12900, "currency": "EUR"},
	}
}

// failure is the error the payments service reports when its acquirer does not answer.
func (o *order) failure() object {
	e := o.base(payments, o.event, o.at(562))
	e["level"] = "error"
	e["transaction"] = "POST /charges"
	e["contexts"] = object{
		"trace":   object{"trace_id": o.trace, "span_id": o.span("acquirer"), "parent_span_id": o.span("authorize"), "op": "http.client"},
		"runtime": runtimes[payments],
	}
	e["request"] = o.request(payments)
	e["extra"] = object{"attempts": 2, "acquirer": "acquirer.example"}
	e["breadcrumbs"] = object{"values": []object{
		{"timestamp": seconds(o.at(140)), "category": "auth", "message": "merchant 7 authenticated", "level": "info"},
		{"timestamp": seconds(o.at(150)), "type": "query", "category": "query", "message": "SELECT token FROM cards WHERE customer_id = %s"},
		{"timestamp": seconds(o.at(359)), "category": "acquirer", "message": "no answer within 200 ms, trying again", "level": "warning"},
	}}
	// Sentry lists causes first, and the newest call last.
	e["exception"] = object{"values": []object{
		{
			"type": "TimeoutError", "value": "timed out", "module": "builtins",
			"mechanism": object{"type": "chained", "handled": false, "exception_id": 1, "parent_id": 0, "source": "__cause__"},
			"stacktrace": object{"frames": []object{
				frame("payments/acquirer.py", "authorize", 58, []string{"    for attempt in range(ATTEMPTS):", "        try:"},
					"            return self.session.post(url, json=body, timeout=TIMEOUT)",
					[]string{"        except TimeoutError as error:", "            last = error"}, object{"attempt": "1", "TIMEOUT": "0.2"}),
				foreign("requests/sessions.py", "post", 637),
				foreign("urllib3/connectionpool.py", "urlopen", 787),
				foreign("socket.py", "readinto", 719),
			}},
		},
		{
			"type": "AcquirerTimeout", "value": "no answer from acquirer.example within 400 ms (attempt 2 of 2)", "module": "payments.acquirer",
			"mechanism": object{"type": "flask", "handled": false, "exception_id": 0},
			"stacktrace": object{"frames": []object{
				foreign("flask/app.py", "dispatch_request", 902),
				frame("payments/views.py", "create_charge", 31, []string{"    card = cards.token(charge.customer)", "    with tracing.step(\"authorize\"):"},
					"        result = acquirer.authorize(card, charge.amount)",
					[]string{"    return jsonify(result), 201"}, object{"charge": "Charge(customer=42, amount=12900)", "card": "'tok_demo'"}),
				frame("payments/acquirer.py", "authorize", 62, []string{"        except TimeoutError as error:", "            last = error", "    total = ATTEMPTS * TIMEOUT"},
					"    raise AcquirerTimeout(self.host, total, ATTEMPTS) from last",
					[]string{"", "", "class AcquirerTimeout(Exception):"}, object{"total": "0.4", "self": "<Acquirer acquirer.example>"}),
			}},
		},
	}}
	return e
}

// frame is a call in the shop's own code, with the source around it.
func frame(file, function string, line int, before []string, at string, after []string, vars object) object {
	return object{
		"filename": file, "abs_path": "/srv/payments/" + file, "function": function,
		"module": strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", "."), "lineno": line, "in_app": true,
		"pre_context": before, "context_line": at, "post_context": after, "vars": vars,
	}
}

// foreign is a call in somebody else's code.
func foreign(file, function string, line int) object {
	return object{
		"filename": file, "abs_path": "/usr/lib/python3.14/site-packages/" + file, "function": function,
		"module": strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", "."), "lineno": line, "in_app": false,
	}
}

// seconds is a time as Sentry SDKs write it: seconds since the epoch, with microseconds.
func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

func encode(o object) []byte {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // cannot happen: only strings, numbers, lists and objects above
	}
	return text
}
