// @vitest-environment happy-dom
// What lists do: filters that the Collector answers, ranges of time, levels, pages, marks on bars, keys on rows.
import { afterEach, describe, expect, it } from 'vitest'
import * as data from '../tools/fixtures.mjs'
import type { TraceSpan } from '../src/wire/model.gen.ts'
import { live, openOverlay, type Answers, type Overlay } from './overlay.tsx'

let overlay: Overlay
const open = async (path: string, answers?: Answers) => (overlay = await openOverlay(path, answers))
afterEach(() => overlay.close())

const summary = (more: object) => ({ ...data.checkoutTrace().summary, ...more })
const rows = () => [...overlay.root.querySelectorAll<HTMLElement>('[role="grid"] [role="row"]')]
const button = (label: string) => [...overlay.root.querySelectorAll<HTMLButtonElement>('button')].find((b) => b.textContent === label || b.getAttribute('aria-label') === label)!

describe('a filter that rows cannot answer', () => {
  const two = [summary({ trace_id: 'a'.repeat(32), root_name: 'GET /one' }), summary({ trace_id: 'b'.repeat(32), root_name: 'GET /two' })]
  it('is asked of the Collector', async () => {
    await open('/traces?q=attr.db.system:redis', { '/api/v1/traces': { items: [two[1]] } })
    await live(overlay, { traces: two })
    await overlay.sees('GET /two')
    expect(rows()).toHaveLength(1)
  })
  it('finds what the page was never sent, of the sessions that are shown', async () => {
    const far = summary({ trace_id: 'c'.repeat(32), root_name: 'GET /far' })
    await open('/traces?q=service:web', { '/api/v1/traces': { items: [far, { ...far, trace_id: 'd'.repeat(32), root_name: 'GET /earlier', session: 3 }] } })
    await live(overlay, { traces: two, skipped: 1204 })
    await overlay.sees('GET /far')
    expect(overlay.text()).toContain('1 204 older records of this session are in the collector')
    expect(overlay.text()).not.toContain('GET /earlier')
    overlay.app.setParams({ session: 'all' })
    await overlay.sees('GET /earlier')
  })
  it('says that it searches until it is answered', async () => {
    let answer = (_: unknown) => {}
    await open('/traces?q=release:2', { '/api/v1/traces': new Promise((resolve) => (answer = resolve)) })
    await live(overlay, { traces: two })
    for (let i = 0; i < 8; i++) await overlay.settle()
    expect(overlay.root.querySelector('[aria-label="Searching"]')).not.toBeNull()
    answer({ items: [] })
    await overlay.sees('No match for release:2')
  })
  it('with a wrong key is explained', async () => {
    await open('/traces?q=colour:red')
    await live(overlay, { traces: two })
    expect(overlay.text()).toContain('colour: is no key here; try service')
    expect(rows()).toHaveLength(2)
  })
  it('that leaves nothing says which of its terms were left out, and why', async () => {
    await open('/traces?q=colour:red%20dur:>soon%20service:zzz')
    await live(overlay, { traces: two })
    await overlay.sees('fits this. Left out: colour: is no key here')
    expect(overlay.text()).toContain('dur: wants a time such as 100ms')
  })
  it('that leaves nothing offers to go without its last term', async () => {
    await open('/traces?q=service:web%20root:zzz')
    await live(overlay, { traces: two })
    await overlay.sees('No match for service:web root:zzz')
    button('Without root:zzz').click()
    await overlay.settle()
    expect(overlay.app.place.value.params['q']).toBe('service:web')
    expect(rows()).toHaveLength(2)
  })
})

describe('one page of the browser', () => {
  const here = 'http://localhost:3000/checkout'
  it('narrows the traces, and shows all again', async () => {
    await open(`/traces?page=${encodeURIComponent(here)}`)
    await live(overlay, { traces: [summary({}), summary({ trace_id: 'b'.repeat(32), url: 'http://localhost:3000/other' })] })
    await overlay.sees('localhost:3000/checkout ✕')
    expect(rows()).toHaveLength(1)
    overlay.root.querySelector<HTMLElement>('.chip.ok')!.click()
    await overlay.settle()
    expect(rows()).toHaveLength(2)
  })
  it('narrows the errors: by their traces, and by what the Collector knows of their requests', async () => {
    const [first, second, third] = data.issues()
    await open(`/errors?page=${encodeURIComponent(here)}`, { '/api/v1/events': { items: [{ event_id: 'e2', issue_id: second!.issue_id }] } })
    await live(overlay, {
      traces: [summary({})], events: [{ ...data.errorSummary(), issue_id: first!.issue_id, trace_id: data.TRACE }],
      issues: [{ ...first!, last_trace: undefined }, { ...second!, last_trace: undefined }, { ...third!, last_trace: undefined }],
    })
    await overlay.settle()
    expect(rows().map((r) => r.textContent!.includes(first!.title) || r.textContent!.includes(second!.title))).toEqual([true, true])
  })
})

