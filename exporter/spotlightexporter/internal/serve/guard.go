package serve

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
)

// Guard lets only requests through whose Host and Origin are allowed, answers CORS preflights, and sets the headers that
// keep browsers from misusing an answer. It stands outside everything else, authentication too: a preflight carries no
// credentials, and a refused request should cost nothing.
//
// A program on this machine is not kept out; that is what an authenticator is for.
func Guard(policy *hostcheck.Policy, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		// Scripts of other sites may run overlay.js; they may not pull in our answers as images or scripts. A fetch is
		// not concerned, that is what CORS is for. Set by the asset handler where others may embed.
		h.Set("Cross-Origin-Resource-Policy", "same-site")
		h.Add("Vary", "Origin")
		if reason := policy.RefuseHost(r); reason != "" {
			fail(w, http.StatusForbidden, reason)
			return
		}
		if reason := policy.RefuseOrigin(r); reason != "" {
			fail(w, http.StatusForbidden, reason)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "ETag, Content-Disposition, Retry-After, Location")
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
				preflight(w, r)
				return
			}
		} else if changes(r.Method) && !fromSameSite(r) {
			fail(w, http.StatusForbidden, "a page of another site may not do this")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// preflight answers what browsers ask before a request that a plain form could not have made. The origin is allowed.
func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE")
	h.Set("Access-Control-Allow-Headers", "*, Authorization") // the star does not cover Authorization (Fetch, section 3.3.5)
	h.Set("Access-Control-Max-Age", "600")
	// A page on a public address asks whether it may talk to this private one (Private Network Access).
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		h.Set("Access-Control-Allow-Private-Network", "true")
	}
	w.WriteHeader(http.StatusNoContent)
}

// changes reports whether a method may change something.
func changes(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// fromSameSite reports whether a request without an Origin is not known to come from a page of another site. Browsers send
// an Origin with every request that changes something; this is for those that are told not to.
func fromSameSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "none" || site == "same-origin"
}

// pagePolicy is the Content-Security-Policy of the overlay's page: its own files, no inline script or style, nothing from
// anywhere else. connect-src is added for each request, see connectSource.
func pagePolicy(frameAncestors []string) string {
	ancestors := append([]string{"'self'", "http://localhost:*", "http://127.0.0.1:*"}, frameAncestors...) // CSP knows no IPv6 literals
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; " +
		"manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors " + strings.Join(ancestors, " ")
}

// hostOnly is a Host that is safe to copy into a header: name or address, and port.
var hostOnly = regexp.MustCompile(`^[A-Za-z0-9._-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

// connectSource lets the page talk to us. Browsers differ in whether 'self' covers the WebSocket of the same host
// (CSP 3 section 6.7.2.8 says so, older Safari and Firefox do not), so that it is named.
func connectSource(host string) string {
	if !hostOnly.MatchString(host) {
		return "connect-src 'self'"
	}
	return "connect-src 'self' ws://" + host + " wss://" + host
}
