package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/sdk/otelscope"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is a client that keeps what it gets.
type recorder struct {
	mu     sync.Mutex
	events []*otelscope.Event
}

func (r *recorder) Capture(_ context.Context, ev *otelscope.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, ev)
}

// Requests that run at the same time never see each other's user, tags or breadcrumbs. Run it with -race.
func TestConcurrentRequestsDoNotMix(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(otelscope.NewSpanProcessor()), sdktrace.WithSpanProcessor(spans))
	otel.SetTracerProvider(tp)
	defer func() { require.NoError(t, tp.Shutdown(context.Background())) }()
	rec := &recorder{}
	otelscope.Global().SetClient(rec)
	defer otelscope.Global().SetClient(nil)

	server := httptest.NewServer(newHandler())
	defer server.Close()
	client := server.Client()
	defer client.CloseIdleConnections()
	const requests = 20
	var wg sync.WaitGroup
	for i := range requests {
		wg.Go(func() {
			resp, err := client.Get(fmt.Sprintf("%s/cart/user%d", server.URL, i))
			if err != nil {
				t.Error(err)
				return
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusInternalServerError {
				t.Errorf("status %d", resp.StatusCode)
			}
		})
	}
	wg.Wait()

	require.Len(t, rec.events, requests)
	seen := map[string]bool{}
	for _, ev := range rec.events {
		var of *priceError
		require.True(t, errors.As(ev.Err, &of))
		seen[of.user] = true
		require.Equal(t, of.user, ev.User.Str("id"))
		require.Equal(t, of.user+"@example.test", ev.User.Str("email"))
		require.Equal(t, "books", ev.Tags.Str("shop"))
		require.Equal(t, "price", ev.Tags.Str("step"))
		require.Len(t, ev.Breadcrumbs, 1)
		require.Equal(t, of.user+" is signed in", ev.Breadcrumbs[0].Message)
	}
	require.Len(t, seen, requests)

	// The spans carry the scopes of their own request.
	for _, s := range spans.Ended() {
		if s.Parent().IsValid() {
			continue
		}
		attrs := map[string]string{}
		for _, kv := range s.Attributes() {
			attrs[string(kv.Key)] = kv.Value.String()
		}
		require.Equal(t, "true", attrs["sentry.scope.isolate"])
		require.Equal(t, "/cart/"+attrs["sentry.scope.isolation.user.id"], attrs["url.path"])
	}
}
