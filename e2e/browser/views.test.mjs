// What the views do beside showing: filters with suggestions, ranges, marks, sessions, pins, clocks, large traces, and what
// they say when something is wrong. The Collector begins empty; every test sends what it needs.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { launch, open, otlp, sentry, shots, ui } from './browser.mjs'
import { poll } from './hostpage.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const hex = (bytes) => Array.from({ length: bytes * 2 }, () => Math.floor(Math.random() * 16).toString(16)).join('')
const text = (value) => ({ stringValue: value })
const attributes = (record) => Object.entries(record).map(([key, value]) => ({ key, value: typeof value === 'number' ? { intValue: String(value) } : text(value) }))
const nanos = (ms) => String(BigInt(Math.round(ms * 1000)) * 1000n)

async function post(url, body, type = 'application/json') {
  const answer = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type } })
  assert.equal(answer.status, 200, `${url}: ${await answer.clone().text()}`)
  return answer
}

/** Sends spans of one service: { trace, id, parent, name, start (ms), ms, kind, events, links, attributes, error }. */
const sendSpans = (service, spans) => post(`${otlp}/v1/traces`, {
  resourceSpans: [{
    resource: { attributes: attributes({ 'service.name': service, 'telemetry.sdk.name': 'opentelemetry', 'telemetry.sdk.language': 'go' }) },
    scopeSpans: [{
      scope: { name: 'test' }, spans: spans.map((s) => ({
        traceId: s.trace, spanId: s.id ?? hex(8), parentSpanId: s.parent ?? '', name: s.name, kind: s.kind ?? 1, startTimeUnixNano: nanos(s.start), endTimeUnixNano: nanos(s.start + s.ms),
        attributes: attributes(s.attributes ?? {}), events: (s.events ?? []).map((e) => ({ name: e.name, timeUnixNano: nanos(e.at), attributes: attributes(e.attributes ?? {}) })),
        links: (s.links ?? []).map((l) => ({ traceId: l.trace, spanId: l.span })), status: s.error ? { code: 2 } : {},
      })),
    }],
  }],
})
const sendLogs = (service, logs) => post(`${otlp}/v1/logs`, {
  resourceLogs: [{
    resource: { attributes: attributes({ 'service.name': service }) },
    scopeLogs: [{ logRecords: logs.map((l) => ({ timeUnixNano: nanos(l.at), severityNumber: l.severity ?? 9, body: text(l.message), attributes: attributes(l.attributes ?? {}) })) }],
  }],
})
function sendError(type, value, more = {}) {
  const id = hex(16)
  const event = { event_id: id, timestamp: Date.now() / 1000, platform: 'node', level: 'error', exception: { values: [{ type, value }] }, ...more }
  return post(`${sentry}/api/1/envelope/?sentry_key=key`, `{"event_id":"${id}"}\n{"type":"event"}\n${JSON.stringify(event)}\n`, 'application/x-sentry-envelope').then(() => id)
}

const get = async (route) => (await fetch(ui + route)).json()
const grid = (page, name) => page.getByRole('grid', { name })
const rows = (page) => page.getByRole('treegrid').getByRole('row')
/** Waits until a check holds; what it said last is the reason when it never does. */
async function until(check, message) {
  for (let i = 0; i < 100; i++) {
    if (await check()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(message)
}
async function shot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`) })
}
async function accessible(page, where) {
  await page.addScriptTag({ content: axe })
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join('; ')}`), [], where)
}

test('the first steps name the ports this Collector listens on', async () => {
  const page = await open(browser, '/')
  await page.getByText(/Nothing received yet/).waitFor()
  await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${otlp.replace('127.0.0.1', 'localhost')}`).or(page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${otlp}`)).waitFor()
  const { endpoints } = await get('/api/v1/status')
  assert.equal(new URL(endpoints.find((e) => e.name === 'sentry').url).port, new URL(sentry).port)
  assert.equal(new URL(endpoints.find((e) => e.name === 'otlp_http').url).port, new URL(otlp).port)
})

