package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Placeholders that are overwritten in a copy of the body for every request.
const (
	eventMark = "e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1"
	traceMark = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
	spanMark  = "b1b1b1b1" // followed by eight digits of the span's number
)

type object = map[string]any

// body is an envelope and where its ids stand.
type body struct {
	text           []byte
	events, traces []int
	spans          []int
}

func newBody(kind string) *body {
	payload := errorEvent()
	if kind == "transaction" {
		payload = transaction(100)
	}
	text, err := json.Marshal(payload)
	if err != nil {
		fatal(err)
	}
	header := fmt.Sprintf(`{"event_id":%q,"dsn":"http://key@localhost:8969/1","sdk":{"name":"sentry.javascript.node","version":"9.40.0"},"trace":{"trace_id":%q,"public_key":"key"}}`, eventMark, traceMark)
	if kind == "error" {
		kind = "event"
	}
	b := &body{text: fmt.Appendf(nil, "%s\n{\"type\":%q,\"length\":%d}\n%s\n", header, kind, len(text), text)}
	b.events, b.traces, b.spans = offsets(b.text, eventMark), offsets(b.text, traceMark), offsets(b.text, spanMark)
	return b
}

// render writes the body of request number seq into buf.
func (b *body) render(buf []byte, seq int) []byte {
	buf = append(buf[:0], b.text...)
	for _, at := range b.events {
		copy(buf[at:], eventID(seq))
	}
	for _, at := range b.traces {
		copy(buf[at:], fmt.Sprintf("%032x", 0xd0<<32|seq+1))
	}
	for _, at := range b.spans {
		copy(buf[at:], fmt.Sprintf("%08x", uint32(seq+1)))
	}
	return buf
}

func eventID(seq int) string { return fmt.Sprintf("10ad10ad%024x", seq+1) }

func offsets(text []byte, mark string) (at []int) {
	for i := 0; ; {
		j := bytes.Index(text[i:], []byte(mark))
		if j < 0 {
			return at
		}
		at = append(at, i+j)
		i += j + len(mark)
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

func common(kind string) object {
	return object{
		"event_id": eventMark, "platform": "node", "environment": "development", "release": "checkout-api@1.4.2", "server_name": "laptop",
		"transaction": "POST /api/checkout", "tags": object{"service": "checkout-api", "region": "local", "feature": "checkout-v2"},
		"user":     object{"id": "42", "email": "dev@example.test", "ip_address": "127.0.0.1"},
		"request":  object{"method": "POST", "url": "http://localhost:3000/api/checkout", "headers": object{"accept": "*/*", "content-type": "application/json"}},
		"sdk":      object{"name": "sentry.javascript.node", "version": "9.40.0", "integrations": []string{"Http", "Express", "Console"}},
		"contexts": object{"trace": object{"trace_id": traceMark, "span_id": spanMark + "00000000", "op": kind, "status": "ok"}, "runtime": object{"name": "node", "version": "v20.20.2"}, "os": object{"name": "Linux", "version": "6.1"}, "culture": object{"locale": "en-GB", "timezone": "UTC"}},
	}
}

// errorEvent is an error with 30 frames, eight of them with source and variables, and 50 breadcrumbs: about 21 KB.
func errorEvent() object {
	now := seconds(time.Now())
	frames := make([]object, 30)
	for i := range frames {
		frames[i] = object{
			"function": fmt.Sprintf("Handler%d.process", i), "filename": fmt.Sprintf("/srv/app/src/orders/handler%d.js", i), "module": fmt.Sprintf("orders.handler%d", i),
			"abs_path": fmt.Sprintf("/srv/app/src/orders/handler%d.js", i), "lineno": 10 + i*7, "colno": 4 + i, "in_app": i%3 != 0,
		}
		if i >= 22 {
			frames[i]["context_line"] = "    const result = await orders.fetch(orderId, { retries: 3 });"
			frames[i]["pre_context"] = []string{"  async function load(id) {", "    // the order may still be in the queue", "    if (!id) {", "      throw new TypeError('missing id');", "    }"}
			frames[i]["post_context"] = []string{"    if (!result.ok) {", "      return null;", "    }", "    return result.body;", "  }"}
			frames[i]["vars"] = object{"id": 1000 + i, "retries": 3, "state": "waiting for stock"}
		}
	}
	crumbs := make([]object, 50)
	for i := range crumbs {
		crumbs[i] = object{
			"timestamp": now - float64(50-i)/5, "category": "fetch", "level": "info", "type": "http", "message": fmt.Sprintf("order %d was looked up in the cache and not found", i),
			"data": object{"url": fmt.Sprintf("/api/orders/%d", i), "status_code": 200, "method": "GET"},
		}
	}
	e := common("http.server")
	e["timestamp"], e["level"], e["breadcrumbs"] = now, "error", crumbs
	e["exception"] = object{"values": []object{{"type": "TypeError", "value": "Cannot read properties of undefined (reading 'total')", "stacktrace": object{"frames": frames}, "mechanism": object{"type": "generic", "handled": false}}}}
	return e
}

// transaction is a transaction with n child spans; 100 make about 55 KB.
func transaction(n int) object {
	start := time.Now().Add(-time.Second)
	spans := make([]object, n)
	for i := range spans {
		at := seconds(start) + float64(i)/200
		spans[i] = object{
			"trace_id": traceMark, "span_id": fmt.Sprintf("%s%08x", spanMark, i+1), "parent_span_id": fmt.Sprintf("%s%08x", spanMark, i/4), "op": "db.query",
			"description": fmt.Sprintf("SELECT id, total, status FROM orders WHERE customer = $1 AND page = %d", i), "start_timestamp": at, "timestamp": at + 0.012, "status": "ok", "origin": "auto.db.postgres",
			"data": object{"db.system": "postgresql", "db.name": "shop", "db.operation": "SELECT", "server.address": "localhost", "server.port": 5432, "sentry.op": "db.query", "thread.name": "main"},
		}
	}
	t := common("http.server")
	t["type"], t["spans"], t["start_timestamp"], t["timestamp"] = "transaction", spans, seconds(start), seconds(time.Now())
	return t
}
