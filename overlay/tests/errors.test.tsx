// @vitest-environment happy-dom
// The page of one error: what it says of where values came from, of frames, threads and requests.
import { afterEach, expect, it } from 'vitest'
import * as data from '../tools/fixtures.mjs'
import type { Event } from '../src/wire/model.gen.ts'
import { live, openOverlay, type Overlay } from './overlay.tsx'

let overlay: Overlay
afterEach(() => overlay.close())

async function show(more: Partial<Event>): Promise<void> {
  const event = { ...data.errorEvent(), ...more } as Event
  overlay = await openOverlay(`/errors/-/${event.event_id}`)
  await live(overlay)
  // The page comes with a chunk of its own; it asks for the event when it is there.
  for (let i = 0; i < 100 && !overlay.socket.sent.some((frame) => (frame as { type?: string }).type === 'open'); i++) await overlay.settle()
  overlay.socket.say({ type: 'event', seq: 2, event })
  await overlay.sees('Environment')
}
const press = async (label: string | RegExp) => {
  const button = [...overlay.root.querySelectorAll<HTMLElement>('button')].find((b) => (typeof label === 'string' ? b.textContent === label : label.test(b.textContent ?? '')))
  if (button === undefined) throw new Error(`no button ${String(label)}`)
  button.click()
  await overlay.settle()
}
const sectionOf = (title: string) => [...overlay.root.querySelectorAll('section')].find((s) => s.querySelector('h3')?.textContent?.includes(title) === true)
const from = (layer: string, more: object = {}) => ({ layer, origin: 'sdk', ...more }) as Event['provenance'][string]

it('a value tells which scope gave it, what it hides and where that was set', async () => {
  await show({
    tags: { step: 'pay', region: 'eu' }, extra: { cart: { id: 7 } }, attributes: { 'app.tier': 'gold' }, provenance: {
      'tags.step': from('current', { shadowed: [{ layer: 'isolation', origin: 'span:00f067aa0ba902b7', value: 'cart' }] }),
      'tags.region': from('event', { shadowed: [{ layer: 'global', origin: 'config', value: 'eu' }], probable: 'global, config' }),
      'extra.cart': from('isolation'), 'attributes.app.tier': from('current'),
    },
  })
  expect(overlay.text()).toContain('cart.id7')
  expect([...sectionOf('Extra')!.querySelectorAll('.sc')].map((b) => b.textContent)).toEqual(['I'])
  expect([...sectionOf('Attributes')!.querySelectorAll('.sc')].map((b) => b.textContent)).toEqual(['C'])
  expect(overlay.text()).toContain('same in G')
  await press('overrides I')
  expect(sectionOf('Tags')!.textContent).toContain('Ihiddencartspan 00f067')
  await press('span 00f067')
  expect(overlay.app.place.value).toMatchObject({ view: 'traces', params: { span: '00f067aa0ba902b7' } })
})

it('users that do not agree are named, also when there is none for sure', async () => {
  const conflict = 'spans of this request name different users: ada, bob'
  const shadowed = [{ layer: 'current' as const, origin: 'span:00f067aa0ba902b7', value: { id: 'ada' } }, { layer: 'current' as const, origin: 'span:00f067aa0ba902b8', value: { id: 'bob' } }]
  await show({ user: {}, provenance: { user: from('isolation', { conflict, shadowed }) } })
  expect(sectionOf('User')!.textContent).toMatch(/conflict.*nobody for sure.*ada.*bob.*spans of this request name different users/)
})

it('says that scopes were cut', async () => {
  await show({ scope_truncated: true })
  expect(overlay.text()).toContain('Its scopes were cut')
})

it('a request shows a little of everything, whose value was taken out and by whom', async () => {
  const request = {
    method: 'POST', url: 'http://localhost/pay?cart=7', query: [{ name: 'cart', value: '7' }], headers: [{ name: 'Authorization', value: '[Filtered]' }],
    cookies: [{ name: 'sid', value: 's3cret' }, { name: 'theme', value: 'dark' }], data: 'amount=3', env: { REMOTE_ADDR: '127.0.0.1' },
  }
  await show({ request, provenance: { request: from('isolation', { shadowed: [{ layer: 'global', origin: 'config', value: 'GET /' }] }), 'request.headers.Authorization': from('span') } })
  const card = () => sectionOf('Request')!.textContent!
  expect(card()).toMatch(/^IRequestoverrides G/)
  for (const part of ['POST http://localhost/pay', '?cart=7', 'Sauthorization: [Filtered]', 'cookie sid=••••••', 'body 8 B amount=3', 'env REMOTE_ADDR=127.0.0.1', '+ 1 cookie', 'the Collector hides credentials']) expect(card().replace(/\s/g, ' ')).toContain(part)
  expect(card()).not.toContain('s3cret')
  await press('+ 1 cookie')
  expect(card()).toContain('cookie theme=')
  await press('overrides G')
  expect(card()).toContain('GhiddenGET /config')
  overlay.close()
  await show({ request, sdk: { name: 'sentry.javascript.node' }, provenance: { request: from('event') } })
  expect(sectionOf('Request')!.textContent).toContain('sentry.javascript.node took the value out')
})

