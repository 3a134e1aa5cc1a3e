// Made-up traffic of an application: what a browser, an API and its services send, in the shapes of Sentry's SDKs.
const hex = (n, digits) => n.toString(16).padStart(digits, '0')

/** Ids that repeat from run to run, so that two runs do the same work. */
export function createIds(seed = 1) {
  let state = seed
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0)
  return {
    trace: () => hex(next(), 8) + hex(next(), 8) + hex(next(), 8) + hex(next(), 8),
    span: () => hex(next(), 8) + hex(next(), 8),
    below: (n) => next() % n,
  }
}

async function post(collector, type, payload) {
  const body = `{"event_id":"${payload.event_id ?? ''}"}\n${JSON.stringify({ type, ...(type === 'log' ? { item_count: payload.items.length, content_type: 'application/vnd.sentry.items.log+json' } : {}) })}\n${JSON.stringify(payload)}\n`
  const answer = await fetch(`${collector.sentry}/api/1/envelope/?sentry_key=bench`, { method: 'POST', body, headers: { 'content-type': 'application/x-sentry-envelope' } })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`the Collector answered ${answer.status}`)
}

const SERVICES = ['web', 'gateway', 'orders', 'payments', 'mailer']

/** One message: number says which. Of five, two are transactions with four spans, two are logs, one is an error. */
export function message(collector, ids, number) {
  const now = Date.now() / 1000
  const service = SERVICES[number % SERVICES.length]
  const common = { platform: 'node', server_name: service, release: '1.0.0', environment: 'bench', sdk: { name: 'sentry.javascript.node', version: '10.0.0' } }
  const trace_id = ids.trace()
  switch (number % 5) {
    case 0: case 2: {
      const root = ids.span()
      const spans = ['db', 'http.client', 'cache.get', 'template.render'].map((op, i) => ({
        span_id: ids.span(), parent_span_id: root, trace_id, op, description: `${op} ${ids.below(200)}`, status: 'ok', start_timestamp: now - 0.2 + i * 0.04, timestamp: now - 0.16 + i * 0.04,
        data: { 'db.system': 'postgresql', 'server.address': 'db.internal', 'thread.id': '1' },
      }))
      return post(collector, 'transaction', {
        ...common, event_id: ids.trace(), type: 'transaction', transaction: `GET /items/${ids.below(50)}`, start_timestamp: now - 0.2, timestamp: now,
        contexts: { trace: { trace_id, span_id: root, op: 'http.server', status: 'ok' }, app: { app_name: service } }, spans,
      })
    }
    case 1: case 3:
      return post(collector, 'log', { items: [{ timestamp: now, trace_id, level: number % 3 === 0 ? 'warn' : 'info', body: `item ${ids.below(100_000)} was looked at by visitor ${ids.below(1000)}`, severity_number: 9, attributes: { 'sentry.release': { value: '1.0.0', type: 'string' }, 'server.address': { value: service, type: 'string' } } }] })
    default:
      return post(collector, 'event', {
        ...common, event_id: ids.trace(), timestamp: now, level: 'error', contexts: { trace: { trace_id, span_id: ids.span() } },
        tags: { cart: String(ids.below(1000)) }, exception: { values: [{
          type: `Error${ids.below(300)}`, value: `item ${ids.below(100_000)} is not there`, mechanism: { type: 'onerror', handled: number % 2 === 0 },
          stacktrace: { frames: Array.from({ length: 8 }, (_, i) => ({ function: `step${i}`, filename: `/app/src/step${i}.js`, lineno: 10 + i, colno: 3, in_app: i > 3 })) },
        }] },
      })
  }
}

/** Sends messages at a steady rate, per second, until stop() is called; that returns how many were sent and failed. */
export function stream(rate, send) {
  const began = performance.now()
  let sent = 0
  let failed = 0
  const open = new Set()
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * rate)
    while (sent < due) {
      const one = send(sent++).catch(() => failed++).finally(() => open.delete(one))
      open.add(one)
    }
  }, 1000 / rate)
  return async () => {
    clearInterval(timer)
    await Promise.all(open)
    return { sent, failed }
  }
}

const OPS = [['GET /carts/{id}', 2], ['SELECT FROM carts', 3], ['redis GET', 3], ['validate', 1], ['POST payments/charge', 3], ['render', 1], ['publish', 4]] // name, kind of OTLP

/**
 * Spans of one trace as OTLP requests of 500 spans: a root, a few children for each span, down to some twelve levels, five
 * services, one span in 200 failed. Names carry numbers, so that few siblings are equal.
 */
export function bigTrace(spans, traceId, ids = createIds(7)) {
  const began = BigInt(Date.now() - 60_000) * 1_000_000n
  const made = [{ id: ids.span(), from: 0, to: 10_000, depth: 0 }]
  const requests = []
  for (let at = 0; made.length < spans; at++) {
    const above = made[at]
    const many = above.depth > 11 ? 0 : 1 + ids.below(6)
    for (let i = 0; i < many && made.length < spans; i++) {
      const room = (above.to - above.from) / many
      made.push({ id: ids.span(), above: above.id, from: above.from + room * i, to: above.from + room * (i + 0.9), depth: above.depth + 1 })
    }
  }
  for (let at = 0; at < made.length; at += 500) requests.push(otlpRequest(traceId, began, made.slice(at, at + 500), at))
  return requests
}

/** One more span of that trace, below nothing that is there: it takes its place among the roots. */
export const oneSpan = (traceId, ids, number) =>
  otlpRequest(traceId, BigInt(Date.now() - 60_000) * 1_000_000n, [{ id: ids.span(), above: ids.span(), from: ids.below(9000), to: 9500, depth: 1 }], number)

function otlpRequest(traceId, began, spans, first) {
  const byService = Map.groupBy?.(spans, (_, i) => (first + i) % SERVICES.length) ?? new Map(SERVICES.map((_, s) => [s, spans.filter((_, i) => (first + i) % SERVICES.length === s)]))
  const text = (key, value) => ({ key, value: { stringValue: value } })
  return {
    resourceSpans: [...byService].filter(([, list]) => list.length > 0).map(([service, list]) => ({
      resource: { attributes: [text('service.name', SERVICES[service]), text('service.version', '1.4.0'), text('deployment.environment.name', 'bench')] },
      scopeSpans: [{
        scope: { name: 'bench' },
        spans: list.map((span, i) => {
          const [name, kind] = OPS[(first + i) % OPS.length]
          return {
            traceId, spanId: span.id, ...(span.above === undefined ? {} : { parentSpanId: span.above }), name: `${name} ${i}`, kind,
            startTimeUnixNano: String(began + BigInt(Math.round(span.from * 1e6))), endTimeUnixNano: String(began + BigInt(Math.round(span.to * 1e6))),
            attributes: [text('http.route', `/carts/{id}/${i % 9}`), text('server.address', 'db.internal'), text('thread.name', `worker-${i % 16}`), { key: 'retry', value: { intValue: i % 3 } }],
            status: (first + i) % 200 === 199 ? { code: 2, message: 'it did not answer' } : {},
          }
        }),
      }],
    })),
  }
}

export async function postOtlp(collector, request) {
  const answer = await fetch(`${collector.otlp}/v1/traces`, { method: 'POST', body: JSON.stringify(request), headers: { 'content-type': 'application/json' } })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`the Collector answered ${answer.status}`)
}
