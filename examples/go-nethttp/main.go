// A net/http server whose panics end in the overlay, while it is developed.
package main

import (
	"fmt"
	"html/template"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"time"

	"github.com/getsentry/sentry-go"
)

// errorPage says which error it is of; the overlay waits for it and shows it.
var errorPage = template.Must(template.New("").Parse(`<!doctype html><title>Internal Server Error</title><h1>Internal Server Error</h1>
<script type="module" src="{{.Spotlight}}/overlay.js" data-fullscreen data-error-id="{{.EventID}}"></script>`))

// home has the small trigger; the overlay comes from a path of this server, see proxy.
const home = `<!doctype html><title>Wines</title><h1>Wines</h1><p><a href="/fail">Buy one</a></p>
<script type="module" src="/__spotlight/overlay.js"></script>`

// proxy passes a path of this server on to the Collector, WebSockets included: nothing in the page talks to another origin.
func proxy(path, spotlight string) http.Handler {
	target, err := url.Parse(spotlight)
	if err != nil {
		log.Fatal(err)
	}
	return http.StripPrefix(path, httputil.NewSingleHostReverseProxy(target))
}

// withOverlay answers a panic of next with the overlay, opened on the error. For development only.
func withOverlay(spotlight string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hub := sentry.CurrentHub().Clone()
		hub.Scope().SetRequest(r)
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if fault == http.ErrAbortHandler { // the way to end an answer without a word
				panic(fault)
			}
			var id sentry.EventID
			if event := hub.RecoverWithContext(r.Context(), fault); event != nil {
				id = *event
			}
			hub.Flush(2 * time.Second)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusInternalServerError)
			_ = errorPage.Execute(w, map[string]any{"Spotlight": spotlight, "EventID": string(id)})
		}()
		next.ServeHTTP(w, r.WithContext(sentry.SetHubOnContext(r.Context(), hub)))
	})
}

func main() {
	if err := sentry.Init(sentry.ClientOptions{Dsn: env("SENTRY_DSN", "http://spotlight@localhost:8969/1"), EnableTracing: true, TracesSampleRate: 1}); err != nil {
		log.Fatal(err)
	}
	spotlight := env("SPOTLIGHT_URL", "http://localhost:8970")
	mux := http.NewServeMux()
	mux.Handle("/__spotlight/", proxy("/__spotlight", spotlight))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, home)
	})
	mux.HandleFunc("GET /fail", func(w http.ResponseWriter, r *http.Request) {
		var stock map[string]int
		stock[r.FormValue("wine")]-- // a map nobody made
		fmt.Fprintln(w, stock)
	})
	address := "127.0.0.1:" + env("PORT", "3000")
	log.Printf("http://%s/fail", address)
	log.Fatal(http.ListenAndServe(address, withOverlay(spotlight, mux)))
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
