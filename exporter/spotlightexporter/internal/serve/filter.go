package serve

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// filterOf reads the query of a list. Without a session it holds for all of them: a program that asks wants everything,
// only the overlay's lists begin with the present session. Keys it does not know are left alone: they may be of a later
// overlay.
func (s *server) filterOf(r *http.Request) (query.Filter, error) {
	f := query.Filter{Session: query.AllSessions}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return f, errors.New("the query cannot be read; escape % as %25 and ; as %3B")
	}
	for key, list := range values {
		read, ok := parameters[key]
		if !ok || list[0] == "" {
			continue
		}
		if err := read(s, &f, list[0]); err != nil {
			return f, fmt.Errorf("%s=%s: %w", key, clip(list[0]), err)
		}
	}
	if text := values.Get("span"); text != "" { // after trace, which it is looked up in
		id, ok := s.Query.SpanID(f.Trace, text)
		if !ok {
			return f, fmt.Errorf("span=%s: want 16 hex digits, or the first 8 or more of them together with trace", clip(text))
		}
		f.Span = id
	}
	return f, nil
}

// parameters has a row for each key of a list's query.
var parameters = map[string]func(*server, *query.Filter, string) error{
	"q":       func(_ *server, f *query.Filter, v string) error { f.Q = v; return nil },
	"service": func(_ *server, f *query.Filter, v string) error { f.Service = v; return nil },
	"type":    func(_ *server, f *query.Filter, v string) error { f.Type = v; return nil },
	"page":    func(_ *server, f *query.Filter, v string) error { f.PageURL = v; return nil },
	"since":   func(_ *server, f *query.Filter, v string) error { return number(&f.Since, v) },
	"before":  func(_ *server, f *query.Filter, v string) error { return number(&f.Before, v) },
	"session": func(_ *server, f *query.Filter, v string) error {
		switch v {
		case "all":
			f.Session = query.AllSessions
			return nil
		case "current":
			f.Session = 0
			return nil
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return errors.New("want the number of a session, current or all")
		}
		f.Session = n
		return nil
	},
	"limit": func(_ *server, f *query.Filter, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return fmt.Errorf("want a number from 1 to %d", query.MaxLimit)
		}
		f.Limit = min(n, query.MaxLimit)
		return nil
	},
	"after": func(_ *server, f *query.Filter, v string) error {
		if f.After.UnmarshalText([]byte(v)) != nil {
			return errors.New("want an RFC 3339 time such as " + time.Unix(0, 0).UTC().Format(time.RFC3339))
		}
		return nil
	},
	"level": func(_ *server, f *query.Filter, v string) error {
		switch l := model.Level(v); l {
		case model.LevelTrace, model.LevelDebug, model.LevelInfo, model.LevelWarning, model.LevelError, model.LevelFatal:
			f.Level = l
			return nil
		}
		return errors.New("want trace, debug, info, warning, error or fatal")
	},
	"trace": func(s *server, f *query.Filter, v string) (err error) {
		var ok bool
		if f.Trace, ok = s.Query.TraceID(v); !ok {
			return errors.New("want 32 hex digits, or the first 8 or more of a trace that is in the store")
		}
		return nil
	},
	"event": func(s *server, f *query.Filter, v string) (err error) {
		var ok bool
		if f.Event, ok = s.Query.EventID(v); !ok {
			return errors.New("want 32 hex digits, or the first 8 or more of an event that is in the store")
		}
		return nil
	},
}

func number(to *uint64, v string) error {
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil {
		return errors.New("want a number")
	}
	*to = n
	return nil
}

// isOn reads a yes-or-no parameter.
func isOn(r *http.Request, key string, def bool) bool {
	switch r.URL.Query().Get(key) {
	case "1", "true", "yes":
		return true
	case "0", "false", "no":
		return false
	}
	return def
}
