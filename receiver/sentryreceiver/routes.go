package sentryreceiver

import (
	"net/http"
	"strings"
)

// route is a row of the route table. Patterns ignore empty segments, so that a slash at the end, or two in the middle
// because a DSN ends with one, make no difference. {project}, {slug}, {key} and {event_id} take any text.
type route struct {
	methods string // separated by blanks
	pattern string
	name    string // of the endpoint, as metrics and sentry.received_from have it
	handle  func(*server, *call) answer

	segments []string
}

// routes is the route table: what Sentry's Relay and Spotlight's sidecar serve to SDKs.
var routes = []route{
	{methods: "GET", pattern: "/", name: "index", handle: (*server).index},
	{methods: "GET", pattern: "/health", name: "health", handle: (*server).health},
	{methods: "POST", pattern: "/stream", name: "stream", handle: (*server).envelope},

	{methods: "POST", pattern: "/api/{project}/envelope", name: "envelope", handle: (*server).envelope},
	{methods: "POST GET", pattern: "/api/{project}/store", name: "store", handle: (*server).store},
	{methods: "POST GET", pattern: "/api/store", name: "store", handle: (*server).store},
	{methods: "POST", pattern: "/api/{project}/security", name: "security", handle: (*server).security},
	{methods: "POST", pattern: "/api/{project}/csp-report", name: "security", handle: (*server).security},
	{methods: "POST", pattern: "/api/{project}/nel", name: "nel", handle: (*server).nel},
	{methods: "POST", pattern: "/api/{project}/minidump", name: "minidump", handle: (*server).minidump},
	{methods: "POST", pattern: "/api/{project}/unreal/{key}", name: "unreal", handle: (*server).unreal},
	{methods: "POST", pattern: "/api/{project}/events/{event_id}/attachments", name: "attachments", handle: (*server).attachments},
	{methods: "GET POST", pattern: "/api/{project}/cron/{slug}", name: "cron", handle: (*server).cron},
	{methods: "GET POST", pattern: "/api/{project}/cron/{slug}/{key}", name: "cron", handle: (*server).cron},

	{methods: "POST", pattern: "/api/{project}/integration/otlp/v1/traces", name: "otlp", handle: (*server).otlpTraces},
	{methods: "POST", pattern: "/api/{project}/integration/otlp/v1/logs", name: "otlp", handle: (*server).otlpLogs},
	{methods: "POST", pattern: "/api/{project}/integration/otlp/v1/metrics", name: "otlp", handle: (*server).otlpMetrics},
	{methods: "POST", pattern: "/api/{project}/otlp/v1/traces", name: "otlp", handle: (*server).otlpTraces},
	{methods: "POST", pattern: "/api/{project}/otlp/v1/logs", name: "otlp", handle: (*server).otlpLogs},
	{methods: "POST", pattern: "/api/{project}/otlp/v1/metrics", name: "otlp", handle: (*server).otlpMetrics},
}

// tunnelRoute takes POSTs to any other path: a tunnel is a path of the user's choice, and a DSN may have a path in front of
// /api.
var tunnelRoute = route{methods: "POST", pattern: "/{tunnel}", name: "tunnel", handle: (*server).tunnel}

func init() {
	for i := range routes {
		routes[i].segments = strings.FieldsFunc(routes[i].pattern, isSlash)
	}
}

func isSlash(r rune) bool { return r == '/' }

// maxSegments is more than the longest pattern has.
const maxSegments = 8

// segmentsOf splits a path; ok is false for one with more segments than any pattern.
func segmentsOf(path string) (list [maxSegments]string, n int, ok bool) {
	for segment := range strings.FieldsFuncSeq(path, isSlash) {
		if n == maxSegments {
			return list, n, false
		}
		list[n] = segment
		n++
	}
	return list, n, true
}

// matches reports whether path has the pattern of rt, and fills c's parts of it.
func (rt *route) matches(path []string, c *call) bool {
	if len(path) != len(rt.segments) {
		return false
	}
	for i, want := range rt.segments {
		if want[0] != '{' && want != path[i] {
			return false
		}
	}
	for i, want := range rt.segments {
		switch want {
		case "{project}":
			c.project = path[i]
		case "{slug}":
			c.slug = path[i]
		case "{key}":
			c.pathKey = path[i]
		case "{event_id}":
			c.eventID = path[i]
		}
	}
	return true
}

func (rt *route) takes(method string) bool {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for m := range strings.FieldsSeq(rt.methods) {
		if m == method {
			return true
		}
	}
	return false
}

// route finds the row of a request and answers it.
func (s *server) route(w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r}
	rt, ans := s.find(c)
	if rt != nil {
		defer func() { c.body.free() }() // also when a handler panics: the memory it holds is counted
		r.Pattern = rt.pattern           // names the span of this request
		c.route = rt
		ans = rt.handle(s, c)
	}
	s.answer(w, r, ans)
}

// find returns the row for c, or the answer that there is none.
func (s *server) find(c *call) (*route, answer) {
	var other *route
	if list, n, ok := segmentsOf(c.URL.Path); ok {
		for from := range n + 1 {
			if from > 0 && (from == n || list[from] != "api") {
				continue // a DSN with a path: http://key@host/path/1 is /path/api/1/envelope/
			}
			for i := range routes {
				rt := &routes[i]
				if !rt.matches(list[from:n], c) {
					continue
				}
				if rt.takes(c.Method) {
					return rt, answer{}
				}
				other = rt
			}
		}
	}
	switch {
	case other != nil:
		return nil, s.wrongMethod(c, other)
	case c.Method == http.MethodPost:
		return &tunnelRoute, answer{}
	case c.Method == http.MethodGet || c.Method == http.MethodHead:
		ans := failed(refuse(http.StatusNotFound, reasonNoEndpoint, "nothing is served here; this port takes what Sentry SDKs send"))
		ans.refusal = nil // browsers ask for icons and the like: nothing was sent, so nothing was refused
		return nil, ans
	}
	return nil, s.wrongMethod(c, &tunnelRoute)
}

// wrongMethod says which methods a path takes. Who asks to read /stream is a Spotlight client: what it looks for is the
// overlay.
func (s *server) wrongMethod(c *call, rt *route) answer {
	detail := "this endpoint takes " + strings.Join(strings.Fields(rt.methods), " and ")
	if rt.name == "stream" {
		detail += ": data goes in here; to see it, open " + s.overlay()
	}
	ans := failed(refuse(http.StatusMethodNotAllowed, reasonMethod, detail))
	ans.allow = strings.Join(strings.Fields(rt.methods), ", ") + ", OPTIONS"
	return ans
}
