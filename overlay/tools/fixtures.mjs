// Invented data that looks like a small shop in trouble: what the mock Collector serves, and what tests build upon.
const T0 = Date.now() - 9_000

const iso = (ms) => {
  const whole = Math.floor(ms)
  const ns = Math.round((ms - whole) * 1e6)
  return new Date(whole).toISOString().replace(/\.(\d{3})Z$/, (_, m) => `.${m}${String(ns).padStart(6, '0')}Z`)
}
const ms = (n) => Math.round(n * 1e6)

export const TRACE = '9f86d081884c7d659a2feaa0c55ac4ca'
const EVENT = '5f0c3a1b9d2e4f60a7b8c9d0e1f2a3b4'
const MISSING = '7f3a91c20b1d4e5f'

// [depth, service, origin, op, name, start ms, duration ms, flags]
const ROWS = [
  [0, 'web', 'sentry', 'ui.click', 'Place order', 0, 1240, { cp: [[0, 18], [1190, 1240]] }],
  [1, 'web', 'sentry', 'http.client', 'POST /api/checkout', 18, 1172, { cp: [[18, 31], [1168, 1190]] }],
  [2, 'gateway', 'sentry', 'http.server', 'POST /api/checkout', 31, 1137, { cp: [[31, 66], [1150, 1168]], offset: -38 }],
  [3, 'gateway', 'sentry', 'middleware', 'session', 33, 25, { offset: -38 }],
  [3, 'gateway', 'sentry', 'middleware', 'csrf', 58, 4, { offset: -38 }],
  [3, 'gateway', 'sentry', 'http.client', 'POST orders/v1/orders', 66, 1084, { cp: [[66, 79], [1139, 1150]], offset: -38 }],
  [4, 'orders', 'otel', 'http.server', 'POST /v1/orders', 79, 1060, { cp: [[79, 108], [392, 401], [1098, 1139]], logs: [[96, 'info', 'order received from session u_8841'], [1120, 'warning', 'rolling back order, payment failed']] }],
  [5, 'orders', 'otel', 'internal', 'validate_cart', 82, 22, {}],
  [6, 'orders', 'otel', 'db', 'SELECT … FROM carts WHERE id = $1', 84, 13, {}],
  ...Array.from({ length: 24 }, (_, i) => [5, 'orders', 'otel', 'db', 'SELECT … FROM inventory WHERE sku = $1', 108 + i * 11.83, 11.4, { fold: 'inv', cp: [[108 + i * 11.83, 108 + i * 11.83 + 11.83]], ...(i === 0 ? { n1: 24 } : {}) }]),
  [5, 'orders', 'otel', 'http.client', 'POST payments/Charge', 401, 697, { cp: [[401, 418], [1084, 1098]] }],
  [6, 'payments', 'otel', 'rpc.server', 'payments.v1/Charge', 418, 666, { cp: [[418, 424], [611, 617], [1079, 1084]], bad: true }],
  [7, 'payments', 'otel', 'internal', 'fraud.score', 424, 187, { cp: [[424, 611]], logs: [[470, 'info', 'risk model v12 loaded'], [540, 'debug', 'score 0.12']] }],
  [8, 'payments', 'otel', 'redis', 'GET risk:u_8841', 428, 8, {}],
  [7, 'payments', 'otel', 'http.client', 'POST acquirer.test/authorize', 617, 462, { cp: [[617, 1079]], bad: true, error: true, logs: [[742, 'info', 'acquirer connection opened (tls1.3, reused=false)'], [860, 'warning', 'acquirer slow, retrying (1/2)']] }],
  [5, 'orders', 'otel', 'db', 'ROLLBACK', 1101, 11, {}],
  [1, 'mailer', 'sentry', 'queue.task', 'send_receipt', 640, 150, { orphan: true }],
  [1, 'web', 'sentry', 'ui.render', '<CheckoutError>', 1194, 42, {}],
]

