// A stand-in for the Collector: the same wire, invented data. For developing views, and for looking at them.
//   node tools/mock-server.mjs [--port 8970] [--empty] [--live] [--huge]
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { WebSocketServer } from 'ws'
import * as data from './fixtures.mjs'

const { values: flags } = parseArgs({ options: { port: { type: 'string', default: '8970' }, empty: { type: 'boolean' }, live: { type: 'boolean' }, huge: { type: 'boolean' } } })
const DIST = fileURLToPath(new URL('../dist/', import.meta.url))
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', svg: 'image/svg+xml', woff2: 'font/woff2' }
const CSP = "default-src 'none'; script-src 'self'; style-src 'none'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

const store = `mock-${process.pid}`
let seq = 100
let empty = flags.empty === true
const checkout = data.checkoutTrace()
const huge = flags.huge ? data.hugeTrace() : undefined
const event = data.errorEvent()

const lists = () => (empty ? {} : {
  traces: [...(huge ? [huge.summary] : []), checkout.summary, ...data.manyTraces(127)], issues: data.issues(), events: [data.errorSummary()],
  logs: [...data.manyLogs(), ...checkout.logs].sort((a, b) => (a.time < b.time ? 1 : -1)), metrics: data.metrics(), items: data.items(), services: data.services(),
  counts: data.status(store, seq, empty).counts,
})

const answer = (response, body, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
const page = (list = []) => ({ items: list, seq, truncated: false })

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const [, id, sub] = /^\/api\/v1\/traces\/([^/]+)(\/spans\/.+)?$/.exec(pathname) ?? []
  if (sub) return answer(response, data.spanDetails())
  if (id) return id.startsWith(data.TRACE.slice(0, 8)) ? answer(response, checkout.trace) : huge && id === huge.summary.trace_id ? answer(response, huge.trace) : answer(response, { error: `trace ${id} is not in the store` }, 404)
  if (pathname === '/api/v1/status') return answer(response, data.status(store, seq, empty))
  if (pathname === '/api/v1/test') {
    empty = false
    broadcast({ type: 'delta', delta: lists() })
    return answer(response, { trace_id: data.TRACE })
  }
  if (pathname.startsWith('/api/v1/events/')) return pathname.endsWith(event.event_id) ? answer(response, event) : answer(response, { error: 'that event is not in the store' }, 404)
  if (pathname.startsWith('/api/v1/issues/')) {
    const issue = data.issues().find((i) => pathname.endsWith(i.issue_id))
    return issue ? answer(response, { ...issue, events: [data.errorSummary()] }) : answer(response, { error: 'that issue is not in the store' }, 404)
  }
  const list = /^\/api\/v1\/(traces|issues|events|logs|metrics|items|services)$/.exec(pathname)?.[1]
  if (list) return answer(response, page(lists()[list]))
  if (pathname.startsWith('/api/')) return answer(response, { error: `there is no ${pathname}` }, 404)
  let name = pathname.slice(1)
  let body = name === '' || name.includes('..') ? undefined : await readFile(DIST + name).catch(() => undefined)
  if (body === undefined) body = await readFile(DIST + (name = 'index.html'))
  response.writeHead(200, { 'content-type': TYPES[name.split('.').pop()] ?? 'application/octet-stream', 'content-security-policy': CSP })
  response.end(body)
})

const sockets = new WebSocketServer({ server, path: '/ws', handleProtocols: (offered) => (offered.has('spotlight.v1+json') ? 'spotlight.v1+json' : false) })
const broadcast = (frame) => {
  const text = JSON.stringify({ seq: ++seq, ...frame })
  for (const socket of sockets.clients) socket.send(text)
}
sockets.on('connection', (socket) => {
  const send = (frame) => socket.send(JSON.stringify({ seq, ...frame }))
  send({ type: 'hello', status: data.status(store, seq, empty) })
  socket.on('message', (text) => {
    const request = JSON.parse(text)
    if (request.type === 'ping') send({ type: 'pong' })
    if (request.type === 'subscribe') send(request.store_id === store ? { type: 'delta', delta: {} } : { type: 'snapshot', snapshot: lists() })
    if (request.type === 'open' && request.trace_id) {
      const found = request.trace_id === data.TRACE ? checkout : huge?.summary.trace_id === request.trace_id ? huge : undefined
      send(found ? { type: 'trace', trace: { trace_id: request.trace_id, whole: true, version: found.trace.version, trace: found.trace } } : { type: 'error', error: { request: 'open', id: request.trace_id, text: 'not in the store' } })
    }
    if (request.type === 'open' && request.event_id) send(request.event_id === event.event_id ? { type: 'event', event } : { type: 'error', error: { request: 'open', id: request.event_id, text: 'not in the store' } })
    if (request.type === 'clear') broadcast({ type: 'delta', delta: { removed: { all: true }, counts: data.status(store, seq, true).counts } })
    if (request.type === 'undo') broadcast({ type: 'delta', delta: lists() })
  })
})
if (flags.live) {
  let n = 0
  setInterval(() => {
    const [trace] = data.manyTraces(1)
    broadcast({ type: 'delta', delta: { traces: [{ ...trace, trace_id: (n++).toString(16).padStart(32, 'e'), start_time: new Date().toISOString(), last_time: new Date().toISOString() }], logs: [{ ...data.manyLogs(1)[0], id: 10_000 + n, time: new Date().toISOString() }] } })
  }, 25)
}
server.listen(Number(flags.port), '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`))
