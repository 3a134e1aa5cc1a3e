import { describe, expect, it } from 'vitest'
import { picture, time } from '../../tests/pictures.ts'
import { timeline } from './timeline.ts'
import type { Breadcrumb, Event, LogSummary } from '../wire/model.gen.ts'

const event = (more: Partial<Event> = {}): Event => ({ event_id: 'e1', service: 'app', time: time(100), breadcrumbs: [], exceptions: [], ...more }) as Event
const crumb = (at: number, more: Partial<Breadcrumb>): Breadcrumb => ({ time: time(at), ...more })
const log = (id: number, at: number, message: string, service = 'app'): LogSummary => ({ id, time: time(at), level: 'info', message, service, origin: 'otel', session: 1 })
const draw = (list: ReturnType<typeof timeline>) => list.map((m) => `${m.at / 1e6} ${m.service} ${m.kind} ${m.message}${m.times > 1 ? ` ×${m.times}` : ''}${m.duration === undefined ? '' : ` ${m.duration / 1e6}`}`)

it('merges spans, logs, crumbs and errors of all services in one order', () => {
  const trace = picture('root@web 0-200 op=ui.click', '  q@db 20-30 op=db', '  inner@app 25-28 op=function', '  open@app 50-150 op=http.client', '  after@app 120-130 op=db')
  trace.events = [{ event_id: 'e0', type: 'error', level: 'error', title: 'Earlier', value: 'x', service: 'web', origin: 'otel', time: time(60), received_time: '', session: 1 }]
  const crumbs = [crumb(10, { category: 'ui.click', message: 'button#buy' }), crumb(70, { category: 'console', message: 'hello' }), crumb(100.4, { message: 'in the same millisecond' })]
  expect(draw(timeline(event({ breadcrumbs: crumbs }), trace, [log(1, 65, 'line', 'db'), log(2, 170, 'later')]))).toEqual([
    '-100 web ui click root', '-90 app ui click  button#buy', '-80 db db q 10', '-50 app http open', '-40 web error Earlier: x', '-35 db log line', '-30 app log hello', '0 app note in the same millisecond',
  ])
})

it('folds equal ones that follow each other', () => {
  const trace = picture(...['a', 'b', 'c'].map((n, i) => `${n} ${i * 10}-${i * 10 + 4} op=db`))
  for (const span of trace.spans) span.name = 'SELECT 1'
  expect(draw(timeline(event(), trace, []))).toEqual(['-100 app db SELECT 1 ×3 12'])
})

it('tells a request once, as span and not as breadcrumb too', () => {
  const trace = picture('get 40-60 op=http.client')
  trace.spans[0]!.name = 'GET /api/cart'
  const crumbs = [crumb(61, { type: 'http', category: 'fetch', data: { method: 'GET', url: 'http://localhost:3000/api/cart', status_code: 200 } }), crumb(62, { type: 'http', data: { url: 'http://localhost:3000/other' } })]
  expect(draw(timeline(event({ breadcrumbs: crumbs }), trace, []))).toEqual(['-60 app http GET /api/cart 20', '-38 app http GET http://localhost:3000/other'])
})

it('says what was coloured for a terminal in plain words, once', () => {
  const coloured = 'stock is \u001b[31mlow\u001b[0m'
  expect(draw(timeline(event({ breadcrumbs: [crumb(51, { type: 'log', message: coloured, source: 'log' }), crumb(60, { message: '\u001b[1mbold\u001b[0m' })] }), undefined, [log(1, 50, coloured)])))
    .toEqual(['-50 app log stock is low', '-40 app note bold'])
})

it('uses the clock of the root', () => {
  const trace = picture('q 150-160 op=db clock=-100')
  expect(timeline(event(), trace, [])).toMatchObject([{ at: -50e6, adjusted: true }])
})

it('leaves out the log that is the error itself', () => {
  expect(timeline(event(), undefined, [{ ...log(1, 100, 'boom'), event_id: 'e1' }])).toEqual([])
})