export function checkoutTrace(t0 = T0) {
  const spans = []
  const stack = []
  const logs = []
  let logId = 1
  for (const [i, [depth, service, origin, op, name, start, dur, f]] of ROWS.entries()) {
    const span_id = name.startsWith('POST acquirer') ? '5b1f0c9e77ab02d4' : (0x1000_0000_0000 + i * 7919).toString(16).padStart(16, 'a')
    stack.length = depth
    const offset = ms(f.offset ?? 0)
    const span = {
      span_id, name, op, kind: op.endsWith('server') ? 'server' : op.includes('client') || op === 'db' || op === 'redis' ? 'client' : 'internal',
      status: f.bad ? 'error' : 'ok', service, origin, start_time: iso(t0 + start - (f.offset ?? 0)), duration_ns: ms(dur), depth,
      ...(offset ? { clock_offset_ns: offset } : {}), ...(f.fold ? { fold_key: f.fold } : {}), ...(f.n1 ? { n_plus_one: f.n1 } : {}),
      ...(f.cp ? { critical: f.cp.map(([a, b]) => ({ start_ns: ms(a - start), duration_ns: ms(b - a) })) } : {}),
      ...(f.error ? { errors: [EVENT] } : {}),
      _start: start, _end: start + dur, _kids: [],
    }
    if (f.orphan) Object.assign(span, { parent_span_id: MISSING, orphan: true })
    else if (depth > 0) {
      span.parent_span_id = stack[depth - 1].span_id
      stack[depth - 1]._kids.push(span)
    }
    stack[depth] = span
    spans.push(span)
    for (const [at, level, message] of f.logs ?? []) logs.push({ id: logId++, time: iso(t0 + at), level, message, service, origin, logger: service === 'payments' ? 'acquirer' : 'app', trace_id: TRACE, span_id, session: 7 })
  }
  for (const span of spans) {
    let parts = [[span._start, span._end]]
    for (const kid of span._kids) parts = parts.flatMap(([a, b]) => kid._start >= b || kid._end <= a ? [[a, b]] : [[a, Math.max(a, kid._start)], [Math.min(b, kid._end), b]].filter(([x, y]) => y > x))
    span.self = parts.map(([a, b]) => ({ start_ns: ms(a - span._start), duration_ns: ms(b - a) }))
    span.self_ns = span.self.reduce((sum, r) => sum + r.duration_ns, 0)
    if (span._kids.length > 0) span.children = span._kids.length
    delete span._start
    delete span._end
    delete span._kids
  }
  const event = errorSummary(t0)
  const summary = {
    trace_id: TRACE, root_name: 'POST /api/checkout', root_op: 'ui.click', root_service: 'web', url: 'http://localhost:3000/checkout', start_time: iso(t0),
    duration_ns: ms(1240), last_time: iso(t0 + 1240), status: 'error', span_count: spans.length, sentry_spans: spans.filter((s) => s.origin === 'sentry').length,
    error_count: 1, log_count: logs.length, services: ['web', 'gateway', 'orders', 'payments', 'mailer'], origins: ['sentry', 'otel'], complete: false, session: 7,
    mini: [[0, 0, 1000], [0, 15, 945], [1, 25, 917], [2, 64, 855], [2, 87, 229], [2, 323, 562], [3, 337, 537, true], [3, 342, 151], [3, 498, 373, true], [4, 516, 121], [0, 963, 34]]
      .map(([service, start, width, error]) => ({ service, start, width, ...(error ? { error } : {}) })),
  }
  const trace = {
    ...summary, spans, events: [event], version: 41, missing_parents: [{ span_id: MISSING, depth: 0, children: 1, start_time: iso(t0 + 640) }],
    clock_domains: [{ service: 'gateway', offset_ns: ms(-38), uncertainty_ns: ms(3), evidence: 4 }],
    critical_path: [{ service: 'payments', duration_ns: ms(666) }, { service: 'orders', duration_ns: ms(384) }, { service: 'web', duration_ns: ms(103) }],
    logs: logs.map(({ id, span_id, time, level }) => ({ id, span_id, time, level })),
  }
  return { summary, trace, logs }
}