test('a filter suggests keys and values, by keyboard alone', async () => {
  const now = Date.now()
  await sendSpans('cart', [{ trace: hex(16), name: 'GET /cart', start: now, ms: 120, kind: 2 }])
  await sendSpans('stock', [{ trace: hex(16), name: 'GET /stock', start: now, ms: 4, kind: 2, attributes: { 'db.system.name': 'redis' } }])
  const page = await open(browser, '/traces')
  await grid(page, 'Traces').getByText('GET /cart').waitFor()
  await page.keyboard.press('/')
  const box = page.getByRole('combobox', { name: 'Filter' })
  const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
  await options.first().waitFor()
  assert.equal(await box.getAttribute('aria-expanded'), 'true')
  await page.keyboard.type('ser')
  await options.getByText('service:').first().waitFor()
  await page.keyboard.press('Tab')
  await options.getByText('cart').waitFor()
  await page.keyboard.press('ArrowDown')
  const active = await poll('an active one', () => box.getAttribute('aria-activedescendant'), (id) => (id ?? '') !== '')
  assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true')
  await shot(page, 'suggestions')
  await page.keyboard.type('stock')
  await page.keyboard.press('Tab')
  await page.waitForURL(/q=service:stock/)
  await grid(page, 'Traces').getByText('GET /cart').waitFor({ state: 'detached' })
  assert.equal(await box.evaluate((e) => e.matches(':focus')), true, 'the focus stays in the filter')
  await page.keyboard.press('ArrowDown')
  await options.first().waitFor()
  await page.keyboard.press('Escape')
  await options.first().waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await grid(page, 'Traces').getByText('GET /cart').waitFor()

  await page.goto(`${ui}/traces?q=attr.db.system.name:redis`)
  await grid(page, 'Traces').getByText('GET /stock').waitFor()
  assert.equal(await grid(page, 'Traces').getByRole('row').count(), 1, 'the Collector knows attributes, rows do not')
  await page.goto(`${ui}/traces?q=service:stock%20nonsense`)
  await page.getByText('No match for service:stock nonsense').waitFor()
  await page.getByRole('button', { name: 'Without nonsense' }).click()
  await grid(page, 'Traces').getByText('GET /stock').waitFor()
  assert.deepEqual(page.problems, [])
})

test('span events and links are marks on the bars, and a link leads to its trace', async () => {
  const now = Date.now()
  const [first, second] = [hex(16), hex(16)]
  const [producer, consumer] = [hex(8), hex(8)]
  await sendSpans('publisher', [{ trace: first, id: producer, name: 'publish order', start: now, ms: 20, kind: 4, events: [{ name: 'enqueued', at: now + 4 }, { name: 'exception', at: now + 12, attributes: { 'exception.type': 'TimeoutError', 'exception.message': 'queue is slow' } }] }])
  await sendSpans('worker', [{ trace: second, id: consumer, name: 'process order', start: now + 50, ms: 30, kind: 5, links: [{ trace: first, span: producer }] }])
  const page = await open(browser, `/traces/${first}`, { bypassCSP: true })
  await rows(page).first().waitFor()
  assert.deepEqual(await page.locator('.tl .sev').evaluateAll((all) => all.map((e) => [e.title, e.classList.contains('e')])), [['exception', true], ['enqueued', false]])
  await rows(page).first().click()
  await page.getByRole('tab', { name: 'Events 2' }).click()
  await page.getByText('▵ enqueued').waitFor()
  await shot(page, 'marks')

  await page.goto(`${ui}/traces/${second}`)
  await page.getByRole('button', { name: 'Go to the linked span' }).click()
  await page.waitForURL(new RegExp(`/traces/${first}\\?span=${producer}`))
  await page.getByRole('heading', { name: 'publish order', level: 2 }).waitFor()
  await page.goBack()
  await rows(page).first().click()
  await page.getByRole('tab', { name: 'Links 1' }).click()
  await page.getByRole('button', { name: new RegExp(first) }).click()
  await page.waitForURL(new RegExp(`/traces/${first}`))
  await rows(page).first().waitFor()
  await accessible(page, 'a trace with marks')
})