it('every breadcrumb has the badge of its scope; one scope can be looked at alone', async () => {
  const at = (ms: number) => new Date(Date.parse(data.errorEvent().time) - ms).toISOString()
  await show({
    breadcrumbs: [
      { time: at(30), message: 'boot', layer: 'global', source: 'log', type: 'log' }, { time: at(20), message: 'signed in', layer: 'isolation', source: 'span:00f067aa0ba902b7', span_id: '00f067aa0ba902b7' },
      { time: at(10), message: 'button', layer: 'event', source: 'sdk' },
    ],
    sdk: { name: 'sentry.javascript.react' },
  })
  const rows = () => [...overlay.root.querySelectorAll('[aria-label="What happened before"] .bc')].map((row) => `${row.querySelector('.by')?.textContent ?? ''} ${row.querySelector('.what .mono')?.textContent?.trim() ?? ''} | ${row.querySelector('.from')?.textContent ?? ''}`)
  expect(rows()).toEqual(['G boot | no span', 'I signed in | span 00f067aa', 'E button | react', '  | '])
  await press('Iisolation')
  expect(rows()).toEqual(['I signed in | span 00f067aa', '  | '])
  expect(overlay.text()).toContain('1 of 3 shown, only what came with badge I.')
  await press('Show all')
  expect(rows()).toHaveLength(4)
  overlay.root.querySelector<HTMLButtonElement>('[title="Open the span"]')!.click()
  await overlay.settle()
  expect(overlay.app.place.value).toMatchObject({ view: 'traces', params: { span: '00f067aa0ba902b7' } })
})

it('frames that are not mapped say why and what to paste', async () => {
  const frames = [{ function: 't', filename: 'https://shop.test/a.js', line: 1, column: 5, in_app: true, unresolved: 'no source map with debug ID a1b2 is known; upload it', generated: { filename: 'https://shop.test/a.js', line: 1, column: 5 } }]
  await show({ platform: 'javascript', exceptions: [{ type: 'E', value: 'x', frames }] })
  expect([...overlay.root.querySelectorAll('.chip')].map((c) => c.textContent)).not.toContain('mapped')
  expect(overlay.text()).toContain('1 frame not mapped to source: no source map with debug ID a1b2')
  await press('How to fix')
  await overlay.sees('SENTRY_URL=http://collector.test')
  expect(overlay.text()).toContain('source_maps: paths: ["dist"]')
})

it('threads beside an exception are there, closed; a long stack comes in parts', async () => {
  const frames = Array.from({ length: 500 }, (_, i) => ({ function: `step${i}`, filename: `src/s${i}.py`, line: i + 1, in_app: true }))
  await show({ platform: 'python', exceptions: [{ type: 'E', value: 'x', frames }], threads: [{ id: '1', name: 'worker', state: 'waiting', frames: [{ function: 'wait', filename: 'src/w.py', line: 1, in_app: true }] }, { id: '2', frames: [] }] })
  expect(overlay.text()).toMatch(/All 501/)
  const rows = () => overlay.root.querySelectorAll('.fr').length
  const before = rows()
  expect(before).toBeLessThan(60)
  await press(/^Show 100 of 450 more$/)
  expect(rows()).toBe(before + 100)
  await press(/^threadworkerwaiting1 frame$/)
  expect(overlay.text()).toContain('wait ~/src/w.py:1'.replace(' ', ''))
})

it('a key opens the frame in the editor, or says why it cannot', async () => {
  await show({ exceptions: [{ type: 'E', value: 'x', frames: [{ function: 'f', filename: 'https://shop.test/a.js', in_app: true, line: 1 }] }] })
  await overlay.press('o')
  expect(overlay.app.toast.value!.text).toContain('No frame names a file of this machine')
})