describe('logs', () => {
  const at = (s: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, s)).toISOString()
  const log = (id: number, s: number, level: string, message = `line ${id}`) => ({ id, time: at(s), level, message, service: 'api', origin: 'otel', session: 7 })
  const logs = [log(4, 40, 'error'), log(3, 30, 'warning'), log(2, 20, 'info'), log(1, 10, 'debug')]
  const hist = () => overlay.root.querySelector<HTMLElement>('[role="slider"]')!
  const press = async (key: string, shiftKey = false) => {
    hist().dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, composed: true }))
    await overlay.settle()
  }
  it('from a severity on', async () => {
    await open('/logs?level=warning')
    await live(overlay, { logs })
    await overlay.sees('line 4')
    expect(rows()).toHaveLength(2)
    expect(overlay.text()).toContain('Warning and up')
  })
  it('of a range of time, chosen by keyboard and cleared again', async () => {
    await open('/logs')
    await live(overlay, { logs })
    await overlay.sees('line 1')
    // The newest log is long ago: the stretch ends with it. One bar is three seconds.
    await press('End')
    expect(hist().getAttribute('aria-valuetext')).toMatch(/1 log, 1 error$/)
    await press('PageUp')
    await press('ArrowRight', true)
    expect(overlay.app.place.value.params['range']).toMatch(/^\d{13}-\d{13}$/)
    const [from, to] = overlay.app.place.value.params['range']!.split('-').map(Number)
    expect(to! - from!).toBe(6000)
    await press('Escape')
    expect(overlay.app.place.value.params['range']).toBeUndefined()
    expect(rows()).toHaveLength(4)
  })
  it('of a range in the URL, which a chip takes away', async () => {
    await open(`/logs?range=${Date.UTC(2026, 10, 21, 12, 0, 15)}-${Date.UTC(2026, 10, 21, 12, 0, 35)}`)
    await live(overlay, { logs })
    await overlay.sees('line 2')
    expect(rows().map((r) => r.textContent!.match(/line \d/)![0])).toEqual(['line 2', 'line 3'])
    overlay.root.querySelector<HTMLElement>('.chip.ok')!.click()
    await overlay.settle()
    expect(rows()).toHaveLength(4)
  })
  it('a range without any says so', async () => {
    await open('/logs?range=1000-2000')
    await live(overlay, { logs })
    await overlay.sees('No logs in this range of time')
    button('All times').click()
    await overlay.settle()
    expect(rows()).toHaveLength(4)
  })
  it('keep their terminal colours', async () => {
    await open('/logs')
    await live(overlay, { logs: [log(1, 1, 'info', 'is \u001b[31mred\u001b[0m')] })
    await overlay.sees('is red')
    expect(overlay.root.querySelector('.ansi-red')!.textContent).toBe('red')
  })
})

