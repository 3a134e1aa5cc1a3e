// What destroy() leaves when the overlay comes and goes: no node, listener, timer or socket, and nothing that piles up.
// The soak of bench/ measures the same under traffic, for as long as one likes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds, meter } from './bench/memory.mjs'
import { ui } from './browser.mjs'
import { openDrawer, pages, poll, useBrowser, watchTheBrowser } from './hostpage.mjs'

/** Rounds before the first measurement, in which all code is loaded and becomes hot, and between the two. */
const WARM = 2
const ROUNDS = 4
/**
 * Bytes of objects, strings and DOM that one round may leave. The browser itself keeps entries on the page's performance
 * timeline (long frames, layout shifts): up to 13 KB a round on a busy machine. A drawer that leaks is 250 KB.
 */
const LEFT = 40e3

const browser = useBrowser()
const onPage = pages(browser)

/** Opens the overlay, looks at every view, an error, a trace and a span, and ends the overlay. */
async function round(page) {
  await page.evaluate(async (src) => void (await import(src)).init(), `${ui}/overlay.js`)
  await openDrawer(page)
  const root = page.locator('otelcol-spotlight')
  for (const view of ['errors', 'traces', 'logs', 'metrics', 'sdks', 'settings']) {
    await page.evaluate((at) => window.__OTELCOL_SPOTLIGHT__.open(at), view)
    await root.getByRole('heading', { level: 1, name: new RegExp(`^${view}$`, 'i') }).waitFor()
    if (view === 'errors') {
      await root.getByRole('grid', { name: 'Errors' }).getByRole('row').first().click()
      await root.getByRole('region', { name: 'What happened before' }).waitFor()
    }
    if (view === 'traces') {
      await root.getByRole('grid', { name: 'Traces' }).getByRole('row').first().click()
      await root.getByRole('treegrid').getByRole('row').first().click()
      await root.getByRole('complementary', { name: 'Span details' }).waitFor()
    }
  }
  await page.evaluate(() => {
    window.__OTELCOL_SPOTLIGHT__.destroy()
    performance.clearResourceTimings() // the browser's own notes of what was fetched
  })
  assert.deepEqual(await poll('what is left', () => page.evaluate(() => window.__left()), (l) => l.timers.length === 0 && l.sockets === 0), { listeners: [], timers: [], sockets: 0, observers: 0 })
}

test('the overlay comes and goes, and nothing piles up', () => onPage({ body: '<main><p>Hello</p></main>' }, async (page) => {
  const read = await meter(page)
  const measure = async () => ({ ...(await read()), ...(await holds(page)) })
  for (let i = 0; i < WARM; i++) await round(page)
  const before = await measure()
  for (let i = 0; i < ROUNDS; i++) await round(page)
  const after = await measure()
  const left = Object.fromEntries(Object.keys(before).map((key) => [key, after[key] - before[key]]))
  console.log(`${ROUNDS} rounds left ${left.made} bytes, ${left.nodes} nodes, ${left.listeners} listeners`)
  assert.ok(left.made <= LEFT * ROUNDS, `${left.made} bytes of objects, strings and DOM are left of ${ROUNDS} rounds`)
  assert.ok(left.nodes <= 0, `${left.nodes} nodes are left`)
  assert.ok(left.listeners <= 0, `${left.listeners} listeners are left`)
  assert.deepEqual(page.problems, [])
}, { before: watchTheBrowser }))
