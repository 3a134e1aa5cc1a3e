// What to type to point an SDK at this Collector, with its real addresses.
import type { Endpoint } from '../wire/model.gen.ts'

export interface Snippet {
  id: string
  label: string
  /** Lines; what follows the first # or // of a line is a comment. */
  text: string
}

export interface Addresses { sentry: string; otlpHttp: string; otlpGrpc: string }

const DEFAULTS: Addresses = { sentry: 'http://localhost:8969', otlpHttp: 'http://localhost:4318', otlpGrpc: 'http://localhost:4317' }

export function addresses(endpoints: readonly Endpoint[]): Addresses {
  const find = (name: string, or: string) => (endpoints.find((e) => e.name === name)?.url ?? or).replace(/\/+$/, '')
  return { sentry: find('sentry', DEFAULTS.sentry), otlpHttp: find('otlp_http', DEFAULTS.otlpHttp), otlpGrpc: find('otlp_grpc', DEFAULTS.otlpGrpc) }
}

export function snippets(at: Addresses): Snippet[] {
  const dsn = at.sentry.replace(/^(https?:\/\/)/, '$1local@') + '/1'
  return [
    { id: 'sentry-js', label: 'Sentry JS', text: `// browser and Node: keep your DSN, add one line\nSentry.init({\n  dsn: "…",\n  spotlight: "${at.sentry}/stream",\n  tracesSampleRate: 1.0,\n})` },
    { id: 'sentry-python', label: 'Sentry Python', text: `# no code change: set this where the program runs\nSENTRY_SPOTLIGHT=${at.sentry}/stream\n\n# or in code\nsentry_sdk.init(spotlight="${at.sentry}/stream", traces_sample_rate=1.0)` },
    { id: 'otel-env', label: 'OTel env', text: `# any OpenTelemetry SDK, no code change\nOTEL_EXPORTER_OTLP_ENDPOINT=${at.otlpHttp}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nOTEL_SERVICE_NAME=orders` },
    { id: 'otel-go', label: 'OTel Go', text: `// reads OTEL_EXPORTER_OTLP_ENDPOINT too\nexporter, err := otlptracehttp.New(ctx,\n\totlptracehttp.WithEndpointURL("${at.otlpHttp}/v1/traces"))\nprovider := trace.NewTracerProvider(trace.WithBatcher(exporter))` },
    { id: 'otel-node', label: 'OTel Node', text: `# without a change of code\nOTEL_EXPORTER_OTLP_ENDPOINT=${at.otlpHttp} \\\nOTEL_SERVICE_NAME=web \\\nnode --require @opentelemetry/auto-instrumentations-node/register app.js` },
    { id: 'sentry-ruby', label: 'Ruby', text: `# any DSN of this form is taken; nothing leaves the machine\nSentry.init do |config|\n  config.dsn = "${dsn}"\n  config.traces_sample_rate = 1.0\nend` },
    { id: 'sentry-php', label: 'PHP', text: `// any DSN of this form is taken; nothing leaves the machine\n\\Sentry\\init([\n  'dsn' => '${dsn}',\n  'traces_sample_rate' => 1.0,\n]);` },
    { id: 'sentry-go', label: 'Sentry Go', text: `// any DSN of this form is taken; nothing leaves the machine\nsentry.Init(sentry.ClientOptions{\n\tDsn:              "${dsn}",\n\tEnableTracing:    true,\n\tTracesSampleRate: 1.0,\n})` },
    { id: 'sentry-java', label: 'Java', text: `# sentry.properties; nothing leaves the machine\ndsn=${dsn}\ntraces-sample-rate=1.0` },
    { id: 'curl', label: 'curl', text: `# one error, by hand\ncurl ${at.sentry}/api/1/store/ -H 'Content-Type: application/json' \\\n  -d '{"message":"hello from curl","level":"error","platform":"other"}'` },
  ]
}