describe('marks on the bars of a waterfall', () => {
  it('show span events, exceptions among them, and links that lead somewhere', async () => {
    const { trace } = data.checkoutTrace()
    const [first, second, ...rest] = trace.spans
    const other = 'c'.repeat(32)
    const marked = {
      ...trace, spans: [
        { ...first, event_marks: [{ at_ns: 5e6, name: 'cache.miss' }, { at_ns: 9e6, name: 'exception', error: true }], link_marks: [{ trace_id: other, span_id: 'd'.repeat(16) }] },
        { ...second, link_marks: [{ trace_id: other, span_id: '1'.repeat(16) }, { trace_id: other, span_id: '2'.repeat(16) }] }, ...rest,
      ],
    }
    await open(`/traces/${data.TRACE}`, { [`/api/v1/traces/${data.TRACE}`]: marked })
    await live(overlay, { traces: [summary({})] })
    overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: data.TRACE, whole: true, version: 1, trace: marked } })
    await overlay.settle()
    const row = overlay.root.querySelector('[role="treegrid"] [role="row"]')!
    expect([...row.querySelectorAll('.sev')].map((e) => [e.getAttribute('title'), e.classList.contains('e')])).toEqual([['cache.miss', false], ['exception', true]])
    expect(row.querySelector('.tl')!.getAttribute('aria-label')).toContain('2 span events, 1 link')
    const links = [...overlay.root.querySelectorAll<HTMLButtonElement>('.lnk')]
    links[1]!.click()
    await overlay.settle()
    expect(overlay.app.place.value.params).toMatchObject({ span: (second as { span_id: string }).span_id, tab: 'links' })
    links[0]!.click()
    await overlay.settle()
    expect(overlay.app.place.value).toMatchObject({ ids: [other], params: { span: 'd'.repeat(16) } })
  })
  it('keep an error that came after the last span at the end of the axis, and the facts say over which time it is', async () => {
    const { trace } = data.checkoutTrace()
    const first = trace.spans[0] as TraceSpan
    const late = { ...data.errorSummary(), event_id: 'e'.repeat(32), span_id: first.span_id, time: new Date(Date.parse(trace.start_time) + 60_000).toISOString() }
    const long = { ...trace, extent_ns: 2 * trace.duration_ns, events: [late] }
    await open(`/traces/${data.TRACE}`, { [`/api/v1/traces/${data.TRACE}`]: long })
    await live(overlay, { traces: [summary({})] })
    overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: data.TRACE, whole: true, version: 1, trace: long } })
    await overlay.sees(/duration, within 2\.\d+ s/)
    const mark = overlay.root.querySelector<HTMLElement>('[role="treegrid"] .ex')!
    expect(mark.title).toMatch(/, .+ after the last span$/)
  })
  it('attributes of spans can be asked for, though rows come without them', async () => {
    const { trace } = data.checkoutTrace()
    const whole = { ...trace, spans: (trace.spans as TraceSpan[]).map((s, i) => ({ ...s, attributes: i === 3 ? { 'http.route': '/pay' } : {} })) }
    await open(`/traces/${data.TRACE}?q=attr.http.route:/pay&only=1`, { [`/api/v1/traces/${data.TRACE}`]: whole })
    await live(overlay, { traces: [summary({})] })
    overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: data.TRACE, whole: true, version: 1, trace } })
    await overlay.settle()
    const names = [...overlay.root.querySelectorAll('[role="treegrid"] [role="row"]:not(.dim):not(.inl) .ds')].map((e) => e.textContent)
    expect(names).toEqual([trace.spans[3]!.name])
  })
})

it('a span of a language model has its conversation', async () => {
  const { trace } = data.checkoutTrace()
  const span = (trace.spans as TraceSpan[])[3]!
  await open(`/traces/${data.TRACE}?span=${span.span_id}&tab=conversation`, { [`/api/v1/traces/${data.TRACE}/spans/${span.span_id}`]: { attributes: { 'gen_ai.request.messages': '[{"role":"user","content":"<b>Hi</b>"}]', 'gen_ai.response.text': 'Hello' } } })
  await live(overlay, { traces: [summary({})] })
  overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: data.TRACE, whole: true, version: 1, trace } })
  await overlay.sees('<b>Hi</b>')
  expect([...overlay.root.querySelectorAll('.det .h3')].map((h) => h.textContent)).toEqual(['user', 'assistant'])
})

describe('keys on a row', () => {
  it('pin a trace and a group', async () => {
    await open('/traces')
    await live(overlay, { traces: [summary({})], issues: data.issues() })
    await overlay.press('j')
    await overlay.press('*')
    expect(overlay.socket.sent.at(-1)).toEqual({ type: 'pin', trace_id: data.TRACE })
    await overlay.press('g')
    await overlay.press('e')
    await overlay.press('j')
    await overlay.press('*')
    expect(overlay.socket.sent.at(-1)).toMatchObject({ type: 'pin', issue_id: expect.any(String) as string })
  })
})

describe('density', () => {
  it('makes rows lower', async () => {
    await open('/traces')
    await live(overlay, { traces: [summary({})] })
    expect(rows()[0]!.style.height).toBe('40px')
    overlay.app.setSettings({ density: 'compact' })
    await overlay.settle()
    expect(rows()[0]!.style.height).toBe('36px')
    overlay.app.setSettings({ density: 'comfortable' })
  })
})

