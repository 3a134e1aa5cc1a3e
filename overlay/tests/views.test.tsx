// @vitest-environment happy-dom
// What every view says when there is nothing, not yet, not any more, or too much of a stranger's text.
import { afterEach, describe, expect, it } from 'vitest'
import * as data from '../tools/fixtures.mjs'
import { live, openOverlay, type Answers, type Overlay } from './overlay.tsx'

let overlay: Overlay
const open = async (path: string, answers?: Answers) => (overlay = await openOverlay(path, answers))
afterEach(() => overlay.close())

const lists = () => ({
  traces: [data.checkoutTrace().summary], issues: data.issues(), events: [data.errorSummary()], logs: data.checkoutTrace().logs, services: data.services(), items: data.items(),
  metrics: data.metrics(), counts: data.status('s', 1, false).counts,
})
const traceAnswers = (): Answers => ({
  [`/api/v1/traces/${data.TRACE}`]: data.checkoutTrace().trace,
  [`/api/v1/events/${data.errorSummary().event_id}`]: data.errorEvent(),
})
const bringTrace = async () => {
  const { trace } = data.checkoutTrace()
  overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: trace.trace_id, whole: true, version: 1, trace } })
  await overlay.settle()
}

describe('nothing was ever received', () => {
  it.each(['/traces', '/errors', '/logs', '/sdks'])('%s teaches, with the real addresses', async (path) => {
    await open(path)
    await live(overlay)
    await overlay.sees('Nothing received yet')
    expect(overlay.text()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:9318')
    expect(overlay.text()).toContain(':9969')
    expect(overlay.text()).toContain('Send a test trace')
  })

  it('says of each port how it is, by its own', async () => {
    const endpoints = [
      { name: 'otlp_http', url: 'http://localhost:9318', state: 'listening' }, { name: 'otlp_grpc', url: 'http://localhost:9317', state: 'unreachable' },
      { name: 'sentry', url: 'http://localhost:9969' },
    ]
    const answers: Answers = { '/api/v1/status': { endpoints } }
    await open('/traces', answers)
    await live(overlay)
    await overlay.sees('Nothing received yet')
    const said = () => [...overlay.root.querySelectorAll('[data-receiver]')].map((e) => `${e.textContent} ${e.querySelector('.dot')!.className}`)
    await overlay.sees(':9317 not listening'.replace(' ', ''))
    expect(said()).toEqual(['OTLP/HTTP :9318listening dot ring', 'OTLP/gRPC :9317not listening dot err', 'Sentry envelopes :9969not checked dot off'])
    answers['/api/v1/status'] = { endpoints: [{ ...endpoints[0], last_time: new Date(Date.now() - 5000).toISOString() }] }
    await overlay.sees(/data [5-9] s ago/) // it is asked again and again
    expect(said()[0]).toMatch(/dot $/)
    expect(said()[2]).toBe('Sentry envelopes not configured dot off')
  })

  it('turns into the first trace by itself', async () => {
    await open('/')
    await live(overlay)
    expect(overlay.app.place.value.view).toBe('traces')
    overlay.socket.say({ type: 'delta', seq: 2, delta: { traces: [{ ...data.checkoutTrace().summary, session: 7 }] } })
    await overlay.settle()
    expect(overlay.text()).toContain('POST /api/checkout')
    expect(overlay.text()).not.toContain('Nothing received yet')
  })
})

describe('nothing of this kind', () => {
  it.each([
    ['/errors', { traces: [{ trace_id: 'a', session: 7 }], counts: { traces: 1, spans: 5, logs: 2 } }, /No errors in this session ?5 spans and 2 logs were checked/],
    ['/traces', { issues: data.issues(), services: data.services(), counts: { issues: 3 } }, 'Errors arrive, but no spans'],
    ['/logs', { counts: { traces: 1 } }, 'No logs in this session'],
    ['/metrics', {}, 'No metrics in this session'],
    ['/profiles', {}, 'No profiles in this session'],
    ['/attachments', {}, 'No attachments in this session'],
  ])('%s', async (path, snapshot, says) => {
    await open(path)
    await live(overlay, snapshot)
    await overlay.sees(says)
  })

  it.each(['/errors', '/traces', '/logs', '/metrics', '/attachments'])('%s: a filter that matches nothing says so and offers the way back', async (path) => {
    await open(`${path}?q=zzz`)
    await live(overlay, lists())
    await overlay.sees('No match for zzz')
    ;[...overlay.root.querySelectorAll('button')].find((b) => b.textContent === 'Remove the filter')!.click()
    await overlay.settle()
    expect(overlay.app.place.value.params['q']).toBeUndefined()
  })

  it('a wrong term is explained, and the rest still applies', async () => {
    await open('/errors?q=is:wrong%20TypeError')
    await live(overlay, lists())
    expect(overlay.text()).toContain('is:wrong means nothing here')
    expect(overlay.text()).toContain('1 group')
  })
})

describe('not yet, not any more', () => {
  it('lists wait for the first snapshot', async () => {
    await open('/traces')
    expect(overlay.root.querySelector('[role="status"][aria-label="Loading traces"]')).not.toBeNull()
    expect(overlay.text()).toContain('Connecting…')
  })

  it('a trace that is gone says so', async () => {
    await open('/traces/00000000000000000000000000000001')
    await live(overlay, lists())
    overlay.socket.say({ type: 'error', seq: 1, error: { request: 'open', id: '00000000000000000000000000000001', text: 'not in the store' } })
    await overlay.settle()
    await overlay.sees('Not in the buffer any more')
  })

  it('an error that is gone says so', async () => {
    await open('/errors/nope')
    await live(overlay, lists())
    await overlay.sees('Not in the buffer any more')
  })

  it('a short id is resolved', async () => {
    await open('/traces/9f86d081', { '/api/v1/traces/9f86d081': data.checkoutTrace().trace })
    await live(overlay, lists())
    await bringTrace()
    expect(overlay.root.querySelector('[role="treegrid"]')).not.toBeNull()
  })
})

describe('the line', () => {
  it('lost, counts down and can be tried at once', async () => {
    await open('/errors')
    await live(overlay, lists())
    expect(overlay.text()).toContain('Live')
    overlay.socket.drop()
    await overlay.settle()
    expect(overlay.text()).toMatch(/Reconnecting (in|now)/)
    expect(overlay.text()).toContain('TypeError')
  })
  it('of a Collector that is too new is refused, in words', async () => {
    await open('/errors')
    await live(overlay, {}, { version: '9.0.0' })
    expect(overlay.text()).toContain('The collector is version 9.0.0')
  })
  it('that missed something says what and why', async () => {
    await open('/errors')
    await live(overlay, lists())
    overlay.socket.say({ type: 'resync', seq: 5, missed: 1204, reason: 'slow_client' })
    await overlay.sees('Missed 1 204 items: this page could not keep up')
  })
  it('paused, keeps what arrives for later', async () => {
    await open('/traces')
    await live(overlay, lists())
    await overlay.press('p')
    overlay.socket.say({ type: 'delta', seq: 2, delta: { traces: [{ trace_id: 'late', root_name: 'LATE', session: 7 }] } })
    await overlay.settle()
    expect(overlay.text()).toContain('1 waiting')
    expect(overlay.text()).not.toContain('LATE')
    await overlay.press('p')
    expect(overlay.text()).toContain('Live')
  })
})

describe('data', () => {
  it('MUST-ERR-1 equal errors are one row with their count', async () => {
    await open('/errors')
    await live(overlay, lists())
    const rows = [...overlay.root.querySelectorAll('[role="row"]')]
    expect(rows).toHaveLength(3)
    expect(rows.find((r) => r.textContent!.includes('TypeError'))!.textContent).toContain('40')
  })

  it('MUST-A11Y-2 the waterfall is a treegrid whose rows and bars speak', async () => {
    await open(`/traces/${data.TRACE}`, traceAnswers())
    await live(overlay, lists())
    await bringTrace()
    const grid = overlay.root.querySelector('[role="treegrid"]')!
    expect(Number(grid.getAttribute('aria-rowcount'))).toBeGreaterThan(15)
    const row = [...grid.querySelectorAll('[role="row"]')].find((r) => r.textContent!.includes('POST acquirer.test'))
    const shown = row ?? grid.querySelector('[role="row"]')!
    for (const name of ['aria-level', 'aria-setsize', 'aria-posinset', 'aria-selected']) expect(shown.getAttribute(name), name).not.toBeNull()
    expect(shown.querySelector('.tl')!.getAttribute('aria-label')).toMatch(/^starts at .+, takes .+, self .+/)
    expect(shown.querySelectorAll('[role="gridcell"]')).toHaveLength(3)
    expect([...grid.querySelectorAll('.tl')].some((bar) => bar.getAttribute('aria-label')!.endsWith(', on the critical path'))).toBe(true)
    expect(grid.querySelectorAll('[role="row"][tabindex="0"]')).toHaveLength(1)
  })

  it('an error page shows chain, source, what happened before, and where tags came from', async () => {
    await open('/errors/a1b2c3d4e5f60718', traceAnswers())
    await live(overlay, lists())
    overlay.socket.say({ type: 'event', seq: 2, event: data.errorEvent() })
    await overlay.settle()
    await bringTrace()
    await overlay.sees('this error')
    const text = overlay.text()
    for (const part of ['AcquirerTimeoutError', '~/internal/acquirer/client.go', 'caused by', 'context.deadlineExceededError', '12 frames in google.golang.org/grpc, net/http', 'What happened before', 'this error', 'overrides I']) expect(text).toContain(part)
    expect(text).not.toContain('/home/dev')
    expect([...overlay.root.querySelectorAll<HTMLElement>('[title]')].some((e) => e.title.includes('/home/dev') && e.title.includes('client.go')), 'MUST-ERR-2 the whole path is in the title').toBe(true)
    expect(text).not.toContain('s3cret')
  })
})

describe('where values of an error came from', () => {
  it('can be picked: only those of one layer are left', async () => {
    await open('/errors/a1b2c3d4e5f60718', traceAnswers())
    await live(overlay, lists())
    overlay.socket.say({ type: 'event', seq: 2, event: data.errorEvent() })
    await overlay.sees('this error')
    const leaves = () => [...overlay.root.querySelectorAll('.rail .tg .sc')].map((b) => b.textContent)
    const before = leaves()
    expect(new Set(before).size).toBeGreaterThan(1)
    overlay.root.querySelector<HTMLButtonElement>('[title="Only what came from: isolation"]')!.click()
    await overlay.settle()
    expect(leaves().length).toBeGreaterThan(0)
    expect(leaves().length).toBeLessThan(before.length)
    expect(new Set(leaves())).toEqual(new Set(['I']))
  })
  it('a mapped frame says where it was, one that is not says why', async () => {
    const event = data.errorEvent()
    const frames = [
      { function: 'pay', filename: 'src/pay.ts', abs_path: '/app/src/pay.ts', line: 3, column: 7, in_app: true, context_line: 'pay()', resolved_with: 'debug_id', generated: { filename: 'http://localhost/assets/a.js', line: 1, column: 999, map: 'a.js.map' } },
      { function: 't', filename: '/assets/b.js', line: 1, column: 5, in_app: true, unresolved: 'no source map was found; build with source maps' },
    ]
    await open('/errors/a1b2c3d4e5f60718', traceAnswers())
    overlay.app.setSettings({ pathMap: { '/app': '/srv/shop' } })
    await live(overlay, lists())
    overlay.socket.say({ type: 'event', seq: 2, event: { ...event, platform: 'javascript', exceptions: [{ type: 'E', value: 'x', frames, raw_frames: [{ function: 'q', filename: 'http://localhost/assets/a.js', line: 1, column: 999 }] }] } })
    await overlay.sees('mapped')
    const chip = (text: string) => [...overlay.root.querySelectorAll('.chip')].find((c) => c.textContent === text)!.getAttribute('title')
    expect(chip('mapped')).toBe('was http://localhost/assets/a.js:1:999\nmap found by debug ID\nmap: a.js.map')
    expect(overlay.text()).toContain('mappedby debug ID')
    expect(overlay.text()).toContain('was http://localhost/assets/a.js:1:999')
    expect(chip('not mapped')).toContain('build with source maps')
    expect(overlay.root.querySelector('a[aria-label="Open in editor"]')!.getAttribute('href')).toBe('vscode://file/srv/shop/src/pay.ts:3:7')
    ;[...overlay.root.querySelectorAll('button')].find((b) => b.textContent === 'Raw')!.click()
    await overlay.settle()
    expect(overlay.root.querySelector('pre.raw')!.textContent).toContain('at q (http://localhost/assets/a.js:1:999)')
  })
})

describe('a trace in other shapes', () => {
  const press = (label: string) => [...overlay.root.querySelectorAll<HTMLButtonElement>('button')].find((b) => b.textContent === label)!.click()
  it('as a table sums up, and selects the slowest', async () => {
    await open(`/traces/${data.TRACE}`, traceAnswers())
    await live(overlay, lists())
    await bringTrace()
    press('Table')
    await overlay.sees('Count')
    expect(overlay.app.place.value.params['as']).toBe('table')
    const rows = [...overlay.root.querySelectorAll<HTMLElement>('.sums[role="row"]')]
    expect(rows.some((r) => r.textContent!.includes('24'))).toBe(true)
    rows[0]!.click()
    await overlay.settle()
    expect(overlay.app.place.value.params['span']).toBeDefined()
    press('Waterfall')
    await overlay.settle()
    expect(overlay.root.querySelector('[role="row"][aria-selected="true"]')).not.toBeNull()
  })
  it('as a flame graph tells of the selected span, and j walks on', async () => {
    await open(`/traces/${data.TRACE}?as=flame`, traceAnswers())
    await live(overlay, lists())
    await bringTrace()
    await overlay.sees(/spans on \d+ levels/)
    await overlay.press('j')
    const first = overlay.app.place.value.params['span']
    expect(first).toBeDefined()
    await overlay.press('j')
    expect(overlay.app.place.value.params['span']).not.toBe(first)
    expect(overlay.root.querySelector('.said')!.textContent).toMatch(/self/)
  })
  it('with raw clocks shows services at the time they said', async () => {
    await open(`/traces/${data.TRACE}`, traceAnswers())
    await live(overlay, lists())
    await bringTrace()
    press('Raw clocks')
    await overlay.settle()
    expect(overlay.app.place.value.params['raw']).toBe('1')
  })
  it('the list in groups, of which one opens as a filter', async () => {
    await open('/traces?by=root')
    const summary = data.checkoutTrace().summary
    await live(overlay, { ...lists(), traces: [summary, { ...summary, trace_id: 'b'.repeat(32) }] })
    await overlay.sees('Slowest')
    const row = overlay.root.querySelector<HTMLElement>('.tg-row[role="row"]')!
    expect(row.textContent).toMatch(new RegExp(`^${summary.root_name}2`))
    row.click()
    await overlay.settle()
    expect(overlay.app.place.value.params['q']).toBe(`root:"${summary.root_name}"`)
    expect(overlay.root.querySelectorAll('.tr[role="row"]')).toHaveLength(2)
  })
})

describe('hiding and earlier sessions', () => {
  it('a hidden group leaves the list, and can be shown again', async () => {
    await open('/errors')
    const [first, ...rest] = data.issues()
    await live(overlay, { ...lists(), issues: [{ ...first!, hidden: true }, ...rest] })
    const rows = () => overlay.root.querySelectorAll('[role="row"]').length
    const before = rows()
    expect(overlay.text()).toContain('You hid 1 group')
    ;[...overlay.root.querySelectorAll('button')].find((b) => b.textContent === 'Show')!.click()
    await overlay.settle()
    expect(rows()).toBe(before + 1)
    expect(overlay.root.querySelector('[aria-label="Show this group again"]')).not.toBeNull()
  })
  it('hiding asks the Collector and offers Undo', async () => {
    const id = data.issues()[0]!.issue_id
    await open('/errors', { [`/api/v1/issues/${id}/hide`]: {}, [`/api/v1/issues/${id}/show`]: {} })
    await live(overlay, { ...lists(), issues: [data.issues()[0]!] })
    overlay.root.querySelector<HTMLButtonElement>('[aria-label="Hide this group"]')!.click()
    await overlay.sees('is hidden for this session')
    expect(overlay.app.toast.value!.action!.label).toBe('Undo')
    expect(overlay.app.place.value.ids).toEqual([])
  })
  it('an earlier session is shown alone', async () => {
    await open('/errors?session=3', { '/api/v1/issues': { items: [{ ...data.issues()[1]!, title: 'OnlyInThree', session: 3 }], total: 1 } })
    await live(overlay, lists())
    await overlay.sees('OnlyInThree')
    expect(overlay.root.querySelectorAll('[role="row"]')).toHaveLength(1)
    expect(overlay.text()).toContain('Session #3 ✕')
    ;[...overlay.root.querySelectorAll('button')].find((b) => b.textContent === 'Session #3 ✕')!.click()
    await overlay.settle()
    expect(overlay.root.querySelectorAll('[role="row"]').length).toBeGreaterThan(1)
  })
})

describe('text from strangers', () => {
  const nasty = '<img src=x onerror=alert(1)> \u202egnp.exe \u001b[31mred\u0007'
  it('is text, and what hides in it is seen', async () => {
    await open('/errors')
    await live(overlay, { issues: [{ ...data.issues()[0]!, title: nasty, value: nasty, culprit: nasty, services: [nasty], session: 7 }], traces: [{ trace_id: 'a', session: 7 }], counts: { traces: 1 } })
    expect(overlay.root.querySelector('img')).toBeNull()
    expect(overlay.text()).toContain('<img src=x onerror=alert(1)> ⟨U+202E⟩gnp.exe ␛[31mred␇')
    const html = overlay.root.innerHTML
    expect(html).not.toContain('\u202e')
    expect(html).not.toContain('\u001b')
  })
})

it('a view that fails leaves the others alone', async () => {
  await open('/errors')
  await live(overlay, { issues: [{ ...data.issues()[0]!, services: [null], session: 7 }], traces: [{ trace_id: 'a', session: 7 }], counts: { traces: 1 } })
  // A null among the services is nothing the decoder can know; whatever the view makes of it, the shell stays.
  expect(overlay.root.querySelector('nav')).not.toBeNull()
  overlay.app.go({ view: 'metrics', ids: [], params: {} })
  await overlay.settle()
  await overlay.sees('No metrics in this session')
})
