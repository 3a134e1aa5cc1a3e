package serve

import (
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// route is one row of the table: what is asked, who answers, and what it is for (shown by GET /api/v1).
type route struct {
	method  string
	path    string // pattern of http.ServeMux
	handler func(*server, http.ResponseWriter, *http.Request)
	doc     string
}

// routes is everything there is. HEAD goes with GET.
var routes = []route{
	{"GET", "/health", (*server).health, "OK while the server runs"},
	{"GET", "/ws", (*server).websocket, "WebSocket, subprotocol spotlight.v1+json: lists and opened details, live"},

	{"POST", "/mcp", (*server).mcp, "Model Context Protocol over streamable HTTP: errors, traces and logs for coding agents"},

	{"GET", "/api/v1", (*server).index, "this table"},
	{"GET", "/api/v1/status", (*server).status, "version, session, counts, bytes, drops, addresses of the receivers"},

	{"GET", "/api/v1/traces", (*server).traces, "summaries; q, service, session, since, after, limit, page"},
	{"GET", "/api/v1/traces/{trace_id}", (*server).trace, "an assembled trace; details=0 leaves attributes, events and links out"},
	{"GET", "/api/v1/traces/{trace_id}/spans/{span_id}", (*server).span, "a span with its details"},
	{"POST", "/api/v1/traces/{trace_id}/pin", (*server).pinTrace, "keeps a trace"},
	{"POST", "/api/v1/traces/{trace_id}/unpin", (*server).unpinTrace, "lets it go"},

	{"GET", "/api/v1/issues", (*server).issues, "groups of errors; q, service, session, since, after, level, limit"},
	{"GET", "/api/v1/issues/{issue_id}", (*server).issue, "a group with its newest events and what differs between them"},
	{"POST", "/api/v1/issues/{issue_id}/pin", (*server).pinIssue, "keeps a group"},
	{"POST", "/api/v1/issues/{issue_id}/unpin", (*server).unpinIssue, "lets it go"},
	{"POST", "/api/v1/issues/{issue_id}/hide", (*server).hideIssue, "hides a group for this session"},
	{"POST", "/api/v1/issues/{issue_id}/show", (*server).showIssue, "shows it again"},

	{"GET", "/api/v1/events", (*server).events, "summaries of errors and messages; q, service, session, since, after, before, trace, span, level, limit"},
	{"GET", "/api/v1/events/{event_id}", (*server).event, "a materialised event; raw=1: the payload as it came, byte for byte; policy=js11, python2 or go0: as that SDK would have merged its scopes"},

	{"GET", "/api/v1/logs", (*server).logs, "summaries; q, service, session, since, after, before, trace, span, level, limit"},
	{"GET", "/api/v1/logs/{id}", (*server).log, "a log record"},

	{"GET", "/api/v1/metrics", (*server).metrics, "summaries; q, service, session, since, type, limit"},
	{"GET", "/api/v1/metrics/{name...}", (*server).metric, "a metric's points, oldest first; service"},

	{"GET", "/api/v1/services", (*server).services, "the processes that send data, with findings"},
	{"GET", "/api/v1/services/{id...}", (*server).service, "a process"},

	{"GET", "/api/v1/items", (*server).items, "everything that is no span, log, metric or event; type, q, service, session, since, before, trace, event, limit"},
	{"GET", "/api/v1/items/{id}", (*server).item, "an item's metadata; raw=1: its payload, byte for byte"},
	{"GET", "/api/v1/attachments", (*server).attachments, "the items that are files: attachments, minidumps"},
	{"GET", "/api/v1/attachments/{id}", (*server).attachment, "the file"},
	{"GET", "/api/v1/profiles", (*server).profiles, "the items that are profiles"},
	{"GET", "/api/v1/profiles/{id}", (*server).profile, "a profile's payload, byte for byte; resolved=1: with the frames of bundled JavaScript put back to their source"},
	{"GET", "/api/v1/replays", (*server).replays, "the items that are parts of session replays"},
	{"GET", "/api/v1/replays/{id}", (*server).payload, "the payload of a part"},

	{"GET", "/api/v1/sessions", (*server).sessions, "stretches of work, newest first"},
	{"POST", "/api/v1/session", (*server).newSession, "starts a new session"},
	{"GET", "/api/v1/session/export", (*server).exportSession, "a session as a file: lines of JSON; session: a number, current (default) or all"},
	{"POST", "/api/v1/session/import", (*server).importSession, "takes such a file into a new session; continue=1: into the present one, for a file in parts"},
	{"DELETE", "/api/v1/data", (*server).clear, "clears everything that is not pinned"},
	{"POST", "/api/v1/undo", (*server).undo, "takes the last clear back, within 10 s"},
	{"POST", "/api/v1/test", (*server).test, "sends a test trace; kind=error: one that fails"},

	// The part of Sentry's API that sentry-cli's sourcemaps and releases and Sentry's bundler plugins use. Any token,
	// organisation and project will do. GET /api/0/organizations/{org}/ is left out on purpose: bundler plugins ask it for
	// the region of the organisation, and keep an answer for good, by its name alone and across servers. Without an answer
	// they go on with the URL they were given, and an organisation of that name at Sentry stays where it is.
	{"GET", "/api/0/{$}", (*server).account, "Sentry's API: whose token it is"},
	{"GET", "/api/0/projects/{org}/{project}/releases/", (*server).noList, "Sentry's API: releases, of which none are kept"},
	{"POST", "/api/0/organizations/{org}/releases/", (*server).noteRelease, "Sentry's API: notes a release"},
	{"POST", "/api/0/projects/{org}/{project}/releases/", (*server).noteRelease, "the same, as sentry-cli 2 asks"},
	{"PUT", "/api/0/organizations/{org}/releases/{version}/", (*server).noteRelease, "Sentry's API: finalizes a release"},
	{"PUT", "/api/0/projects/{org}/{project}/releases/{version}/", (*server).noteRelease, "the same, as sentry-cli 2 asks"},
	{"DELETE", "/api/0/organizations/{org}/releases/{version}/", (*server).forgetRelease, "Sentry's API: deletes a release"},
	{"DELETE", "/api/0/projects/{org}/{project}/releases/{version}/", (*server).forgetRelease, "the same, as sentry-cli 2 asks"},
	{"GET", "/api/0/organizations/{org}/releases/{version}/previous-with-commits/", (*server).noRelease, "Sentry's API: the release before"},
	{"GET", "/api/0/organizations/{org}/releases/{version}/deploys/", (*server).noList, "Sentry's API: deploys of a release, of which none are kept"},
	{"POST", "/api/0/organizations/{org}/releases/{version}/deploys/", (*server).noteDeploy, "Sentry's API: notes a deploy"},
	{"GET", "/api/0/organizations/{org}/chunk-upload/", (*server).uploadOptions, "Sentry's API: how chunks are to be sent"},
	{"POST", "/api/0/organizations/{org}/chunk-upload/", (*server).uploadChunks, "Sentry's API: takes chunks of artifact bundles"},
	{"POST", "/api/0/organizations/{org}/artifactbundle/assemble/", (*server).assemble, "Sentry's API: joins chunks to an artifact bundle"},

	{"GET", "/", (*server).overlay, "the overlay: /overlay.js embeds it in a page, every other path is a view of it"},
}

// mux makes a handler of the table. A path without a row is 404, a path that has rows for other methods only is 405, both
// as JSON. Patterns are registered without methods: ServeMux would answer 405 in plain text.
func (s *server) mux() http.Handler {
	paths := map[string]map[string]route{}
	for _, r := range s.table {
		if paths[r.path] == nil {
			paths[r.path] = map[string]route{}
		}
		paths[r.path][r.method] = r
		if r.method == http.MethodGet {
			paths[r.path][http.MethodHead] = r
		}
	}
	mux := http.NewServeMux()
	for path, methods := range paths {
		allow := strings.Join(append(slices.Sorted(maps.Keys(methods)), http.MethodOptions), ", ")
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			row, ok := methods[r.Method]
			switch {
			case ok:
				row.handler(s, w, r)
			case r.Method == http.MethodOptions:
				w.Header().Set("Allow", allow)
				w.WriteHeader(http.StatusNoContent)
			default:
				w.Header().Set("Allow", allow)
				fail(w, http.StatusMethodNotAllowed, clip(r.Method)+" is not possible here; this path takes "+allow)
			}
		})
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, "there is no "+clip(r.URL.Path)+"; GET /api/v1 lists what there is")
	})
	return mux
}

func (s *server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("OK\n"))
}

func (s *server) websocket(w http.ResponseWriter, r *http.Request) { s.Hub.ServeHTTP(w, r) }

func (s *server) mcp(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		fail(w, http.StatusUnsupportedMediaType, "want a request of the Model Context Protocol, with Content-Type application/json")
		return
	}
	s.agents.ServeHTTP(w, r)
}

func (s *server) index(w http.ResponseWriter, r *http.Request) {
	type row struct {
		Method string `json:"method"`
		Path   string `json:"path"`
		Doc    string `json:"doc"`
	}
	rows := make([]row, 0, len(s.table))
	for _, rt := range s.table {
		rows = append(rows, row{rt.method, rt.path, rt.doc})
	}
	s.answer(w, r, map[string][]row{"routes": rows})
}
