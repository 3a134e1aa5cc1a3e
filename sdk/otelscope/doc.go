// Package otelscope gives Go applications that use the OpenTelemetry SDK the scopes of Sentry's SDKs (RFC 0122): data
// that belongs to the process (global), to a request or job (isolation) or to the code that runs now (current), carried
// on the context.Context.
//
//	ctx, iso := otelscope.Isolate(ctx)              // once for each request
//	otelscope.SetUser(ctx, &otelscope.User{ID: "7"}) // on the isolation scope: everything in this request has it
//	otelscope.WithScope(ctx, func(ctx context.Context, s *otelscope.Scope) {
//		s.SetTag("step", "pay") // in here only
//		otelscope.CaptureException(ctx, err)
//	})
//
// With NewSpanProcessor what is set on scopes is written through to the spans that run in them, as attributes named
// sentry.scope.*, so that a Collector with the spotlight exporter shows every error with the scopes it happened in. With
// NewLogProcessor log records get the attributes and the user they lack.
//
// # Concurrency
//
// All functions and methods may be called from any goroutine. A fork copies nothing but a few words; what the copies
// share is never changed in place. Two requests that isolate their contexts never see each other's data.
//
// What is not here: transport, sampling and batching, which are OpenTelemetry's, and the rules by which scopes are merged
// (translate/scope), which a Collector uses too.
package otelscope