test('logs: a range by mouse and by keyboard, kept in the URL, levels, following', async () => {
  const now = Date.now()
  await sendLogs('api', Array.from({ length: 60 }, (_, i) => ({ at: now - 240_000 + i * 4000, message: `line ${i}`, severity: i % 10 === 0 ? 17 : i % 5 === 0 ? 13 : 9, attributes: { n: i } })))
  const page = await open(browser, '/logs', { bypassCSP: true })
  const list = grid(page, 'Logs')
  await list.getByText('line 59').waitFor()
  const count = () => list.getAttribute('aria-rowcount').then(Number)
  const all = await count()
  const range = page.getByRole('slider', { name: /Time range/ })
  const box = await range.boundingBox()
  await page.mouse.move(box.x + box.width * 0.4, box.y + 15)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.6, box.y + 15, { steps: 4 })
  await page.mouse.up()
  await page.waitForURL(/range=\d+-\d+/)
  await until(async () => await count() < all && await count() > 0, 'the range leaves some')
  await shot(page, 'range')
  const some = await count()
  await page.reload()
  await list.getByRole('row').first().waitFor()
  assert.equal(await count(), some, 'a reload restores the range')
  await accessible(page, 'logs with a range')
  await range.focus()
  await page.keyboard.press('Escape')
  await until(async () => await count() === all, 'Escape clears the range')
  await page.keyboard.press('End')
  for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowLeft')
  await page.waitForURL(/range=/)
  assert.match(await range.getAttribute('aria-valuetext'), /chosen \d\d:\d\d:\d\d to \d\d:\d\d:\d\d/)
  await page.getByTitle('Only this range of time. Show all').click()

  await page.getByRole('button', { name: /All levels/ }).click()
  await page.getByRole('menuitemradio', { name: /Error and up/ }).click()
  await page.waitForURL(/level=error/)
  assert.equal(await count(), 6)
  await page.getByRole('button', { name: /Error and up/ }).click()
  await page.getByRole('menuitemradio', { name: /All levels/ }).click()

  await list.getByText('line 59').waitFor()
  await sendLogs('api', [{ at: Date.now(), message: 'the newest line' }])
  await list.getByText('the newest line').waitFor()
  await page.mouse.move(box.x + 300, box.y + 300)
  await page.mouse.wheel(0, -800)
  await page.getByRole('button', { name: /Follow/ }).waitFor()
  await sendLogs('api', [{ at: Date.now() + 1, message: 'one more' }])
  await page.getByRole('button', { name: /1 new/ }).click()
  await list.getByText('one more').waitFor()
  assert.deepEqual(page.problems, [])
})

test('MUST-ERR-1 forty equal errors are one row with 40, which opens into events that show what differs', async () => {
  for (let i = 0; i < 40; i++) await sendError('RangeError', `order ${1000 + i} is out of stock`, { user: { id: String(i) } })
  const page = await open(browser, '/errors?q=RangeError')
  const row = grid(page, 'Errors').getByRole('row', { name: /RangeError/ })
  await until(async () => /\b40\b/.test(await row.first().innerText().catch(() => '')), 'one row with 40')
  assert.equal(await row.count(), 1)
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowRight')
  await until(async () => await grid(page, 'Errors').getByRole('row').count() > 10, 'its events')
  await until(async () => /10\d\d|\d/.test(await grid(page, 'Errors').locator('b.text-tx-1').nth(1).innerText().catch(() => '')), 'what differs is bright')
  await page.keyboard.press('ArrowLeft')
  await until(async () => await grid(page, 'Errors').getByRole('row').count() === 1, 'closed again')
})