describe('the logs and the text of a trace', () => {
  const openTrace = async (as: string, answers: Answers) => {
    const { trace } = data.checkoutTrace()
    await open(`/traces/${data.TRACE}?as=${as}`, answers)
    await live(overlay, { traces: [summary({})] })
    overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: data.TRACE, whole: true, version: 1, trace } })
    await overlay.settle()
    return trace
  }
  it('are a list that selects the span of a line', async () => {
    const span = (data.checkoutTrace().trace.spans as TraceSpan[])[6]!
    const log = { id: 9, time: data.checkoutTrace().trace.start_time, level: 'info', message: 'order received', fields: 'order=7', service: 'orders', origin: 'otel', trace_id: data.TRACE, span_id: span.span_id, session: 7 }
    await openTrace('logs', { '/api/v1/logs': { items: [log] } })
    await overlay.sees(/order received\s+order=7/)
    rows()[0]!.click()
    await overlay.settle()
    expect(overlay.app.place.value.params).toMatchObject({ as: 'logs', span: span.span_id })
  })
  it('say when there are none', async () => {
    await openTrace('logs', { '/api/v1/logs': { items: [] } })
    await overlay.sees('No logs in this trace')
  })
  it('are JSON with the attributes of every span', async () => {
    const { trace } = data.checkoutTrace()
    await openTrace('raw', { [`/api/v1/traces/${data.TRACE}`]: { ...trace, root_name: 'the whole of it' } })
    await overlay.sees('the whole of it')
  })
  it('a filter makes n go to the next match', async () => {
    await openTrace('', {})
    overlay.app.setParams({ q: 'op:redis' })
    await overlay.settle()
    await overlay.press('n')
    const selected = overlay.app.place.value.params['span']
    expect((data.checkoutTrace().trace.spans as TraceSpan[]).find((s) => s.span_id === selected)!.op).toBe('redis')
  })
})

it('new errors are said to those who do not see them, traces are not', async () => {
  const issue = { ...data.issues()[0]!, level: 'error', session: 7 }
  await open('/traces')
  await live(overlay, { traces: [summary({})], issues: [issue] })
  const said = () => overlay.root.querySelector('[aria-live="polite"]')!.textContent
  await overlay.settle()
  const before = said()
  overlay.socket.say({ type: 'delta', seq: 3, delta: { traces: [summary({ trace_id: 'd'.repeat(32) })] } })
  await overlay.settle()
  expect(said()).toBe(before)
  for (const id of ['x1', 'x2']) overlay.socket.say({ type: 'delta', seq: 4, delta: { issues: [{ ...issue, issue_id: id }] } })
  for (let i = 0; i < 120 && !/2/.test(said() ?? ''); i++) await overlay.settle()
  expect(said()).toBe('2 new errors')
}, 15_000)

it('new rows that wait under the pointer are shown by the key, at once', async () => {
  await open('/traces')
  await live(overlay, { traces: [summary({ trace_id: 'a'.repeat(32), root_name: 'GET /one', session: 7 })] })
  await overlay.sees('GET /one')
  overlay.root.querySelector('.vlist')!.dispatchEvent(new Event('pointerenter'))
  await overlay.settle()
  overlay.socket.say({ type: 'delta', seq: 6, delta: { traces: [summary({ trace_id: 'b'.repeat(32), root_name: 'GET /two', session: 7 })] } })
  await overlay.sees('1 new')
  expect(rows()).toHaveLength(1)
  await overlay.press('.')
  expect(rows()).toHaveLength(2)
  expect(overlay.text()).not.toContain('1 new')
})

it('a trace that still runs says so, and how long by now', async () => {
  await open('/traces')
  await live(overlay, { traces: [summary({ trace_id: 'a'.repeat(32), root_name: 'GET /one', open: true, duration_ns: 2e9 }), summary({ trace_id: 'b'.repeat(32), root_name: 'GET /two', open: false })] })
  await overlay.sees('GET /one')
  const [one, two] = ['GET /one', 'GET /two'].map((name) => rows().find((row) => row.textContent!.includes(name))!.querySelector('.durbar')!)
  expect(one!.textContent!.replaceAll(/\s/g, ' ')).toBe('running 2 s')
  expect(one!.querySelector('i')!.className).toBe('run')
  expect(two!.textContent).not.toContain('running')
})

