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