test('a page narrows traces and errors to what it caused', async () => {
  const now = Date.now() / 1000
  for (const [where, trace] of [['http://shop.test/checkout', hex(16)], ['http://shop.test/cart', hex(16)]]) {
    const id = hex(16)
    const root = { event_id: id, type: 'transaction', transaction: new URL(where).pathname, platform: 'javascript', start_timestamp: now, timestamp: now + 0.4, request: { url: where }, contexts: { trace: { trace_id: trace, span_id: hex(8), op: 'pageload', data: { 'url.full': where } } }, spans: [] }
    await post(`${sentry}/api/1/envelope/?sentry_key=web`, `{"event_id":"${id}"}\n{"type":"transaction"}\n${JSON.stringify(root)}\n`, 'application/x-sentry-envelope')
    await sendError(`${new URL(where).pathname.slice(1)}Error`, 'on a page', { platform: 'javascript', contexts: { trace: { trace_id: trace, span_id: hex(8) } } })
  }
  const page = await open(browser, '/errors')
  await page.getByText('cartError').first().waitFor()
  await page.getByRole('button', { name: 'Only what one page of the browser caused' }).or(page.getByRole('button', { name: 'Page', exact: true })).click()
  await page.getByRole('menuitem', { name: 'shop.test/checkout' }).click()
  await page.getByText('cartError').first().waitFor({ state: 'detached' })
  await page.getByText('checkoutError').first().waitFor()
  await page.goto(`${ui}/traces?page=http%3A%2F%2Fshop.test%2Fcart`)
  await until(async () => await grid(page, 'Traces').getByRole('row').count() === 1, 'one trace of that page')
})