it('a long silence in a span that has children is no instrumentation, and said', async () => {
  const { trace } = data.checkoutTrace()
  const span = (id: number, parent: number | undefined, ms: number, more: object) => ({
    ...trace.spans[0]!, trace_id: trace.trace_id, span_id: String(id).repeat(16), parent_span_id: parent === undefined ? undefined : String(parent).repeat(16), name: `span ${id}`, start_time: trace.start_time, duration_ns: ms * 1e6, critical: [], ...more,
  })
  const spans = [
    span(1, undefined, 1000, { children: 1, self_ns: 700e6, self: [{ start_ns: 0, duration_ns: 600e6 }, { start_ns: 900e6, duration_ns: 100e6 }] }),
    span(2, 1, 300, { children: 0, self_ns: 300e6, self: [{ start_ns: 0, duration_ns: 300e6 }] }), // works itself: nothing is missing
  ]
  await open(`/traces/${data.TRACE}`)
  await live(overlay, { traces: [summary({})] })
  overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: data.TRACE, whole: true, version: 1, trace: { ...trace, spans, missing_parents: [], errors: [], logs: [], extent_ns: 1e9, duration_ns: 1e9 } } })
  await overlay.sees('span 2')
  const selves = [...overlay.root.querySelectorAll<HTMLElement>('.wf .self')].map((e) => e.title.replaceAll(/\s/g, ' '))
  expect(selves).toEqual(['No instrumentation 600 ms', '', ''])
  expect(overlay.root.querySelector('.wf .tl[aria-label*="no instrumentation for 600"]')).not.toBeNull()
})

describe('a log of a trace', () => {
  it('is shown within it, with the way there', async () => {
    const { summary: row, trace } = data.checkoutTrace()
    const span = trace.spans[1]!
    const log = { id: 9, time: span.start_time, level: 'info', service: span.service, message: 'paying', session: 7, trace_id: trace.trace_id, span_id: span.span_id }
    await open('/logs?at=9')
    await live(overlay, { logs: [log, { ...log, id: 8, trace_id: 'f'.repeat(32) }], traces: [row] })
    await overlay.sees('paying')
    const picture = () => overlay.root.querySelector('[aria-label="Trace"]')!
    for (let i = 0; i < 20 && overlay.root.querySelector('[aria-label="Trace"]') === null; i++) await overlay.settle()
    expect(picture().textContent).toContain(trace.trace_id.slice(0, 16))
    await new Promise((resolve) => setTimeout(resolve, 200)) // it is asked for once one stays
    overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: trace.trace_id, whole: true, version: 1, trace } })
    await overlay.sees(trace.root_name)
    expect(picture().textContent).toMatch(/ms after its start, in /)
    expect(picture().textContent).toContain(span.name)
    const moment = picture().querySelector<HTMLElement>('.moment')!
    expect(parseFloat(moment.style.left)).toBeGreaterThan(0)
    picture().querySelector('button')!.click()
    await overlay.settle()
    expect(overlay.app.place.value).toMatchObject({ view: 'traces', ids: [trace.trace_id], params: { span: span.span_id } })
  })
  it('whose trace is gone says so', async () => {
    const log = { id: 9, time: '2026-11-21T14:02:11Z', level: 'info', service: 'web', message: 'alone', session: 7, trace_id: 'f'.repeat(32) }
    await open('/logs?at=9')
    await live(overlay, { logs: [log] })
    await new Promise((resolve) => setTimeout(resolve, 200))
    overlay.socket.say({ type: 'error', seq: 2, error: { id: 'f'.repeat(32), code: 'not_found', message: 'gone' } })
    await overlay.sees('Its trace is not here')
  })
})

