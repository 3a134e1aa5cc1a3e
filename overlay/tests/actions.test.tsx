// @vitest-environment happy-dom
// What one can do beside looking: commands, settings, sessions as files, copies, and what is said when the line is down.
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as data from '../tools/fixtures.mjs'
import { sendFile } from '../src/views/parts/sessionFile.ts'
import { live, openOverlay, status, type Answers, type Overlay } from './overlay.tsx'

let overlay: Overlay
const open = async (path: string, answers?: Answers) => (overlay = await openOverlay(path, answers))
afterEach(() => {
  overlay.app.resetSettings()
  overlay.close()
  vi.unstubAllGlobals()
})

const lists = () => ({ traces: [data.checkoutTrace().summary], issues: data.issues(), services: data.services(), counts: data.status('s', 1, false).counts })
const button = (label: string) => [...overlay.root.querySelectorAll<HTMLButtonElement>('button')].find((b) => b.textContent === label || b.getAttribute('aria-label') === label)!
const copied = () => {
  const texts: string[] = []
  vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: (text: string) => (texts.push(text), Promise.resolve()) } })
  return texts
}
const bringTrace = async () => {
  const { trace } = data.checkoutTrace()
  overlay.socket.say({ type: 'trace', seq: 2, trace: { trace_id: trace.trace_id, whole: true, version: 1, trace } })
  await overlay.settle()
}

