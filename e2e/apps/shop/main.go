// Command shop is a service on OpenTelemetry's Go SDK, with Sentry's beside it for some of its errors: what many services
// look like while they move from one to the other. It is set up by OTEL_EXPORTER_OTLP_ENDPOINT and SENTRY_DSN.
//
//	GET /orders/7     logs "query done!" in a span of its own, then fails outside of it: an OpenTelemetry exception
//	GET /receipts/7   the same, and the error goes to Sentry from inside a child span
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/getsentry/sentry-go"
	sentryotel "github.com/getsentry/sentry-go/otel"
	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	listen := flag.String("listen", "localhost:8081", "address to serve on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *listen); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, listen string) error {
	spans, err1 := otlptracehttp.New(ctx)
	records, err2 := otlploghttp.New(ctx)
	err3 := sentry.Init(sentry.ClientOptions{ // takes SENTRY_DSN
		Release: "shop@1.0.0",
		Integrations: func(all []sentry.Integration) []sentry.Integration {
			return append(all, sentryotel.NewOtelIntegration())
		},
	})
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	res := resource.NewSchemaless(attribute.String("service.name", "shop"), attribute.String("service.version", "1.0.0"),
		attribute.String("deployment.environment.name", "test"))
	tp := sdktrace.NewTracerProvider(sdktrace.WithResource(res), sdktrace.WithBatcher(spans, sdktrace.WithBatchTimeout(100*time.Millisecond)))
	lp := sdklog.NewLoggerProvider(sdklog.WithResource(res), sdklog.WithProcessor(sdklog.NewBatchProcessor(records, sdklog.WithExportInterval(100*time.Millisecond))))
	otel.SetTracerProvider(tp)
	slog.SetDefault(otelslog.NewLogger("shop", otelslog.WithLoggerProvider(lp)))

	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", order)
	mux.HandleFunc("GET /receipts/{id}", receipt)
	server := &http.Server{Addr: listen, Handler: otelhttp.NewHandler(withUser(mux), "server"), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	flush, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	sentry.FlushWithContext(flush)
	return errors.Join(tp.Shutdown(flush), lp.Shutdown(flush))
}

// withUser tells the span of the request whose it is, as an authentication middleware does.
func withUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trace.SpanFromContext(r.Context()).SetAttributes(attribute.String("user.id", "7"), attribute.String("user.email", "ada@example.test"))
		next.ServeHTTP(w, r)
	})
}

func order(w http.ResponseWriter, r *http.Request) {
	query(r.Context())
	err := fmt.Errorf("order %s has no price", r.PathValue("id"))
	span := trace.SpanFromContext(r.Context())
	span.RecordError(err, trace.WithStackTrace(true))
	span.SetStatus(codes.Error, err.Error())
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

func receipt(w http.ResponseWriter, r *http.Request) {
	query(r.Context())
	ctx, span := otel.Tracer("shop").Start(r.Context(), "render", trace.WithAttributes(attribute.String("sentry.tag.step", "print")))
	defer span.End()
	err := fmt.Errorf("receipt %s does not fit the page", r.PathValue("id"))
	hub := sentry.CurrentHub().Clone()
	hub.Scope().SetTag("printer", "second floor")
	hub.Client().CaptureException(err, &sentry.EventHint{Context: ctx, OriginalException: err}, hub.Scope())
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

func query(ctx context.Context) {
	ctx, span := otel.Tracer("shop").Start(ctx, "db.query", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attribute.String("db.system.name", "postgresql")))
	defer span.End()
	time.Sleep(2 * time.Millisecond)
	slog.InfoContext(ctx, "query done!")
}
