import { expect, it } from 'vitest'
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
  const crumbs = [crumb(10, { category: 'ui.click', message: 'button#buy' }), crumb(70, { category: 'console', message: 'hello' }), crumb(160, { message: 'later' })]
  expect(draw(timeline(event({ breadcrumbs: crumbs }), trace, [log(1, 65, 'line', 'db'), log(2, 170, 'later')]))).toEqual([
    '-100 web ui click root', '-90 app ui click  button#buy', '-80 db db q 10', '-50 app http open', '-40 web error Earlier: x', '-35 db log line', '-30 app log hello',
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

it('uses the clock of the root', () => {
  const trace = picture('q 150-160 op=db clock=-100')
  expect(timeline(event(), trace, [])).toMatchObject([{ at: -50e6, adjusted: true }])
})

it('leaves out the log that is the error itself', () => {
  expect(timeline(event(), undefined, [{ ...log(1, 100, 'boom'), event_id: 'e1' }])).toEqual([])
})
