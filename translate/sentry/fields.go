package sentry

import "slices"

// fields are the top-level keys of an event's payload, found in one visit: of a repeated key the last one counts, and the
// keys of very old SDKs (sentry.interfaces.*) stand in for the ones that replaced them.
type fields struct {
	eventID, timestamp, startTimestamp, platform, level, logger, transaction, culprit,
	transactionInfo, serverName, release, dist, environment, typ, tags, extra, modules, fingerprint, user, request, contexts,
	sdk, breadcrumbs, exception, threads, stacktrace, debugMeta, logentry, message, mechanism, spans, measurements node
}

// slot returns where the value of a key belongs, nil for a key without a field.
func (f *fields) slot(key []byte) *node {
	switch string(key) {
	case "event_id":
		return &f.eventID
	case "timestamp":
		return &f.timestamp
	case "start_timestamp":
		return &f.startTimestamp
	case "platform":
		return &f.platform
	case "level":
		return &f.level
	case "logger":
		return &f.logger
	case "transaction":
		return &f.transaction
	case "culprit":
		return &f.culprit
	case "transaction_info":
		return &f.transactionInfo
	case "server_name":
		return &f.serverName
	case "release":
		return &f.release
	case "dist":
		return &f.dist
	case "environment":
		return &f.environment
	case "type":
		return &f.typ
	case "tags":
		return &f.tags
	case "extra":
		return &f.extra
	case "modules":
		return &f.modules
	case "fingerprint":
		return &f.fingerprint
	case "user":
		return &f.user
	case "request":
		return &f.request
	case "contexts":
		return &f.contexts
	case "sdk":
		return &f.sdk
	case "breadcrumbs":
		return &f.breadcrumbs
	case "exception":
		return &f.exception
	case "threads":
		return &f.threads
	case "stacktrace":
		return &f.stacktrace
	case "debug_meta":
		return &f.debugMeta
	case "logentry":
		return &f.logentry
	case "message":
		return &f.message
	case "mechanism":
		return &f.mechanism
	case "spans":
		return &f.spans
	case "measurements":
		return &f.measurements
	}
	return nil
}

// oldKeys are the keys of protocol version 3 and before.
var oldKeys = map[string]string{
	"sentry.interfaces.Breadcrumbs": "breadcrumbs",
	"sentry.interfaces.Exception":   "exception",
	"sentry.interfaces.Http":        "request",
	"sentry.interfaces.Message":     "logentry",
	"sentry.interfaces.Stacktrace":  "stacktrace",
	"sentry.interfaces.User":        "user",
}

func (f *fields) read(root node) {
	old := false
	root.visit(func(k []byte, v node) {
		if slot := f.slot(k); slot != nil {
			*slot = v
		} else if _, ok := oldKeys[string(k)]; ok {
			old = true
		}
	})
	if f.mechanism.isNull() && !f.exception.field("values").missing() {
		f.mechanism = f.exception.field("mechanism") // raven-js
	}
	if !old {
		return
	}
	root.visit(func(k []byte, v node) {
		if name, ok := oldKeys[string(k)]; ok {
			if slot := f.slot([]byte(name)); slot.isNull() {
				*slot = v
			}
		}
	})
}

// listOf returns the entries of a list that may be written {"values":[...]}, as a bare list or as a single entry; an
// empty object is an empty list. Entries can be null.
func listOf(v node) []node {
	switch v.kind() {
	case kindArray:
		return v.list()
	case kindObject:
		if v.len() == 0 {
			return nil
		}
		if values := v.field("values"); !values.missing() {
			return listOf(values)
		}
		return []node{v}
	}
	return nil
}

// thrown returns the exception that was thrown, which is the last in the list: its causes stand before it. Entries that
// hold nothing are passed over; it is missing when all of them are.
func thrown(list []node) node {
	for _, v := range slices.Backward(list) {
		if hasException(v) {
			return v
		}
	}
	return node{}
}

func hasException(v node) bool {
	some := false
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "type", "value", "stacktrace", "raw_stacktrace", "mechanism":
			some = some || !e.isNull()
		}
	})
	return some
}

// isError reports whether an event is an error: one of its exceptions is more than the stack trace of a message.
func isError(list []node) bool {
	for _, e := range list {
		if hasException(e) && !isSynthetic(e) {
			return true
		}
	}
	return false
}

// isSynthetic reports whether an exception only carries the stack trace of a message: it has no type, and its mechanism
// says that it was made by the SDK (the default of @sentry/* 11 for captureMessage).
func isSynthetic(exception node) bool {
	var typ, mechanism node
	exception.visit(func(k []byte, e node) {
		switch string(k) {
		case "type":
			typ = e
		case "mechanism":
			mechanism = e
		}
	})
	if !typ.isNull() && typ.text() != "" {
		return false
	}
	return mechanism.field("synthetic").isTrue()
}