describe('what was missed', () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
  const miss = async () => {
    overlay.socket.say({ type: 'resync', seq: 5, missed: 1204, reason: 'slow_client' })
    await overlay.sees('Missed 1 204 items: this page could not keep up')
  }
  const drawn = () => rows().map((row) => (row.textContent!.includes('Missed') ? '-' : /(GET \/\d|E\d|line \d)/.exec(row.textContent!)![0]))
  const issue = (n: number, more: object) => ({ ...data.issues()[0]!, issue_id: `i${n}`, title: `E${n}`, session: 7, hidden: false, pinned: false, ...more })

  it('is a row of the traces, where it was missed, below the pinned ones', async () => {
    const trace = (n: number, start_time: string, more: object = {}) => summary({ trace_id: String(n).repeat(32), root_name: `GET /${n}`, session: 7, start_time, services: [n === 2 ? 'orders' : 'web'], ...more })
    const traces = [trace(1, ago(10)), trace(2, ago(20)), trace(4, ago(30), { pinned: true })]
    await open('/traces')
    await live(overlay, { traces })
    await miss()
    expect(drawn()).toEqual(['GET /4', '-', 'GET /1', 'GET /2'])
    overlay.socket.say({ type: 'delta', seq: 6, delta: { traces: [trace(3, ago(-5))] } })
    await overlay.sees('GET /3')
    expect(drawn()).toEqual(['GET /4', 'GET /3', '-', 'GET /1', 'GET /2'])
    expect(overlay.root.querySelector('[role=grid]')!.getAttribute('aria-rowcount')).toBe('5')
    expect(rows().map((row) => row.getAttribute('aria-rowindex'))).toEqual(['1', '2', '3', '4', '5'])
    expect(rows()[2]!.querySelectorAll('[role=gridcell]')).toHaveLength(3)
    overlay.app.setParams({ q: 'service:orders' })
    await overlay.settle()
    expect(drawn()).toEqual(['-', 'GET /2'])
    overlay.app.setParams({ q: 'service:none' })
    await overlay.sees('No match for service:none')
    expect(overlay.text()).toContain('Missed 1 204 items') // no row to stand between
  })

  it('is walked over with the keys, opens nothing, and is dismissed', async () => {
    await open('/errors')
    await live(overlay, { issues: [issue(1, { last_time: ago(10) }), issue(2, { last_time: ago(-5) })] })
    await miss()
    expect(drawn()).toEqual(['E2', '-', 'E1'])
    await overlay.press('j')
    await overlay.press('j')
    expect(rows()[1]!.getAttribute('aria-selected')).toBe('true')
    expect(overlay.root.activeElement).toBe(rows()[1])
    await overlay.press('Enter')
    await overlay.press('*')
    expect(overlay.app.place.value.ids).toEqual([])
    await overlay.press('j')
    expect(rows()[2]!.getAttribute('aria-selected')).toBe('true')
    expect(rows()[1]!.textContent).toMatch(/^\d\d:\d\d:\d\d/)
    button('Dismiss').click()
    await overlay.settle()
    expect(drawn()).toEqual(['E2', 'E1'])
    expect(overlay.app.place.value.ids).toEqual([])
  })

  it('stands in the order that was chosen, and above a list that no time orders', async () => {
    await open('/errors?sort=first')
    const issues = [issue(1, { last_time: ago(-9), first_time: ago(20), count: 9 }), issue(2, { last_time: ago(-8), first_time: ago(-8), count: 1 })]
    await live(overlay, { issues })
    await miss()
    expect(drawn()).toEqual(['E2', '-', 'E1'])
    overlay.app.setParams({ sort: '' })
    await overlay.settle()
    expect(drawn()).toEqual(['E1', 'E2', '-'])
    overlay.app.setParams({ sort: 'count' })
    await overlay.settle()
    expect(drawn()).toEqual(['E1', 'E2'])
    expect(overlay.root.querySelector('.gap')!.textContent).toContain('Missed')
  })

  it('is a row of the logs, oldest first, and told to those who do not see it', async () => {
    const log = (n: number, time: string) => ({ id: n, time, level: 'info', service: 'web', message: `line ${n}`, session: 7 })
    await open('/logs')
    await live(overlay, { logs: [log(3, ago(-5)), log(2, ago(10)), log(1, ago(20))] })
    await miss()
    expect(drawn()).toEqual(['line 1', 'line 2', '-', 'line 3'])
    await overlay.press('k')
    await overlay.press('k')
    expect(rows()[2]!.getAttribute('aria-selected')).toBe('true')
    expect(overlay.root.querySelector('.det')).toBeNull()
    expect(overlay.root.querySelector('.sr[aria-live]')!.textContent).toBe('Missed 1\u202f204 items: this page could not keep up')
  })
})