test('pin by keyboard, clear with undo; what is pinned stays', async () => {
  const now = Date.now()
  await sendSpans('pins', [{ trace: hex(16), name: 'keep me', start: now, ms: 5, kind: 2 }])
  await sendSpans('pins', [{ trace: hex(16), name: 'lose me', start: now, ms: 5, kind: 2 }])
  const page = await open(browser, '/traces?q=service:pins')
  await grid(page, 'Traces').getByRole('row', { name: /keep me/ }).waitFor()
  await grid(page, 'Traces').getByRole('row', { name: /lose me/ }).waitFor()
  const order = await grid(page, 'Traces').getByRole('row').allInnerTexts()
  for (let i = 0; i <= order.findIndex((t) => t.includes('keep me')); i++) await page.keyboard.press('j')
  await page.keyboard.press('*')
  await until(async () => (await get('/api/v1/traces?q=service:pins')).items.some((t) => t.pinned && t.root_name === 'keep me'), 'pinned')
  await page.getByRole('button', { name: 'Clear' }).click()
  await grid(page, 'Traces').getByRole('row', { name: /lose me/ }).waitFor({ state: 'detached' })
  await grid(page, 'Traces').getByRole('row', { name: /keep me/ }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await grid(page, 'Traces').getByRole('row', { name: /lose me/ }).waitFor()
})

test('sessions: a new one hides, all shows live, a file brings one back', async () => {
  const now = Date.now()
  const trace = hex(16)
  await sendSpans('old', [{ trace, name: 'yesterday', start: now, ms: 5, kind: 2, attributes: { big: 7 } }])
  const page = await open(browser, '/traces?q=service:[old,new]')
  await grid(page, 'Traces').getByText('yesterday').waitFor()
  const before = (await get('/api/v1/status')).session.number
  const file = await (await fetch(`${ui}/api/v1/session/export`)).text()
  await page.getByRole('button', { name: `Session ${before}`, exact: true }).or(page.locator('.side .sess')).first().click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export to a file' }).click()])
  assert.match(download.suggestedFilename(), new RegExp(`^spotlight-session-${before}-\\d{4}-\\d\\d-\\d\\d\\.ndjson$`))
  assert.match(await readFile(await download.path(), 'utf8'), new RegExp(trace))
  await page.locator('.side .sess').click()
  await page.getByRole('menuitem', { name: 'New session' }).click()
  await grid(page, 'Traces').getByText('yesterday').waitFor({ state: 'detached' })
  await page.locator('.side .sess').click()
  await page.getByRole('menuitemradio', { name: 'All sessions' }).click()
  await grid(page, 'Traces').getByText('yesterday').waitFor()
  await sendSpans('new', [{ trace: hex(16), name: 'today', start: Date.now(), ms: 5, kind: 2 }])
  await grid(page, 'Traces').getByText('today').waitFor()
  assert.equal(await grid(page, 'Traces').getByText('yesterday').count(), 1, 'all sessions are live, and stay whole')

  await page.goto(`${ui}/settings`)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Import a file' }).click()])
  await chooser.setFiles({ name: 'colleague.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(file.replaceAll(trace, 'fe'.repeat(16))) })
  await page.getByText(/records of colleague\.ndjson are a session of their own/).waitFor()
  await page.goto(`${ui}/traces/${'fe'.repeat(16)}`)
  await rows(page).getByText('yesterday').waitFor()
  const [again] = await Promise.all([page.goto(`${ui}/settings`).then(() => page.waitForEvent('filechooser')), page.getByRole('button', { name: 'Import a file' }).click()])
  await again.setFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([137, 80, 78, 71]) })
  await page.getByText(/photo\.png: this is no session file of Spotlight/).waitFor()
})

test('MUST-TRC-1 spans that arrive above never move the selected row', async () => {
  const now = Date.now()
  const trace = hex(16)
  const root = hex(8)
  // No two names alike, or they would fold into one row.
  const span = (i, start) => ({ trace, id: hex(8), parent: root, name: `${'abcdefghij'[Math.floor(i / 10) % 10]}${'klmnopqrst'[i % 10]}-${'uvwxyz'[Math.floor(i / 100)]}`, start, ms: 1 })
  await sendSpans('anchor', [{ trace, id: root, name: 'root', start: now, ms: 60_000, kind: 2 }, ...Array.from({ length: 100 }, (_, i) => span(i, now + 30_000 + i * 10))])
  const page = await open(browser, `/traces/${trace}`)
  await rows(page).first().waitFor()
  await page.keyboard.press('End')
  const last = page.getByRole('treegrid').getByRole('row', { selected: true })
  await last.getByText('jt-u').waitFor()
  const top = (await last.boundingBox()).y
  for (let k = 0; k < 5; k++) await sendSpans('anchor', Array.from({ length: 10 }, (_, i) => span(100 + k * 10 + i, now + 1000 + k * 100 + i)))
  await until(async () => Number(await page.getByRole('treegrid').getAttribute('aria-rowcount')) === 151, 'all arrived')
  assert.equal((await last.boundingBox()).y, top)
  assert.match(await last.innerText(), /jt-u/)
})

test('nothing moves under the pointer while two hundred traces arrive, until it is asked for', async () => {
  const now = Date.now()
  const bring = (from, n) => sendSpans('still', Array.from({ length: n }, (_, i) => ({ trace: hex(16), id: hex(8), name: `arrival ${from + i}`, start: now + from + i, ms: 2, kind: 2 })))
  await bring(0, 5)
  const page = await open(browser, '/traces?q=service:still')
  const row = grid(page, 'Traces').getByRole('row', { name: /arrival 4/ })
  await row.hover()
  const { x, y, width, height } = await row.boundingBox()
  for (let k = 0; k < 10; k++) await bring(5 + k * 20, 20)
  await page.getByRole('button', { name: /200 new/ }).waitFor()
  assert.deepEqual(await row.boundingBox().then((box) => [box.x, box.y]), [x, y])
  // All of the row, its middle too: what says that there is more stands beside the rows.
  const across = Array.from({ length: 40 }, (_, i) => [x + 10 + (i * (width - 20)) / 39, y + height / 2])
  const there = await page.evaluate((points) => points.map(([x, y]) => document.querySelector('otelcol-spotlight').shadowRoot.elementFromPoint(x, y).closest('[role=row]')?.textContent ?? ''), across)
  assert.ok(there.every((text) => text.includes('arrival 4')), JSON.stringify(there))
  await page.keyboard.press('.')
  const first = grid(page, 'Traces').getByRole('row', { name: /arrival 204/ })
  await first.waitFor()
  // Nor is a click lost for what arrives while the button is down.
  await page.mouse.move(x + width / 2, y + height / 2)
  await page.mouse.down()
  await bring(205, 20)
  await page.getByRole('button', { name: /20 new/ }).waitFor()
  await page.mouse.up()
  await page.getByRole('heading', { name: 'arrival 204' }).waitFor()
  assert.deepEqual(page.problems, [])
})

test('MUST-TRC-1 nor the row under the pointer, where none is selected', async () => {
  const now = Date.now()
  const [trace, root] = [hex(16), hex(8)]
  const name = (i) => `${'abcdefghij'[Math.floor(i / 10) % 10]}${'klmnopqrst'[i % 10]}-${'uvwxyz'[Math.floor(i / 100)]}`
  const span = (i, start) => ({ trace, id: hex(8), parent: root, name: name(i), start, ms: 1 })
  await sendSpans('pointed', [{ trace, id: root, name: 'root', start: now, ms: 60_000, kind: 2 }, ...Array.from({ length: 100 }, (_, i) => span(i, now + 30_000 + i * 10))])
  const page = await open(browser, `/traces/${trace}`)
  await rows(page).first().waitFor()
  const box = await page.getByRole('treegrid').boundingBox()
  const pointer = [box.x + 200, Math.min(box.y + 300, 700)]
  await page.mouse.move(...pointer)
  await page.mouse.wheel(0, 900)
  const under = () => page.evaluate(([x, y]) => document.querySelector('otelcol-spotlight').shadowRoot.elementFromPoint(x, y).closest('[role=row]')?.textContent, pointer)
  await until(async () => /[a-j][k-t]-u/.test((await under()) ?? '') && !(await under()).includes('ak-u'), 'scrolled')
  await page.waitForTimeout(300)
  const was = await under()
  for (let k = 0; k < 5; k++) await sendSpans('pointed', Array.from({ length: 10 }, (_, i) => span(100 + k * 10 + i, now + 1000 + k * 100 + i)))
  await until(async () => Number(await page.getByRole('treegrid').getAttribute('aria-rowcount')) === 151, 'all arrived')
  assert.equal(await under(), was)
})

test('a parent that comes later takes the place of "Missing parent" in the open trace, with what waited for it below', async () => {
  const now = Date.now()
  const trace = hex(16)
  const [root, late, child] = [hex(8), hex(8), hex(8)]
  await sendSpans('tardy', [{ trace, id: root, name: 'first of all', start: now, ms: 5000, kind: 2 }, { trace, id: child, parent: late, name: 'waited', start: now + 200, ms: 10 }])
  const page = await open(browser, `/traces/${trace}`)
  const shown = () => rows(page).evaluateAll((list) => list.map((row) => `${row.getAttribute('aria-level')} ${/first of all|Missing parent|came late|waited|one more/.exec(row.textContent)}`))
  await until(async () => (await shown()).join() === '1 first of all,1 Missing parent,2 waited', 'the parent is missed')
  await sendSpans('tardy', [{ trace, id: late, parent: root, name: 'came late', start: now + 100, ms: 200 }])
  await until(async () => (await shown()).join() === '1 first of all,2 came late,3 waited', 'the parent came')
  await sendSpans('tardy', [{ trace, id: hex(8), parent: late, name: 'one more', start: now + 150, ms: 20 }])
  await until(async () => (await shown()).join() === '1 first of all,2 came late,3 one more,3 waited', 'one more below it')
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('MUST-TRC-2 MUST-A11Y-2 ten thousand spans: few rows in the document, all of them counted, walked, filtered and folded', async () => {
  const now = Date.now()
  const trace = hex(16)
  const ids = Array.from({ length: 10_000 }, () => hex(8))
  for (let from = 0; from < ids.length; from += 2500) {
    await sendSpans(`s${from / 2500}`, ids.slice(from, from + 2500).map((id, k) => {
      const i = from + k
      return { trace, id, parent: i === 0 ? '' : ids[Math.floor((i - 1) / 4)], name: i % 10 === 0 ? 'SELECT 1' : `work ${i}`, start: now + i / 10, ms: Math.max(1, 1000 - i / 10), attributes: { n: i } }
    }))
  }
  await until(async () => (await get(`/api/v1/traces/${trace}?details=0`)).span_count === 10_000, 'all stored')
  const page = await open(browser, `/traces/${trace}`)
  await until(async () => Number(await page.getByRole('treegrid').getAttribute('aria-rowcount').catch(() => 0)) >= 9000, 'counted whole')
  assert.ok(await page.evaluate(() => document.querySelector('otelcol-spotlight').shadowRoot.querySelectorAll('*').length) <= 2500, 'nodes in the document')
  const row = rows(page).first()
  for (const name of ['aria-level', 'aria-setsize', 'aria-posinset', 'aria-rowindex', 'aria-expanded']) assert.notEqual(await row.getAttribute(name), null, name)
  await page.keyboard.press('End')
  await until(async () => Number(await page.getByRole('treegrid').getByRole('row', { selected: true }).getAttribute('aria-rowindex')) >= 9000, 'the last row')
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowLeft')
  await until(async () => Number(await page.getByRole('treegrid').getAttribute('aria-rowcount')) === 1, 'folded')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('/')
  await page.keyboard.type('attr.n:7777')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Only matches' }).click()
  await until(async () => (await rows(page).allInnerTexts()).some((t) => t.includes('work 7777')), 'an attribute that no row carries')
  assert.deepEqual(page.problems, [])
})

test('clocks: a process that is ahead is moved, says by how much, and is shown raw on demand', async () => {
  const now = Date.now()
  const ahead = 5000
  const trace = hex(16)
  const client = { trace, id: hex(8), name: 'GET /price', start: now, ms: 100, kind: 3 }
  await sendSpans('shop', [{ trace, id: hex(8), name: 'root', start: now - 5, ms: 120, kind: 2 }].map((r) => ((client.parent = r.id), r)).concat(client))
  await sendSpans('price', [{ trace, id: hex(8), parent: client.id, name: 'price', start: now + ahead + 20, ms: 60, kind: 2 }])
  const page = await open(browser, `/traces/${trace}`)
  await page.getByText(/price clock adjusted/).waitFor()
  const raw = page.getByRole('button', { name: 'Raw clocks' })
  const end = () => rows(page).getByText('price', { exact: true }).first().locator('xpath=ancestor::*[@role="row"]').locator('.bar').evaluate((e) => Number.parseFloat(e.style.left))
  const fitted = await end()
  await raw.click()
  await page.waitForURL(/raw=1/)
  await until(async () => await end() > fitted + 20, 'as its own clock said')
  await page.reload()
  await rows(page).first().waitFor()
  assert.equal(await raw.getAttribute('aria-pressed'), 'true')
  await raw.click()
  await until(async () => Math.abs(await end() - fitted) < 1, 'moved again')
})

test('a line that goes down says so, keeps what was there, and comes back', async () => {
  const to = new URL(ui)
  const sockets = new Set()
  const proxy = createServer((from) => {
    const on = connect(Number(to.port), to.hostname)
    for (const socket of [from, on]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
    from.pipe(on).pipe(from)
  })
  const listen = (port) => new Promise((resolve) => proxy.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = proxy.address()
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => proxy.close(resolve))
  }
  await sendError('StaysError', 'it was here before')
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 } })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${port}/errors?q=StaysError`)
  await page.getByText('StaysError').first().waitFor()
  await page.getByText('Live', { exact: true }).first().waitFor()
  await page.waitForTimeout(2500) // by then what is needed without a line has come
  await stop()
  await page.getByText(/Reconnecting/).waitFor()
  await page.getByText(`The collector at http://127.0.0.1:${port} does not answer`, { exact: false }).waitFor()
  assert.equal(await page.getByText('StaysError').first().isVisible(), true)
  await sendError('MeanwhileError', 'nobody was looking')
  await listen(port)
  await page.getByRole('button', { name: 'Try now' }).first().click()
  await page.getByText('Live', { exact: true }).first().waitFor()
  await page.getByText(/does not answer/).waitFor({ state: 'detached' })
  await page.goto(`http://127.0.0.1:${port}/errors`)
  await page.getByText('MeanwhileError').first().waitFor()
  await context.close()
  await stop()
})

