// Command example is a small web shop with real scopes: an HTTP server on the OpenTelemetry SDK whose errors show the
// user, the tags and the breadcrumbs of their own request, in a Collector with the spotlight exporter on localhost:4318.
//
//	go run ./sdk/otelscope/example
//	curl localhost:8080/cart/ada
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
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/log/global"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/sdk/otelscope"
)

func main() {
	listen := flag.String("listen", "localhost:8080", "address to serve on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *listen); err != nil {
		slog.Error("the example stopped", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, listen string) (err error) {
	shutdown, err := setUp(ctx)
	if err != nil {
		return err
	}
	defer func() {
		flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = errors.Join(err, shutdown(flush))
	}()
	server := &http.Server{Addr: listen, Handler: newHandler(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	slog.Info("serving", "try", "curl "+listen+"/cart/ada")
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// setUp connects OpenTelemetry to a Collector on this machine, and scopes to OpenTelemetry.
func setUp(ctx context.Context) (shutdown func(context.Context) error, err error) {
	spans, err := otlptracehttp.New(ctx, otlptracehttp.WithInsecure())
	if err != nil {
		return nil, fmt.Errorf("trace exporter: %w", err)
	}
	logs, err := otlploghttp.New(ctx, otlploghttp.WithInsecure())
	if err != nil {
		return nil, fmt.Errorf("log exporter: %w", err)
	}
	res := resource.NewSchemaless(attribute.String("service.name", "otelscope-example"), attribute.String("service.version", "1.0.0"))
	tp := sdktrace.NewTracerProvider(
		sdktrace.WithResource(res),
		sdktrace.WithSpanProcessor(otelscope.NewSpanProcessor()),
		sdktrace.WithBatcher(spans, sdktrace.WithBatchTimeout(200*time.Millisecond)),
	)
	lp := sdklog.NewLoggerProvider(
		sdklog.WithResource(res),
		sdklog.WithProcessor(otelscope.NewLogProcessor()),
		sdklog.WithProcessor(sdklog.NewBatchProcessor(logs, sdklog.WithExportInterval(200*time.Millisecond))),
	)
	otel.SetTracerProvider(tp)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	global.SetLoggerProvider(lp)

	otelscope.Global().SetClient(otelscope.NewClient(lp))
	otelscope.Global().SetTag("pod", "local")
	return func(ctx context.Context) error { return errors.Join(tp.Shutdown(ctx), lp.Shutdown(ctx)) }, nil
}

// newHandler serves the shop. Isolation is outside of the instrumentation: the server's span starts in the request's scope.
func newHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /cart/{user}", cart)
	traced := otelhttp.NewHandler(mux, "server", otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
		if r.Pattern == "" {
			return r.Method
		}
		return r.Pattern
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, _ := otelscope.Isolate(r.Context())
		traced.ServeHTTP(w, r.WithContext(ctx))
	})
}

// cart always fails, which is what we are here for.
func cart(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	user := r.PathValue("user")
	otelscope.SetUser(ctx, &otelscope.User{ID: user, Email: user + "@example.test"})
	otelscope.SetTag(ctx, "shop", "books")
	otelscope.AddBreadcrumb(ctx, otelscope.Breadcrumb{Category: "auth", Message: user + " is signed in"})

	items := query(ctx, "SELECT * FROM cart WHERE user = "+user)
	otelscope.WithScope(ctx, func(ctx context.Context, s *otelscope.Scope) {
		s.SetTag("step", "price")
		s.SetContext("cart", map[string]any{"items": items})
		if err := price(user, items); err != nil {
			otelscope.CaptureException(ctx, err)
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}

// query has a span of its own, and logs in it. The error comes later, outside of that span, and shows the log: what
// happened in a request belongs to the request (RFC 0120).
func query(ctx context.Context, sql string) (items int) {
	ctx, span := otel.Tracer("example").Start(ctx, "db.query", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("db.system.name", "postgresql"), attribute.String("db.query.text", sql)))
	defer span.End()
	time.Sleep(2 * time.Millisecond)
	var r log.Record
	r.SetTimestamp(time.Now())
	r.SetSeverity(log.SeverityInfo)
	r.SetBody(log.StringValue("query done!"))
	global.GetLoggerProvider().Logger("example").Emit(ctx, r)
	return 3
}

type priceError struct{ user string }

func (e *priceError) Error() string { return "no price for the cart of " + e.user }

func price(user string, _ int) error { return &priceError{user} }