export function errorSummary(t0 = T0) {
  return {
    event_id: EVENT, issue_id: 'a1b2c3d4e5f60718', type: 'error', trace_id: TRACE, span_id: '5b1f0c9e77ab02d4', level: 'error', title: 'AcquirerTimeoutError',
    value: 'no response within 400 ms (attempt 2 of 2)', culprit: '/home/dev/shop/payments/internal/acquirer/client.go:118', handled: false, service: 'payments',
    origin: 'otel', platform: 'go', release: '2026.11.3', environment: 'dev', time: iso(t0 + 1079), received_time: iso(t0 + 1080), session: 7,
  }
}

const go = (fn, file, line, column, in_app, more = {}) => ({ function: fn, filename: file, abs_path: in_app ? `/home/dev/shop/payments/${file}` : file, line, column, in_app, ...more })

export function errorEvent(t0 = T0) {
  const p = (layer, shadowed) => ({ layer, origin: 'sdk', ...(shadowed ? { shadowed } : {}) })
  return {
    ...errorSummary(t0), source: 'span_event', sdk: { name: 'opentelemetry go', version: '1.44.0' }, transaction: 'payments.v1/Charge',
    exceptions: [
      {
        type: 'AcquirerTimeoutError', value: 'no response within 400 ms (attempt 2 of 2)', mechanism: { type: 'otel', handled: false },
        frames: [
          go('(*Client).Authorize', 'internal/acquirer/client.go', 118, 9, true, {
            pre_context: ['\tselect {', '\tcase r := <-done:', '\t\treturn r.resp, r.err'],
            context_line: '\tcase <-ctx.Done(): return nil, &AcquirerTimeoutError{After: c.timeout, Attempt: n}', post_context: ['\t}'],
            vars: { n: 2, 'c.timeout': '400ms', 'req.amount': 4200, 'req.card': '•••• 4242' },
          }),
          go('(*Server).Charge', 'internal/rpc/charge.go', 64, 0, true, { pre_context: ['\tdefer span.End()', ''], context_line: '\tauth, err := s.acquirer.Authorize(ctx, req)', post_context: ['\tif err != nil {', '\t\treturn nil, err', '\t}'] }),
          ...Array.from({ length: 8 }, (_, i) => go(`handler${i}`, `/home/dev/go/pkg/mod/google.golang.org/grpc@v1.80.0/server.go`, 1300 + i, 0, false)),
          ...Array.from({ length: 4 }, (_, i) => go(`serve${i}`, `/usr/local/go/src/net/http/server.go`, 2100 + i, 0, false)),
        ],
      },
      { type: 'context.deadlineExceededError', value: 'context deadline exceeded', frames: Array.from({ length: 3 }, (_, i) => go(`wait${i}`, '/usr/local/go/src/context/context.go', 640 + i, 0, false)) },
    ],
    breadcrumbs: [
      { time: iso(t0 + 0), type: 'user', category: 'ui.click', message: 'button#place-order', service: 'web' },
      { time: iso(t0 + 33), category: 'log', level: 'info', message: 'session u_8841 restored', service: 'gateway' },
    ],
    tags: { region: 'eu-dev', build: '2026.11.3+dirty', 'user.id': 'u_8841', 'cart.id': 'c_51f0', 'payment.method': 'card', 'acquirer.code': 'TIMEOUT' },
    user: {}, request: {
      method: 'POST', url: 'http://localhost:3000/api/checkout', headers: [
        { name: 'Content-Type', value: 'application/json' }, { name: 'traceparent', value: '00-9f86d081884c7d659a2feaa0c55ac4ca-5b1f0c9e77ab02d4-01' },
        ...['Accept', 'Accept-Encoding', 'Accept-Language', 'Authorization', 'Cache-Control', 'Origin', 'Referer', 'Sec-Fetch-Mode', 'Sec-Fetch-Site', 'User-Agent', 'X-Cart'].map((name) => ({ name, value: name === 'Authorization' ? 'Bearer s3cret' : 'x' })),
      ], data: { cart: 'c_51f0', items: [{ sku: 'w-1973', n: 1 }, { sku: 'w-1988', n: 2 }], note: 'It\'s a "gift"' },
    },
    contexts: { runtime: { name: 'go', version: '1.26.0' }, os: { name: 'linux', version: '6.12' }, process: { name: 'payments', pid: 48213 }, trace: { span_id: '5b1f0c9e77ab02d4', trace_id: TRACE } },
    extra: {}, attributes: {}, merge_rev: 3,
    provenance: {
      'tags.region': p('global'), 'tags.build': p('global'), 'tags.user.id': p('isolation'), 'tags.cart.id': p('isolation'), 'tags.payment.method': p('current', [{ layer: 'isolation', origin: 'sdk', value: 'unknown' }]), 'tags.acquirer.code': p('event'),
      'contexts.runtime.name': p('global'), 'contexts.os.name': p('global'), 'contexts.process.name': p('isolation'), 'contexts.trace.span_id': p('event'),
    },
    resource: { attributes: { 'service.name': 'payments', 'process.pid': 48213, 'telemetry.sdk.name': 'opentelemetry' } },
  }
}

