// Leaves the overlay open under 50 messages a second for SOAK seconds (default 120), standalone and in a host page, walks
// through its views meanwhile, and measures the heap after each walk. Overlay-spec.md section 13: it grows by no more than
// 10 MB once the lists are full. Then destroy() must leave nothing. Prints a table; exits with 1 when a budget is missed.
import { createServer } from 'node:http'
import { launch } from '../chromium.mjs'
import { startCollector } from './collector.mjs'
import { holds, mb, meter } from './memory.mjs'
import { createIds, message, stream } from './traffic.mjs'

const seconds = Number(process.env.SOAK ?? 120)
const RATE = Number(process.env.SOAK_RATE ?? 50) // messages a second
const BUDGET = 10e6 // bytes
/** Bytes that may be left after destroy(): of what the overlay made, and what the browser keeps of it on its own account (see holds). */
const LEFT = { made: 250e3, timeline: 750e3, code: 2e6 }
/** Seconds until the lists of the browser are full (10,000 logs at 20 a second), or half of a shorter run. */
const FULL = Math.min(600, seconds / 2)
/** Seconds between two walks. */
const EVERY = Math.min(60, seconds / 8)

const collector = await startCollector()
const site = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end('<!doctype html><title>Page</title><h1>Page</h1>')
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const browser = await launch()
const ids = createIds(Date.now() >>> 0)
const stop = stream(RATE, (number) => message(collector, ids, number))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function standalone() {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 860 } })).newPage()
  await page.goto(`${collector.ui}/errors`)
  return { name: 'standalone', page, root: page.locator('body'), read: await meter(page), seen: [] }
}

async function embedded() {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 860 } })).newPage()
  await page.goto(`http://127.0.0.1:${site.address().port}/`)
  const read = await meter(page)
  const one = { name: 'embedded, open', page, root: page.locator('otelcol-spotlight'), read, seen: [] }
  const init = () => page.evaluate(async (src) => void (await import(src)).init().open('errors'), `${collector.ui}/overlay.js`)
  // Once, so that all code is loaded: it stays, modules are never unloaded.
  await init()
  await one.root.locator('[role=grid] [role=row]').first().waitFor()
  await walk(one)
  await page.evaluate(() => window.__OTELCOL_SPOTLIGHT__.destroy())
  await pause(1500)
  one.bare = { ...(await read()), ...(await holds(page)) }
  await init()
  return one
}

/** What somebody does with it: every view, an error, a trace, a span. Ends in the list of errors. */
async function walk({ name, page, root }) {
  const view = (label) => root.getByRole('button', { name: label }).or(root.getByRole('link', { name: label })).first().click({ timeout: 20_000 })
  if (name !== 'standalone') {
    await page.evaluate(() => window.__OTELCOL_SPOTLIGHT__.close())
    await page.evaluate(() => window.__OTELCOL_SPOTLIGHT__.open('errors'))
  }
  // The first record: what was missed, if anything was, is a row too, and leads nowhere.
  const first = () => root.locator('[role=grid] [role=row]').filter({ hasNot: page.getByRole('button', { name: 'Dismiss' }) }).first()
  await view(/^Errors/)
  await first().click({ timeout: 20_000 })
  await pause(500)
  await view(/^Traces/)
  await first().click({ timeout: 20_000 })
  await root.locator('[role=treegrid] [role=row]').first().click({ timeout: 20_000 })
  await pause(500)
  for (const label of [/^Logs/, /^Metrics/, /^SDKs/, /^Errors/]) {
    await view(label)
    await pause(500)
  }
  await root.locator('[role=grid] [role=row]').first().waitFor()
  await page.mouse.move(5, 5)
}

const began = Date.now()
const elapsed = () => Math.round((Date.now() - began) / 1000)
const pages = [await standalone(), await embedded()]
while (elapsed() < seconds) {
  await pause(Math.max(0, Math.min(EVERY, seconds - elapsed()) * 1000))
  for (const one of pages) {
    await walk(one)
    const at = { second: elapsed(), ...(await one.read()) }
    one.seen.push(at)
    if (process.env.SOAK_LOG) console.error(`${at.second} s\t${one.name}\theap ${mb(at.heap)} MB, with DOM ${mb(at.all)} MB\t${at.nodes} nodes\t${at.listeners} listeners`)
  }
}
const { sent, failed } = await stop()

let missed = 0
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`)
console.log(`# overlay, ${seconds} s at ${RATE} messages a second: ${sent} sent, ${failed} refused`)
row('what', 'full, after', 'heap then', 'heap at the end', 'growth', 'budget', 'kept')
for (const { name, seen } of pages) {
  const full = seen.find((at) => at.second >= FULL) ?? seen[0]
  const end = seen.at(-1)
  const growth = end.all - full.all
  if (growth > BUDGET) missed++
  row(name, `${full.second} s`, `${mb(full.all)} MB`, `${mb(end.all)} MB`, `${mb(growth)} MB`, `${mb(BUDGET)} MB`, growth <= BUDGET ? 'yes' : 'no')
}
// Unloading: nodes, listeners and objects back to what the page had.
const { page, read, bare } = pages[1]
await page.evaluate(() => window.__OTELCOL_SPOTLIGHT__.destroy())
await pause(1500)
const after = { ...(await read()), ...(await holds(page)) }
const left = Object.fromEntries(Object.keys(bare).map((key) => [key, after[key] - bare[key]]))
const kb = (bytes) => `${Math.round(bytes / 1e3)} KB`
console.log(`destroy() left ${kb(left.made)} of objects, strings and DOM (budget ${kb(LEFT.made)}), ${left.nodes} nodes, ${left.listeners} listeners; the browser ${kb(left.timeline)} on its performance timeline (budget ${kb(LEFT.timeline)}) and ${kb(left.code)} of compiled code (budget ${kb(LEFT.code)})`)
if (Object.keys(LEFT).some((kind) => left[kind] > LEFT[kind]) || left.nodes > 0 || left.listeners > 0) missed++
await browser.close()
await new Promise((resolve) => site.close(resolve))
await collector.stop()
process.exitCode = missed > 0 ? 1 : 0
