// The budgets of overlay-spec.md section 13 that are time or memory, measured in Chromium against the built binary: CPU time
// of the page's main thread, medians of RUNS (default 5). Prints a table; exits with 1 when something takes twice its budget.
// Sizes of the build are checked where it is built (overlay/tools).
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { launch } from '../chromium.mjs'
import { startCollector } from './collector.mjs'
import { createCpu, median, traced } from './cpu.mjs'
import { meter } from './memory.mjs'
import { bigTrace, createIds, message, oneSpan, postOtlp, stream } from './traffic.mjs'

const RUNS = Number(process.env.RUNS ?? 5)
const SPANS = 10_000
const TRACE = 'abcdefabcdefabcdefabcdefabcdef01'
const overlay = fileURLToPath(new URL('../../../overlay/', import.meta.url))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const table = []
const row = (what, budget, measured, unit = 'ms') => {
  const all = [measured].flat()
  table.push({ what, budget, unit, measured: median(all), worst: Math.max(...all) })
}
const times = async (work) => {
  const list = []
  for (let i = 0; i < RUNS; i++) list.push(await work(i))
  return list
}

const collector = await startCollector()
for (const request of bigTrace(SPANS, TRACE)) await postOtlp(collector, request)
const browser = await launch()
const newPage = async (url) => {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 860 } })).newPage()
  await page.goto(url)
  return page
}
const frames = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

// First load: a browser that knows nothing yet, each time.
row('evaluate the initial script', 15, await times(() => traced(browser, ['EvaluateScript', 'v8.evaluateModule', 'v8.compileModule'], async () => {
  const page = await newPage(`${collector.ui}/traces`)
  await page.locator('[role=grid] [role=row]').first().waitFor()
  await page.context().close()
})))
row('first load, to painted rows of the list', undefined, await times(async () => {
  const page = await newPage('about:blank')
  const cpu = await createCpu(page)
  const { task } = await cpu(async () => {
    await page.goto(`${collector.ui}/traces`)
    await page.locator('[role=grid] [role=row]').first().waitFor()
    await frames(page)
  })
  await page.context().close()
  return task
}))

const page = await newPage(`${collector.ui}/traces`)
const list = page.locator('[role=grid] [role=row]')
const rows = page.locator('[role=treegrid] [role=row]')
await list.first().waitFor()
const memory = await meter(page)
const cpu = await createCpu(page)
const openTrace = async () => {
  await list.first().click()
  await rows.first().waitFor()
  await frames(page)
}
const before = await memory()
await openTrace()
await pause(1500)
row(`heap of the trace, after its garbage is collected`, 25, ((await memory()).all - before.all) / 1e6, 'MB')
row('DOM nodes with it open', 2500, await page.evaluate(() => {
  const count = (root) => [...root.querySelectorAll('*')].reduce((sum, element) => sum + 1 + (element.shadowRoot ? count(element.shadowRoot) : 0), 0)
  return count(document)
}), '')

row('open it (data in memory), to painted rows', 120, await times(async () => {
  await page.keyboard.press('Escape')
  await list.first().waitFor()
  await pause(300)
  const { task } = await cpu(openTrace)
  await pause(600) // the Collector sends it again: not part of what one waits for
  return task
}))

const scrolls = await times(async () => {
  await page.mouse.move(700, 500)
  await page.evaluate(() => {
    const find = (root) => root.querySelector('[role=treegrid]') ?? [...root.querySelectorAll('*')].map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean)
    const element = find(document)
    window.moved = 0
    let last = element.scrollTop
    const look = () => {
      if (element.scrollTop !== last) window.moved++
      last = element.scrollTop
      window.looking = requestAnimationFrame(look)
    }
    look()
  })
  const { task, script } = await cpu(async () => {
    for (let i = 0; i < 20; i++) {
      await page.mouse.wheel(0, 300)
      await pause(32)
    }
  })
  const moved = await page.evaluate(() => (cancelAnimationFrame(window.looking), window.moved))
  return { task: task / moved, script: script / moved }
})
row('scroll, script of a frame', 4, scrolls.map((s) => s.script))
row('scroll, all of a frame', 16, scrolls.map((s) => s.task))