test('commands: everything is a few letters away', async () => {
  const page = await open(browser, '/traces', { bypassCSP: true })
  await page.getByRole('heading', { name: 'Traces' }).waitFor()
  await page.keyboard.press('Control+k')
  const input = page.getByRole('combobox', { name: 'Command' })
  await input.fill('compact')
  await page.keyboard.press('Enter')
  await until(async () => await page.locator('otelcol-spotlight').getAttribute('data-density') === 'compact', 'compact')
  await page.keyboard.press('Control+k')
  await input.fill('point sdk')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Point an SDK here' }).getByText(/OTEL_EXPORTER_OTLP_ENDPOINT/).first().waitFor()
  await accessible(page, 'the first steps as a dialog')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await input.waitFor()
  await accessible(page, 'commands')
  await page.keyboard.press('Escape')

  // Escape closes the layer on top, and nothing below it.
  await sendSpans('layers', [{ trace: 'ab'.repeat(16), name: 'below', start: Date.now(), ms: 5, kind: 2 }])
  await page.goto(`${ui}/traces/${'ab'.repeat(16)}`)
  await rows(page).first().click()
  await page.waitForURL(/span=/)
  const url = page.url()
  for (const open of [() => page.keyboard.press('Control+k'), () => page.keyboard.press('?'), () => page.getByRole('complementary', { name: 'Span details' }).getByTitle('Copy', { exact: true }).first().click()]) {
    await open()
    await page.getByRole('dialog').or(page.getByRole('menu')).first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').or(page.getByRole('menu')).first().waitFor({ state: 'hidden' })
    await page.waitForTimeout(200) // the focus goes back to where it was
    assert.equal(page.url(), url)
    assert.notEqual(await page.evaluate(() => document.querySelector('otelcol-spotlight').shadowRoot.activeElement), null, 'the focus is not lost')
  }
  await page.keyboard.press('Escape')
  await until(() => !page.url().includes('span='), 'then the details')
  await page.keyboard.press('Escape')
  await page.waitForURL(/\/traces$/)
  assert.deepEqual(page.problems, [])
})

test('MUST-A11Y-1 compact rows, suggestions, ranges and empty answers keep to WCAG 2.2 A and AA in both themes', async () => {
  for (const colorScheme of ['dark', 'light']) {
    for (const route of ['/errors', '/traces', '/traces?by=root', '/traces?q=zzz', '/logs', '/logs?range=1-2', '/settings', '/traces/00000000000000000000000000000001']) {
      const page = await open(browser, route, { colorScheme, bypassCSP: true })
      await page.evaluate(() => localStorage.setItem('otelcol-spotlight', JSON.stringify({ density: 'compact' })))
      await page.reload()
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.waitForTimeout(400)
      if (['/errors', '/traces', '/logs'].includes(route)) {
        await page.keyboard.press('/')
        await page.getByRole('listbox', { name: 'Suggestions' }).waitFor()
      }
      await accessible(page, `${route} ${colorScheme}`)
      await page.context().close()
    }
  }
})
