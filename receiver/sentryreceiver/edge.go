package sentryreceiver

import (
	"net/http"
	"strings"
)

const (
	// allowedHeaders are what the SDKs and Spotlight send, and trace propagation may add.
	allowedHeaders = "x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, authentication, authorization, " +
		"content-encoding, transfer-encoding, sentry-trace, baggage, traceparent, tracestate"
	exposedHeaders = "x-sentry-error, x-sentry-rate-limits, retry-after"

	// preflightAge is how long a browser may remember a preflight, in seconds: every envelope to /stream needs one. Chromium
	// keeps them for two hours at most.
	preflightAge = "7200"

	// maxEchoedHeaders bounds what is echoed of Access-Control-Request-Headers, in bytes.
	maxEchoedHeaders = 2 << 10
)

// edge is the outermost handler. It refuses hosts and origins that are not allowed, tells browsers that theirs may read
// the answer, and answers preflights.
func (s *server) edge(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if reason := s.policy.RefuseHost(r); reason != "" {
			s.answer(w, r, failed(refuse(http.StatusForbidden, reasonHost, reason)))
			return
		}
		if reason := s.policy.RefuseOrigin(r); reason != "" {
			s.answer(w, r, failed(refuse(http.StatusForbidden, reasonOrigin, reason)))
			return
		}
		if r.Header.Get("Origin") != "" {
			s.allowOrigin(w, r)
		}
		if r.Method == http.MethodOptions {
			s.preflight(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// allowOrigin lets the page read the answer. There is nothing in it to keep from anyone.
func (s *server) allowOrigin(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if s.anyOrigin() {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin")) // allowed: edge has checked
		h.Add("Vary", "Origin")
	}
	h.Set("Access-Control-Expose-Headers", exposedHeaders)
}

func (s *server) anyOrigin() bool {
	for _, o := range s.config.AllowedOrigins {
		if o == "*" {
			return true
		}
	}
	return false
}

// preflight answers OPTIONS for every path alike. Browsers that ask whether a public page may talk to this machine get a
// yes, for origins that passed.
func (s *server) preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Allow", "GET, HEAD, POST, OPTIONS")
	if r.Header.Get("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS")
		h.Set("Access-Control-Allow-Headers", wantedHeaders(r.Header.Get("Access-Control-Request-Headers")))
		h.Set("Access-Control-Max-Age", preflightAge)
		h.Add("Vary", "Access-Control-Request-Headers")
	}
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		h.Set("Access-Control-Allow-Private-Network", "true")
	}
	w.WriteHeader(http.StatusNoContent)
}

// wantedHeaders allows what the page asks for; ours if it asks for nothing, or for something that is no list of names.
func wantedHeaders(asked string) string {
	if asked == "" || len(asked) > maxEchoedHeaders {
		return allowedHeaders
	}
	for _, c := range []byte(asked) {
		if !isNameByte(c) && c != ',' && c != ' ' {
			return allowedHeaders
		}
	}
	return asked
}

// isNameByte reports whether c may be in the name of a header (RFC 9110 section 5.6.2).
func isNameByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