describe('breadcrumbs keep the badge of their scope and the word of who recorded them', () => {
  const isolation = (at: number, more: Partial<Breadcrumb>): Breadcrumb => crumb(at, { layer: 'isolation', ...more })
  it('alone', () => {
    const trace = picture('root@app 0-200 op=http.server', '  q@app 20-90 op=function')
    const q = trace.spans[1]!.span_id
    const told = timeline(event({
      trace_id: 't', sdk: { name: 'sentry.javascript.node', version: '11.0.0' },
      breadcrumbs: [crumb(5, { message: 'from the SDK', layer: 'event', source: 'sdk' }), isolation(30, { type: 'log', message: 'query done!', source: `span:${q}`, span_id: q }), isolation(40, { type: 'log', message: 'started', source: 'log' }), isolation(50, { message: 'cache filled', source: 'span:00ff00ff00ff00ff' }), isolation(60, { message: 'theirs', source: 'event:e0' })],
    }), trace, [])
    expect(told.map((m) => `${m.layer} ${m.message}: ${m.from!.short} (${m.from!.full}) ${JSON.stringify(m.opens ?? null)}`)).toEqual([
      'event from the SDK: node (breadcrumb of the SDK sentry.javascript.node 11.0.0, app) null',
      `isolation query done!: q (log in span q (${q}), app) {"span":"${q}"}`,
      'isolation started: no span (log outside of any span, app) null',
      'isolation cache filled: span 00ff00ff (recorded in span 00ff00ff00ff00ff, app) {"span":"00ff00ff00ff00ff"}',
      'isolation theirs: other event (breadcrumb of the event e0) {"event":"e0"}',
    ])
  })
  it('told as the log or the span that it also is', () => {
    const trace = picture('get@app 5-95 op=http.client')
    trace.spans[0]!.name = 'GET /api/cart'
    const id = trace.spans[0]!.span_id
    const told = timeline(event({ breadcrumbs: [isolation(40, { type: 'log', message: 'query done!', source: `span:${id}`, span_id: id }), isolation(95, { type: 'http', message: 'GET /api/cart', source: `span:${id}`, span_id: id })] }), trace, [log(7, 40, 'query done!'), log(8, 41, 'query done!'), log(9, 50, 'not in its scope')])
    expect(told.map((m) => `${m.key.split(' ')[0]} ${m.layer} ${m.message} ${JSON.stringify(m.opens)}`)).toEqual([
      `span isolation GET /api/cart {"span":"${id}"}`, 'log isolation query done! {"log":7}', 'log undefined query done! {"log":8}', 'log undefined not in its scope {"log":9}',
    ])
  })
  it('one of another scope does not fold with it', () => {
    expect(timeline(event({ breadcrumbs: [crumb(1, { message: 'same', layer: 'global' }), crumb(2, { message: 'same', layer: 'global' }), isolation(3, { message: 'same' })] }), undefined, []).map((m) => `${m.layer} ×${m.times}`)).toEqual(['global ×2', 'isolation ×1'])
  })
})

it('says what a breadcrumb knows beside its message, a little of it', () => {
  const data = { n: 3, key: 'cart:7', hit: true, list: [1], a: 1, b: 2, 'sentry.x': 1 }
  const told = timeline(event({ breadcrumbs: [crumb(1, { message: 'cache filled', data }), crumb(2, { message: 'big', data: { text: 'x'.repeat(500) } }), crumb(3, { type: 'query', message: 'SELECT 1', data: { 'db.system': 'x' } })] }), undefined, [])
  expect(told.map((m) => m.detail)).toEqual(['n=3 key=cart:7 hit=true a=1 …', `text=${'x'.repeat(115)}…`, undefined])
})

it('a thousand breadcrumbs and ten thousand spans are merged in a moment', () => {
  const trace = picture('get@app 5-95 op=http.client')
  trace.spans = Array.from({ length: 10_000 }, (_, i) => ({ ...trace.spans[0]!, span_id: i.toString(16).padStart(16, '0'), name: `GET /api/cart/${i % 500}` }))
  const breadcrumbs = Array.from({ length: 1000 }, (_, i) => crumb(90, { type: 'http', category: 'fetch', data: { method: 'GET', url: `http://localhost/api/cart/${i % 500}` }, source: 'sdk' }))
  const before = process.cpuUsage()
  expect(timeline(event({ breadcrumbs }), trace, []).length).toBe(10_000)
  // Comparing each with each takes 10 s; found by its text, it is 30 ms.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1500)
})