const spark = (list) => [...Array(20 - list.length).fill(0), ...list]

export function issues(now = Date.now()) {
  const base = { type: 'error', first_time: iso(now - 60_000), origins: ['otel'], session: 7, how: 'frames', spark_time: iso(now) }
  return [
    { ...base, issue_id: 'b000000000000003', title: 'NotFound', value: 'resource /static/img/badge.svg not found', culprit: 'middleware/static.ts:88', level: 'warning', count: 214, total_count: 214, last_time: iso(now - 2000), services: ['gateway'], last_event: 'c'.repeat(32), spark: spark([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) },
    { ...base, issue_id: 'a1b2c3d4e5f60718', title: 'AcquirerTimeoutError', value: 'no response within 400 ms (attempt 2 of 2)', culprit: '/home/dev/shop/payments/internal/acquirer/client.go:118'.replace('/home/dev/shop/payments/', ''), level: 'error', unhandled: true, count: 12, total_count: 12, last_time: iso(now - 8000), services: ['payments'], last_event: EVENT, last_trace: TRACE, spark: spark([2, 0, 1, 0, 3, 1, 0, 1, 2, 0, 1, 1]) },
    { ...base, issue_id: 'b000000000000002', title: 'TypeError', value: "Cannot read properties of undefined (reading 'total')", culprit: 'src/checkout/Summary.tsx:41', level: 'error', count: 40, total_count: 40, last_time: iso(now - 12_000), services: ['web'], last_event: 'd'.repeat(32), spark: spark([0, 0, 0, 0, 1, 0, 0, 2, 3, 4, 6, 9]) },
  ]
}

export function manyTraces(n = 128, now = Date.now()) {
  const names = ['GET /', 'GET /products/{id}', 'POST /api/cart', 'GET /api/cart', 'GET /static/app.js', 'POST /api/login', 'send_receipt']
  return Array.from({ length: n }, (_, i) => {
    const services = ['web', 'gateway', 'orders', 'payments'].slice(0, 1 + (i % 4))
    return {
      trace_id: (BigInt('0x10000000000000000000000000000000') + BigInt(i) * 104729n).toString(16), root_name: names[i % names.length], root_op: 'http.server', root_service: services[0],
      start_time: iso(now - 12_000 - i * 3100), duration_ns: ms(12 + ((i * 7919) % 900)), last_time: iso(now - 12_000 - i * 3100), status: i % 17 === 3 ? 'error' : 'ok', span_count: 3 + (i % 40), error_count: i % 17 === 3 ? 1 : 0,
      services, origins: ['otel'], complete: true, session: 7, ...(i % 23 === 5 ? { root_missing: true } : {}),
      mini: services.map((_, k) => ({ service: k, start: k * 120, width: 1000 - k * 260 })),
    }
  })
}

export function manyLogs(n = 2400, now = Date.now()) {
  const levels = ['info', 'info', 'debug', 'info', 'warning', 'info', 'debug', 'error']
  return Array.from({ length: n }, (_, i) => ({
    id: 100 + i, time: iso(now - (n - i) * 120), level: levels[(i * 7) % levels.length], message: `request ${i} handled in ${(i * 13) % 200} ms status=${i % 29 === 0 ? 500 : 200} path=/api/${['cart', 'orders', 'login'][i % 3]}`,
    logger: 'http', service: ['web', 'gateway', 'orders', 'payments'][i % 4], origin: 'otel', session: 7,
  }))
}

export function services(now = Date.now()) {
  const base = { first_time: iso(now - 120_000), last_time: iso(now - 2000), session: 7, dropped: {} }
  return [
    { ...base, id: 'web-1', service: 'web', origin: 'sentry', sdk: { name: 'sentry.javascript.react', version: '11.2.0' }, runtime: 'Chrome 148', release: '2026.11.3', environment: 'dev', counts: { span: 31, event: 40 }, sample_rate: 1, propagation: ['sentry-trace', 'traceparent'], findings: [{ code: 'dsn', text: 'DSN not set: data stays local', fix: 'Set it to send to production as well' }] },
    { ...base, id: 'gw-1', service: 'gateway', origin: 'sentry', sdk: { name: 'sentry.javascript.node', version: '11.2.0' }, pid: 48011, command: 'node server.js', runtime: 'node 24.1', os: 'linux 6.12', counts: { span: 220, event: 214, log: 1200 }, sample_rate: 1, propagation: ['sentry-trace'], findings: [{ code: 'clock', text: 'Its clock is 38 ms ahead', fix: 'Shown times are moved to fit; sync the clocks of this machine and its containers' }] },
    { ...base, id: 'or-1', service: 'orders', origin: 'otel', sdk: { name: 'opentelemetry', version: '1.44.0', language: 'go' }, pid: 48102, runtime: 'go 1.26.0', counts: { span: 480, log: 900, metric: 41 }, propagation: ['traceparent'] },
    { ...base, id: 'pa-1', service: 'payments', origin: 'otel', sdk: { name: 'opentelemetry', version: '1.44.0', language: 'go' }, pid: 48213, runtime: 'go 1.26.0', counts: { span: 300, event: 12, log: 300 }, dropped: { queue_full: 3 }, propagation: ['traceparent'] },
    { ...base, id: 'ma-1', service: 'mailer', origin: 'sentry', sdk: { name: 'sentry.python', version: '3.1.0' }, pid: 48300, runtime: 'CPython 3.14', counts: { span: 4 }, sample_rate: 0.1, findings: [{ code: 'sampling', text: 'sampling 0.1: 9 of 10 traces will be missing here', fix: 'Set traces_sample_rate to 1.0 in development' }] },
  ]
}

export function items(now = Date.now()) {
  return [
    { id: 1, type: 'attachment', time: iso(now - 30_000), service: 'web', origin: 'sentry', title: 'screenshot.png', content_type: 'image/png', size: 48_211, session: 7, event_id: EVENT },
    { id: 2, type: 'profile_chunk', time: iso(now - 40_000), service: 'mailer', origin: 'sentry', title: 'send_receipt', size: 120_400, session: 7 },
    { id: 3, type: 'profile', time: iso(now - 41_000), service: 'mailer', origin: 'sentry', title: 'send_receipt', size: 98_000, session: 7 },
    { id: 4, type: 'session', time: iso(now - 41_000), service: 'web', origin: 'sentry', title: 'ok', size: 300, session: 7 },
    { id: 5, type: 'check_in', time: iso(now - 51_000), service: 'mailer', origin: 'sentry', title: 'nightly', size: 120, session: 7 },
  ]
}

export function metrics(now = Date.now()) {
  return Array.from({ length: 41 }, (_, i) => ({
    name: ['http.server.request.duration', 'process.memory.usage', 'db.client.connections', 'checkout.orders', 'queue.depth'][i % 5] + (i > 4 ? `.${i}` : ''), type: ['histogram', 'gauge', 'gauge', 'sum', 'gauge'][i % 5], unit: ['s', 'By', '{connection}', '{order}', '{job}'][i % 5],
    service: ['orders', 'payments'][i % 2], series: 1 + (i % 4), points: 20 * (1 + i), last_value: (i * 37) % 100, last_time: iso(now - 1000), spark: Array.from({ length: 20 }, (_, k) => Math.abs(Math.sin((k + i) / 3)) * 10),
  }))
}

export function status(store_id, seq, empty, now = Date.now()) {
  const session = { number: 7, start_time: iso(now - 80_000), reason: 'started', traces: 128, issues: 3 }
  const zero = { issues: 0, events: 0, traces: 0, spans: 0, logs: 0, metrics: 0, services: 0, attachments: 0, profiles: 0, replays: 0, items: 0, earlier: 0 }
  return {
    version: '0.1.0', store_id, seq, start_time: iso(now - 80_000), uptime_ns: 8e10, session, sessions: [{ ...session, number: 6, traces: 12, issues: 2 }, session],
    counts: empty ? zero : { issues: 3, events: 266, traces: 128, spans: 4100, logs: 2400, metrics: 41, services: 5, attachments: 1, profiles: 2, replays: 0, items: 5, earlier: 2 },
    bytes: 1e6, max_bytes: 268e6, max_age_ns: 36e11, received: {}, dropped: {}, evicted: {}, clients: 1,
    endpoints: [['sentry', 8969], ['otlp_grpc', 4317], ['otlp_http', 4318]].map(([name, port]) => ({ name, url: `http://localhost:${port}`, state: 'listening' })),
  }
}

export function spanDetails(t0 = T0) {
  return {
    attributes: { 'http.method': 'POST', 'url.full': 'https://acquirer.test/authorize', 'http.status_code': 'none — no response', 'net.peer.name': 'acquirer.test:443', 'retry.attempt': 2, 'thread.id': 12, 'code.function': 'Authorize' },
    events: [{ name: 'exception', time: iso(t0 + 1079), attributes: { 'exception.type': 'AcquirerTimeoutError' } }],
    resource: { attributes: { 'service.name': 'payments', 'telemetry.sdk.name': 'otel-go', 'telemetry.sdk.version': '1.41.0', 'process.pid': 48213 } },
    scope: { name: 'go.opentelemetry.io/contrib/net/http', version: '0.66.0' },
  }
}

/** A trace of n spans, for measuring. */
export function hugeTrace(n = 10_000, t0 = T0) {
  const id = 'f'.repeat(32)
  const services = ['web', 'gateway', 'orders', 'payments', 'mailer']
  const spans = []
  for (let i = 0; i < n; i++) {
    const parent = i === 0 ? undefined : Math.max(0, Math.floor((i - 1) / 4))
    const start = parent === undefined ? 0 : spans[parent]._s + 1
    const dur = parent === undefined ? 60_000 : Math.max(0.2, spans[parent]._d * 0.7 - (i % 3))
    spans.push({
      span_id: i.toString(16).padStart(16, '0'), ...(parent === undefined ? {} : { parent_span_id: spans[parent].span_id }), name: `work item ${i}`, op: i % 3 ? 'internal' : 'db', kind: 'internal', status: i % 97 === 5 ? 'error' : 'ok',
      service: services[i % 5], origin: 'otel', start_time: iso(t0 + start + (i % 4) * dur * 0.2), duration_ns: ms(dur), depth: 0, self_ns: ms(dur / 3), self: [{ start_ns: 0, duration_ns: ms(dur / 3) }], critical: i % 7 === 0 ? [{ start_ns: 0, duration_ns: ms(dur / 4) }] : [], _s: start, _d: dur,
    })
  }
  for (const span of spans) {
    delete span._s
    delete span._d
  }
  const summary = { ...checkoutTrace(t0).summary, trace_id: id, root_name: `${n} spans`, duration_ns: ms(60_000), span_count: n, sentry_spans: 0, services, error_count: Math.floor(n / 97) }
  return { summary, trace: { ...summary, spans, events: [], version: 2 } }
}
