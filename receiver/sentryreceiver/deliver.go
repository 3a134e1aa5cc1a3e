package sentryreceiver

import (
	"context"
	"net/http"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
)

// next is where the signals go; nil where no pipeline takes one.
type next struct {
	traces  consumer.Traces
	logs    consumer.Logs
	metrics consumer.Metrics
}

// signalHolds says what of Sentry a signal carries.
var signalHolds = map[string]string{
	"traces":  "transactions and spans",
	"logs":    "errors, messages, logs, sessions, check-ins, feedback, replays, profiles, attachments",
	"metrics": "metrics",
}

func (n *next) missing() (signals []string) {
	if n.traces == nil {
		signals = append(signals, "traces")
	}
	if n.logs == nil {
		signals = append(signals, "logs")
	}
	if n.metrics == nil {
		signals = append(signals, "metrics")
	}
	return signals
}

// Formats that the Collector's own metrics tell apart.
const (
	formatSentry = "sentry"
	formatOTLP   = "otlp"
)

// delivery gathers what the pipelines said. They get the request's context without its end: what has arrived is not
// given up because the process that sent it, perhaps with its last breath, has hung up.
type delivery struct {
	s      *server
	ctx    context.Context
	format string

	busy, refused error // the last of each kind
}

func (s *server) deliver(ctx context.Context, format string) delivery {
	return delivery{s: s, ctx: context.WithoutCancel(ctx), format: format}
}

func (d *delivery) traces(td ptrace.Traces) {
	n := td.SpanCount()
	if n == 0 || d.dropped(d.s.next.traces == nil, "traces", n) {
		return
	}
	ctx := d.s.obs.StartTracesOp(d.ctx)
	err := d.s.next.traces.ConsumeTraces(ctx, td)
	d.s.obs.EndTracesOp(ctx, d.format, n, err)
	d.note(err)
}

func (d *delivery) logs(ld plog.Logs) {
	n := ld.LogRecordCount()
	if n == 0 || d.dropped(d.s.next.logs == nil, "logs", n) {
		return
	}
	ctx := d.s.obs.StartLogsOp(d.ctx)
	err := d.s.next.logs.ConsumeLogs(ctx, ld)
	d.s.obs.EndLogsOp(ctx, d.format, n, err)
	d.note(err)
}

func (d *delivery) metrics(md pmetric.Metrics) {
	n := md.DataPointCount()
	if n == 0 || d.dropped(d.s.next.metrics == nil, "metrics", n) {
		return
	}
	ctx := d.s.obs.StartMetricsOp(d.ctx)
	err := d.s.next.metrics.ConsumeMetrics(ctx, md)
	d.s.obs.EndMetricsOp(ctx, d.format, n, err)
	d.note(err)
}

func (d *delivery) dropped(missing bool, signal string, n int) bool {
	if missing {
		d.s.telemetry.refused(d.ctx, reasonNoPipeline, n, zap.String("signal", signal))
	}
	return missing
}

func (d *delivery) note(err error) {
	switch {
	case err == nil:
	case consumererror.IsPermanent(err):
		d.refused = err
	default:
		d.busy = err
	}
}

// outcome is the refusal that the sender must hear of. A pipeline that cannot now gives 503: that is the Collector's
// contract, and a sender that can (none of Sentry's SDKs) sends again. One that will never is not the sender's fault, and
// often only one of several exporters; the sender is told that all is well, and the log and a metric tell the rest.
func (d *delivery) outcome() error {
	if d.refused != nil {
		d.s.telemetry.refused(d.ctx, reasonPipeline, 1, zap.Error(d.refused))
	}
	if d.busy == nil {
		return nil
	}
	d.s.telemetry.logOnce(reasonPipelineBusy, zap.Error(d.busy))
	return refuse(http.StatusServiceUnavailable, reasonPipelineBusy, "the Collector's pipeline cannot take more at the moment; its log says why")
}