await page.keyboard.press('Home')
row('fold or unfold all below the root', 50, await times(async () => {
  const { task } = await cpu(async () => {
    await rows.first().locator('button').first().click()
    await frames(page)
  })
  return task
}))
if ((await rows.first().getAttribute('aria-expanded')) === 'false') await rows.first().locator('button').first().click()

await page.keyboard.press('/')
const typed = 'carts op'
row('a keystroke in the filter, matching and painting', 30, await times(async (i) => {
  const { task } = await cpu(async () => {
    await page.keyboard.type(typed[i % typed.length])
    await pause(250)
  })
  return task
}))
await page.keyboard.press('Control+a')
await page.keyboard.press('Delete')
await page.keyboard.press('Escape')

const ids = createIds(Date.now() >>> 0)
const SECONDS = 8
const live = await cpu(async () => {
  const stop = stream(100, (number) => postOtlp(collector, oneSpan(TRACE, ids, number)))
  await pause(SECONDS * 1000)
  return stop()
})
row('100 messages a second into it, script of one', 1.2, live.script / live.result.sent)
row('the same, share of a core', 40, live.task / SECONDS / 10, '%')
await page.context().close()

// The same code as in the browser, without one: what the main thread does of it is part of the rows above.
const { createServer: vite } = await import(`${overlay}node_modules/vite/dist/node/index.js`)
const server = await vite({ root: overlay, server: { middlewareMode: true, hmr: false, ws: false }, logLevel: 'error', optimizeDeps: { noDiscovery: true }, appType: 'custom' })
const [{ buildTree }, { flatten }, { decodeTrace }] = await Promise.all(['lib/tree', 'lib/rows', 'wire/decode'].map((name) => server.ssrLoadModule(`/src/${name}.ts`)))
const trace = decodeTrace(await (await fetch(`${collector.ui}/api/v1/traces/${TRACE}`)).json())
const build = () => flatten(buildTree(trace), { folded: new Set(), opened: new Set(), errors: new Map() })
for (let i = 0; i < 5; i++) build()
row('tree and rows of 10,000 spans', 20, await times(() => {
  const start = process.cpuUsage()
  build()
  return process.cpuUsage(start).user / 1000
}))
await server.close()

// A stranger's page with the overlay closed, under 100 messages a second.
const site = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end(`<!doctype html><title>Page</title><h1>Page</h1><script type="module" src="${collector.ui}/overlay.js"></script>`)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const host = await newPage(`http://127.0.0.1:${site.address().port}/`)
await host.locator('otelcol-spotlight .trig').waitFor()
await pause(1500)
const loaded = await host.evaluate((origin) => performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.startsWith(origin)), collector.ui)
let bytes = 0
for (const url of loaded) bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()), { level: 9 }).length
row('embedded and closed: code, gzip', 12, bytes / 1024, 'KiB')
const closed = await (await createCpu(host))(async () => {
  const stop = stream(100, (number) => message(collector, ids, number))
  await pause(SECONDS * 1000)
  return stop()
})
row('the same under 100 messages a second, share of a core', undefined, closed.task / SECONDS / 10, '%')
row('the same, layouts a second', 2, closed.layouts / SECONDS, '')

await browser.close()
await new Promise((resolve) => site.close(resolve))
await collector.stop()

const show = (n, unit) => `${n >= 100 ? Math.round(n) : n.toFixed(1)}${unit === '' ? '' : ` ${unit}`}`
const version = JSON.parse(readFileSync(`${overlay}package.json`, 'utf8')).version
console.log(`# overlay ${version}, ${readdirSync(`${overlay}dist/assets`).length} files, a trace of ${SPANS} spans; CPU time of the main thread, median of ${RUNS} (worst)`)
console.log('| What | Budget | Measured | Kept |\n|---|---|---|---|')
for (const { what, budget, unit, measured, worst } of table) {
  const spread = worst > measured * 1.05 ? ` (${show(worst, unit)})` : ''
  console.log(`| ${what} | ${budget === undefined ? '' : show(budget, unit)} | ${show(measured, unit)}${spread} | ${budget === undefined ? '' : measured <= budget ? 'yes' : 'no'} |`)
}
process.exitCode = table.some(({ budget, measured }) => budget !== undefined && measured > budget * 2) ? 1 : 0