describe('commands', () => {
  const openPalette = async () => {
    overlay.app.dialog.value = 'commands'
    await overlay.sees('Point an SDK here')
  }
  const options = () => [...overlay.root.querySelectorAll<HTMLElement>('dialog [role="option"]')]
  const type = async (text: string) => {
    const input = overlay.root.querySelector<HTMLInputElement>('dialog input')!
    input.value = text
    input.dispatchEvent(new Event('input', { bubbles: true }))
    await overlay.settle()
  }
  it('are found by some of their letters', async () => {
    await open('/traces')
    await live(overlay, lists())
    await openPalette()
    await type('cmpct')
    expect(options().map((o) => o.textContent)).toEqual(['Compact rows'])
    options()[0]!.click()
    await overlay.settle()
    expect(overlay.app.settings.value.density).toBe('compact')
  })
  it('lead to traces, errors, views, and pasted ids', async () => {
    await open('/traces')
    await live(overlay, lists())
    await openPalette()
    await type('POST /api/checkout')
    options()[0]!.click()
    await overlay.settle()
    expect(overlay.app.place.value.ids).toEqual([data.TRACE])
    await openPalette()
    await type(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`)
    options()[0]!.click()
    await overlay.settle()
    expect(overlay.app.place.value).toMatchObject({ view: 'traces', ids: ['a'.repeat(32)], params: { span: 'b'.repeat(16) } })
  })
  it('offer what the keys of the view do, and where one was', async () => {
    const texts = copied()
    await open(`/traces/${data.TRACE}`)
    await live(overlay, lists())
    await bringTrace()
    overlay.app.go({ view: 'errors', ids: ['a1b2c3d4e5f60718'], params: {} })
    await overlay.settle()
    overlay.app.go({ view: 'traces', ids: [data.TRACE], params: {} })
    await overlay.settle()
    await openPalette()
    const labels = options().map((o) => o.textContent)
    expect(labels).toEqual(expect.arrayContaining(['Copy for agenty m', 'Pin or unpin*', 'AcquirerTimeoutError']))
    options().find((o) => o.textContent === 'Copy linky l')!.click()
    await overlay.settle()
    expect(texts).toEqual([`http://collector.test/traces/${data.TRACE}`])
  })
  it('say how to point another SDK here, with the real addresses', async () => {
    await open('/traces')
    await live(overlay, lists())
    overlay.app.dialog.value = 'connect'
    await overlay.sees('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:9318')
  })
})

describe('settings', () => {
  it('are all there, kept, and reset', async () => {
    await open('/settings')
    await live(overlay, lists())
    await overlay.sees('Density')
    for (const label of ['Theme', 'Density', 'Times of day', 'Follow logs', 'Single keys', 'Editor', 'Path map', 'Mask', 'Sessions', 'Reset all settings']) expect(overlay.text()).toContain(label)
    const [theme, density] = [...overlay.root.querySelectorAll('select')]
    theme!.value = 'light'
    theme!.dispatchEvent(new Event('change', { bubbles: true }))
    density!.value = 'compact'
    density!.dispatchEvent(new Event('change', { bubbles: true }))
    await overlay.settle()
    expect(overlay.app.settings.value).toMatchObject({ theme: 'light', density: 'compact' })
    button('Reset all settings').click()
    await overlay.settle()
    expect(overlay.app.settings.value).toMatchObject({ theme: 'system', density: 'comfortable' })
  })
  it('times in UTC are the same everywhere', async () => {
    await open('/logs')
    overlay.app.setSettings({ time: 'utc' })
    await live(overlay, { logs: [{ id: 1, time: '2026-11-21T14:02:12.561Z', level: 'info', message: 'x', service: 'api', origin: 'otel', session: 7 }] })
    await overlay.sees('14:02:12.561')
  })
  it('a masked name is shown when it is asked for', async () => {
    const { trace } = data.checkoutTrace()
    const span = trace.spans[0] as { span_id: string }
    await open(`/traces/${data.TRACE}?span=${span.span_id}&tab=attributes`, { [`/api/v1/traces/${data.TRACE}/spans/${span.span_id}`]: { attributes: { 'http.request.header.authorization': 'Bearer abc', 'x.tenant': 'acme', 'http.method': 'GET' } } })
    overlay.app.setSettings({ mask: 'x.*' })
    await live(overlay, lists())
    await bringTrace()
    await overlay.sees('http.method')
    expect(overlay.text()).not.toContain('acme')
    expect(overlay.text()).not.toContain('Bearer')
    ;[...overlay.root.querySelectorAll<HTMLButtonElement>('[title="Show the value"]')][1]!.click()
    await overlay.sees('acme')
  })
})

describe('a session as a file', () => {
  const file = (text: string) => ({ name: 'a.ndjson', size: text.length, stream: () => new Blob([text]).stream() })
  it('is sent, and says what came of it', async () => {
    await open('/settings', { '/api/v1/session/import': { spans: 1200, events: 4, session: 8 } })
    await live(overlay, lists())
    await sendFile(overlay.app, file('{"spotlight":1}\n{"log":{}}\n'))
    expect(overlay.app.toast.value!.text).toMatch(/^1\s204 records of a\.ndjson are a session of their own$/)
  })
  it('that is none says why', async () => {
    await open('/settings')
    await live(overlay, lists())
    await sendFile(overlay.app, file('hello'))
    expect(overlay.app.toast.value!.text).toBe('a.ndjson: there is no /api/v1/session/import')
  })
  it('is exported from the switch, where every session and its reason is listed', async () => {
    const clicked: string[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.href)
    })
    await open('/errors?session=3')
    await live(overlay, lists(), { sessions: Array.from({ length: 12 }, (_, i) => ({ number: i + 1, start_time: '2026-11-21T14:01:00Z', reason: i === 2 ? 'restarted: api' : 'new', traces: i, issues: 1 })) })
    const items = [...overlay.root.querySelectorAll<HTMLElement>('.side [role^="menuitem"]')]
    expect(items.filter((i) => /^#\d/.test(i.textContent!))).toHaveLength(11)
    expect(overlay.text()).toContain('restarted: api')
    items.find((i) => i.textContent === 'Export to a file')!.click()
    await overlay.settle()
    expect(clicked).toEqual(['http://collector.test/api/v1/session/export?session=3'])
  })
})

describe('copies of a span', () => {
  it('as Markdown for an agent, without what is secret', async () => {
    const texts = copied()
    const { trace } = data.checkoutTrace()
    const span = (trace.spans as { span_id: string; name: string }[]).find((s) => s.name.startsWith('POST acquirer'))!
    const details = {
      attributes: { 'http.method': 'POST', 'url.full': 'https://acquirer.test/authorize', 'http.request.header.authorization': 'Bearer abc' }, links: [{ trace_id: 'c'.repeat(32), span_id: 'd'.repeat(16), attributes: {} }],
      events: [{ name: 'retry', time: trace.start_time, attributes: { attempt: 2 } }],
    }
    await open(`/traces/${data.TRACE}?span=${span.span_id}`, { [`/api/v1/traces/${data.TRACE}/spans/${span.span_id}`]: details })
    await live(overlay, lists())
    await bringTrace()
    await overlay.sees('acquirer.test/authorize')
    const pick = async (label: string) => {
      [...overlay.root.querySelectorAll<HTMLElement>('.det [role="menuitem"]')].find((i) => i.textContent!.startsWith(label))!.click()
      for (let i = 0; i < 20 && texts.length === 0; i++) await overlay.settle()
      return texts.splice(0)[0]!
    }
    const markdown = await pick('For agent')
    for (const part of ['# Span POST acquirer.test/authorize', '## Above it, from the root\n\n- web ui.click Place order', '- url.full: https://acquirer.test/authorize', `- trace ${'c'.repeat(32)}, span ${'d'.repeat(16)}`, '## Errors\n\n- AcquirerTimeoutError', 'retry\n  - attempt: 2']) expect(markdown).toContain(part)
    expect(markdown).not.toContain('Bearer')
    expect(await pick('As curl')).toContain('https://acquirer.test/authorize')
    expect(JSON.parse(await pick('Span as JSON'))).toMatchObject({ span_id: span.span_id, attributes: { 'http.method': 'POST' } })
    expect(await pick('Link')).toBe(`http://collector.test/traces/${data.TRACE}?span=${span.span_id}`)
  })
})

describe('the line is down', () => {
  it('and why is found out, while what was there stays', async () => {
    await open('/errors')
    await live(overlay, lists())
    overlay.socket.drop()
    for (let i = 0; i < 3; i++) {
      overlay.app.feed.retry()
      const { FakeSocket } = await import('./fakeSocket.ts')
      FakeSocket.all.at(-1)!.drop()
      await overlay.settle()
    }
    await overlay.sees('answers 404')
    expect(overlay.text()).toContain('TypeError')
    expect(button('Try now')).toBeDefined()
  })
  it('a collector of another version is said above the list', async () => {
    await open('/errors')
    await live(overlay, lists(), { version: '9.0.0' })
    await overlay.sees('install the overlay and the collector of one version')
  })
  it('several gaps are told one by one', async () => {
    await open('/traces')
    await live(overlay, lists())
    overlay.socket.say({ type: 'resync', seq: 5, missed: 1204, reason: 'slow_client' })
    overlay.socket.say({ type: 'hello', seq: 1, status: { ...status(), store_id: 'other' } })
    await overlay.sees('The collector restarted')
    expect(overlay.text()).toContain('Missed 1 204 items: this page could not keep up')
    button('Dismiss').click()
    await overlay.settle()
    expect(overlay.root.querySelector('.gap')).toBeNull()
  })
})
