import { createServer } from 'node:http'
import { launch } from '../chromium.mjs'
import { startCollector } from './collector.mjs'
import { createIds, message, stream } from './traffic.mjs'
const collector = await startCollector()
const site = createServer((q, r) => { r.writeHead(200, { 'content-type': 'text/html' }); r.end('<!doctype html><title>Page</title><h1>Page</h1>') })
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const browser = await launch()
const ids = createIds(7)
const stop = stream(50, (n) => message(collector, ids, n))
const page = await (await browser.newContext({ viewport: { width: 1440, height: 860 } })).newPage()
const errs = []
page.on('pageerror', (e) => errs.push(e.stack)); page.on('console', (m) => ['error', 'warning'].includes(m.type()) && errs.push(m.text()))
await page.goto(`http://127.0.0.1:${site.address().port}/`)
await page.evaluate(async (src) => void (await import(src)).init().open('errors'), `${collector.ui}/overlay.js`)
const root = page.locator('otelcol-spotlight')
const view = (label) => root.getByRole('button', { name: label }).or(root.getByRole('link', { name: label })).first().click({ timeout: 20_000 })
const end = Date.now() + Number(process.env.SECONDS ?? 300) * 1000
let n = 0, bad = 0
while (Date.now() < end) {
  n++
  if (n % 3 === 0) { await page.evaluate(() => window.__OTELCOL_SPOTLIGHT__.close()); await page.evaluate(() => window.__OTELCOL_SPOTLIGHT__.open('errors')) }
  try {
    await view(/^Errors/)
    await root.locator('[role=grid] [role=row]').first().click({ timeout: 10_000 })
    await new Promise((r) => setTimeout(r, 100))
    await view(/^Traces/)
    await root.locator('[role=grid] [role=row]').first().click({ timeout: 10_000 })
    await root.locator('[role=treegrid] [role=row]').first().click({ timeout: 10_000 })
    await new Promise((r) => setTimeout(r, 100))
    await view(/^Logs/)
    await page.mouse.move(5, 5)
  } catch (e) {
    bad++
    console.log('FAIL at', n, String(e).slice(0, 200), errs.splice(0))
    await page.screenshot({ path: `/tmp/rep-${bad}.png` })
    console.log(await root.evaluate((h) => h.shadowRoot.querySelector('.panel').shadowRoot.querySelector('.main').innerText.slice(0, 600)))
    await page.keyboard.press('Escape')
  }
}
console.log(n, 'walks', bad, 'failed', errs)
await stop(); await browser.close(); site.close(); await collector.stop()
