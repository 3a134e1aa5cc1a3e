// The page of one error in a real browser: where its values come from, what changes while it is open, and long ones.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { launch, open, otlp, sentry, shots, ui } from './browser.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const id = (bytes) => randomBytes(bytes).toString('hex')
const ns = (ms) => `${Math.round(ms * 1000)}000`
const attributes = (of) => Object.entries(of).map(([key, value]) => ({ key, value: { stringValue: value } }))
const resource = (service) => ({ attributes: attributes({ 'service.name': service, 'telemetry.sdk.language': 'nodejs' }) })

async function post(url, body, headers = { 'content-type': 'application/json' }) {
  const response = await fetch(url, { method: 'POST', headers, body: typeof body === 'string' || body instanceof FormData ? body : JSON.stringify(body) })
  assert.equal(response.status, 200, `${url}: ${response.status}`)
  return response
}
const sendSpans = (service, spans) => post(`${otlp}/v1/traces`, { resourceSpans: [{ resource: resource(service), scopeSpans: [{ scope: { name: 'test' }, spans }] }] })
const sendLogs = (service, logRecords) => post(`${otlp}/v1/logs`, { resourceLogs: [{ resource: resource(service), scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] })
const sendEvent = (event) => post(`${sentry}/api/1/envelope/?sentry_key=key`, `{"event_id":"${event.event_id}"}\n{"type":"event"}\n${JSON.stringify(event)}\n`)

const errorLog = (trace, span, at, message) => ({
  timeUnixNano: ns(at), severityNumber: 17, traceId: trace, spanId: span, body: { stringValue: message },
  attributes: attributes({ 'exception.type': 'Error', 'exception.message': message, 'exception.stacktrace': `Error: ${message}\n    at pay (/srv/shop/pay.js:3:7)` }),
})

/** The id of the event with this message, as soon as it is there. */
async function eventOf(message) {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
    const { items } = await (await fetch(`${ui}/api/v1/events?limit=100`)).json()
    const found = items.find((e) => e.value === message || e.title === message)
    if (found) return found.event_id
  }
  throw new Error(`no event says ${message}`)
}

async function openError(message) {
  const page = await open(browser, `/errors/-/${await eventOf(message)}`, { bypassCSP: true }) // for axe
  await page.getByRole('complementary', { name: 'Context' }).waitFor()
  return page
}

const rail = (page) => page.getByRole('complementary', { name: 'Context' })
const earlier = (page) => page.getByRole('region', { name: 'What happened before' })
const section = (page, title) => rail(page).locator('section', { has: page.getByRole('heading', { name: new RegExp(`^(?:from \\w+ ?)?${title}`) }) })
const leaf = (page, title, name) => section(page, title).locator('.tg').filter({ has: page.locator(`dt[title="${name}"]`) })

/** Takes a picture for who wants to look, and has axe look (MUST-A11Y-1). */
async function shot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true })
  await page.addScriptTag({ content: axe })
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join('; ')}`), [], name)
}

test('an open error takes the user, the request and the breadcrumbs that arrive later, without a reload', async () => {
  const [trace, root, child, query] = [id(16), id(8), id(8), id(8)]
  const now = Date.now()
  await sendLogs('late', [errorLog(trace, child, now, 'late user')])
  const page = await openError('late user')
  await page.evaluate(() => { window.__same = true })
  assert.equal(await section(page, 'User').count(), 0)
  assert.equal(await section(page, 'Request').count(), 0)

  await sendLogs('late', [{ timeUnixNano: ns(now - 20), severityNumber: 9, traceId: trace, spanId: query, body: { stringValue: 'query done!' } }])
  await sendSpans('late', [
    { traceId: trace, spanId: query, parentSpanId: child, name: 'SELECT carts', kind: 1, startTimeUnixNano: ns(now - 30), endTimeUnixNano: ns(now - 10) },
    { traceId: trace, spanId: child, parentSpanId: root, name: 'pay', kind: 1, startTimeUnixNano: ns(now - 40), endTimeUnixNano: ns(now + 1) },
  ])
  await sendSpans('late', [{
    traceId: trace, spanId: root, name: 'POST /pay', kind: 2, startTimeUnixNano: ns(now - 50), endTimeUnixNano: ns(now + 5),
    attributes: attributes({ 'http.request.method': 'POST', 'url.full': 'http://localhost/pay?cart=7', 'user.id': 'ada', 'http.request.header.authorization': 'Bearer s3cret' }),
  }])
  const user = leaf(page, 'User', 'id')
  await user.waitFor({ timeout: 15_000 })
  assert.equal(await user.locator('dt .sc').innerText(), 'I')
  assert.match(await user.locator('dd').innerText(), /^ada/)
  const request = section(page, 'Request')
  assert.equal(await request.getByRole('img', { name: 'from isolation' }).count(), 1, 'badge of the request')
  assert.match(await request.innerText(), /POST http:\/\/localhost\/pay[^]*cart=7[^]*authorization: \[Filtered\][^]*send_default_pii/)
  const crumb = earlier(page).getByRole('listitem').filter({ hasText: 'query done!' })
  await crumb.locator('.sc').waitFor()
  assert.equal(await crumb.locator('.sc').innerText(), 'I')
  assert.match(await crumb.innerText(), /SELECT carts/, 'the span that recorded it')
  assert.equal(await page.evaluate(() => window.__same), true, 'the page was not loaded again')
  await shot(page, 'error-late')
  await crumb.getByRole('button').click()
  await page.waitForURL(/\/(?:logs|traces)/)
  assert.deepEqual(page.problems, [])
})

test('frames of a bundle become those of its source when its map is uploaded', async () => {
  const debugId = '4af7b368-6491-5e3b-bbfa-4ecd6065e782' // of the recorded upload
  const script = 'https://x.test/static/app.js'
  await sendEvent({
    event_id: id(16), platform: 'javascript', level: 'error', timestamp: Date.now() / 1000,
    exception: { values: [{ type: 'Error', value: 'not mapped yet', stacktrace: { frames: [{ filename: script, abs_path: script, function: 'a', lineno: 3, colno: 14, in_app: true, context_line: `${'x'.repeat(200_000)}` }] } }] },
    debug_meta: { images: [{ type: 'sourcemap', code_file: script, debug_id: debugId }] },
  })
  const page = await openError('not mapped yet')
  const stack = page.getByRole('region', { name: 'Stack' })
  await stack.getByText('not mapped', { exact: true }).waitFor()
  assert.equal(await stack.getByText('mapped', { exact: true }).count(), 0, 'no frame says that it is mapped')
  assert.match(await stack.innerText(), new RegExp(`1 frame not mapped to source: no source map with debug ID ${debugId} is known`))
  await stack.getByRole('button', { name: 'How to fix' }).click()
  await stack.getByText(`export SENTRY_URL=${ui} SENTRY_AUTH_TOKEN=local`).waitFor()
  await stack.getByText('~/static/app.js').click()
  assert.ok((await stack.innerText()).length < 4000, 'a line of a bundle is cut')
  await shot(page, 'error-not-mapped')
  await stack.getByText('~/static/app.js').click() // closed again: it opens by itself once there is something to read

  const bundle = readFileSync(new URL('../../testdata/vectors/debugid/upload/bundle-sentry-cli-3.8.0.bin', import.meta.url))
  const sum = createHash('sha1').update(bundle).digest('hex')
  const form = new FormData()
  form.append('file', new Blob([bundle]), sum)
  await post(`${ui}/api/0/organizations/acme/chunk-upload/`, form, { authorization: 'Bearer any' })
  const answer = await (await post(`${ui}/api/0/organizations/acme/artifactbundle/assemble/`, { checksum: sum, chunks: [sum], projects: ['web'] })).json()
  assert.equal(answer.state, 'ok')

  await stack.getByText('mapped', { exact: true }).waitFor({ timeout: 15_000 })
  await stack.getByText('map found by debug ID').waitFor() // opened, a moment after it is mapped
  assert.equal(await stack.getByText('not mapped', { exact: true }).count(), 0)
  const text = await stack.innerText()
  assert.match(text, /~\/src\/app\.ts:2/)
  assert.match(text, /by debug ID/)
  assert.match(text, /throw new Error\("x"\)/)
  assert.doesNotMatch(text, /How to fix/)
  await shot(page, 'error-mapped')
  assert.deepEqual(page.problems, [])
})

test('two users of one request are a conflict that names both', async () => {
  const [trace, root, a, b] = [id(16), id(8), id(8), id(8)]
  const now = Date.now()
  await sendSpans('twousers', [
    { traceId: trace, spanId: root, name: 'GET /merge', kind: 2, startTimeUnixNano: ns(now - 50), endTimeUnixNano: ns(now + 5), attributes: attributes({ 'http.request.method': 'GET', 'url.full': 'http://localhost/merge' }) },
    { traceId: trace, spanId: a, parentSpanId: root, name: 'one', kind: 1, startTimeUnixNano: ns(now - 40), endTimeUnixNano: ns(now - 30), attributes: attributes({ 'user.id': 'ada' }) },
    { traceId: trace, spanId: b, parentSpanId: root, name: 'two', kind: 1, startTimeUnixNano: ns(now - 20), endTimeUnixNano: ns(now - 10), attributes: attributes({ 'user.id': 'bob' }) },
  ])
  await sendLogs('twousers', [errorLog(trace, root, now, 'whose cart is it'), errorLog(trace, a, now - 35, 'the cart of ada')])
  const page = await openError('whose cart is it')
  const user = section(page, 'User')
  await user.getByText('conflict', { exact: true }).waitFor()
  assert.match(await user.innerText(), /nobody for sure[^]*ada[^]*bob[^]*pans of this request name different users: ada, bob/)
  await user.getByRole('button', { name: /^span/ }).first().click()
  await page.waitForURL(new RegExp(`/traces/${trace}`))

  const own = await openError('the cart of ada')
  await leaf(own, 'User', 'id').waitFor()
  assert.match(await leaf(own, 'User', 'id').innerText(), /^C\s*id\s*ada/)
  assert.match(await section(own, 'User').innerText(), /conflict[^]*bob/)
  await shot(own, 'error-conflict')
  assert.deepEqual([...page.problems, ...own.problems], [])
})

test('a long error opens at once: 500 frames, a thousand moments before it, a recursion', async () => {
  const now = Date.now()
  const frames = Array.from({ length: 500 }, (_, i) => ({ filename: `/srv/shop/src/step${i}.js`, function: `step${i}`, lineno: i + 1, colno: 3, in_app: i % 3 !== 0, pre_context: ['{'], context_line: 'next()', post_context: ['}'], vars: { i } }))
  const deep = Array.from({ length: 500 }, () => ({ filename: '/srv/shop/src/tree.js', function: 'walk', lineno: 7, colno: 3, in_app: true }))
  const crumbs = Array.from({ length: 100 }, (_, i) => ({ timestamp: (now - 200 + i) / 1000, category: 'console', level: i % 50 === 0 ? 'warning' : 'info', message: `step ${i}` }))
  const [trace, root] = [id(16), id(8)]
  const calls = Array.from({ length: 1000 }, (_, i) => ({ traceId: trace, spanId: id(8), parentSpanId: root, name: `GET /api/${i}`, kind: 3, startTimeUnixNano: ns(now - 2000 + i), endTimeUnixNano: ns(now - 1999 + i), attributes: attributes({ 'http.request.method': 'GET', 'url.full': `http://localhost/api/${i}` }) }))
  await sendSpans('long', [{ traceId: trace, spanId: root, name: 'GET /long', kind: 2, startTimeUnixNano: ns(now - 3000), endTimeUnixNano: ns(now + 5) }, ...calls])
  await sendEvent({
    event_id: id(16), platform: 'node', level: 'error', timestamp: now / 1000, breadcrumbs: { values: crumbs }, contexts: { trace: { trace_id: trace, span_id: root } },
    exception: { values: [{ type: 'RangeError', value: 'too deep', stacktrace: { frames: deep } }, { type: 'Error', value: 'very long', stacktrace: { frames } }] },
  })
  await eventOf('very long')
  const page = await open(browser, '/errors', { bypassCSP: true })
  // The chunk of the page is there and warm: what is measured is the opening of this error.
  await page.getByRole('grid', { name: 'Errors' }).getByText('whose cart is it').click()
  await rail(page).waitFor()
  await page.goBack()
  const row = page.getByRole('grid', { name: 'Errors' }).getByText('very long')
  await row.waitFor()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value
  const began = await busy()
  await row.click()
  await page.waitForTimeout(2000) // looking for something in the page would count as its work
  const took = Math.round((await busy() - began) * 1000)
  await earlier(page).getByRole('button', { name: /^Show 1.07\d earlier$/ }).waitFor({ timeout: 1000 })
  const nodes = await page.evaluate(() => document.querySelector('otelcol-spotlight')?.shadowRoot?.querySelectorAll('*').length ?? document.querySelectorAll('*').length)
  console.log(`opened in ${took} ms of the main thread, ${nodes} elements`)
  assert.ok(nodes < 2500, `${nodes} elements`)
  // The budget is 100 ms; twice that on a machine that does other things.
  assert.ok(took <= 200, `${took} ms of the main thread`)

  const stack = page.getByRole('region', { name: 'Stack' })
  await stack.getByRole('button', { name: /^Show 100 of/ }).waitFor()
  await stack.getByText('caused by').click()
  await stack.getByText('the same call 499 times more').waitFor()
  const timeline = earlier(page)
  await timeline.getByRole('button', { name: /^Show .* earlier$/ }).click()
  const list = timeline.getByRole('list', { name: 'All that happened before' })
  await list.waitFor()
  assert.ok(await list.getByRole('listitem').count() < 60, 'only what is seen is in the page')
  await list.evaluate((e) => e.scrollTo(0, 0))
  await list.getByText('GET /api/0', { exact: true }).waitFor()
  await shot(page, 'error-long-list')
  await timeline.getByRole('button', { name: 'All levels' }).click()
  await page.getByRole('menuitemradio', { name: 'Warnings and up' }).click()
  await timeline.getByText(/^2 of 1.10\d shown/).waitFor()
  await shot(page, 'error-long')
  assert.deepEqual(page.problems, [])
})

test('one scope at a time: values and breadcrumbs alike', async () => {
  const page = await openError('late user')
  await earlier(page).getByText('query done!').waitFor()
  await rail(page).getByRole('button', { name: 'R resource' }).click()
  await earlier(page).getByText('query done!').waitFor({ state: 'detached' })
  assert.equal(await section(page, 'User').count(), 0)
  await rail(page).getByRole('button', { name: 'isolation' }).click()
  await earlier(page).getByText('query done!').waitFor()
  await leaf(page, 'User', 'id').waitFor()
  assert.equal(await leaf(page, 'Tags', 'service').count(), 0)
  await rail(page).getByRole('button', { name: 'R resource' }).click()
  await leaf(page, 'Tags', 'service').waitFor()
  await earlier(page).getByRole('button', { name: 'Show all' }).click()
  await earlier(page).getByText('query done!').waitFor()
  await leaf(page, 'User', 'id').waitFor()
  assert.deepEqual(page.problems, [])
})

test('MUST-ERR-1 forty equal errors are one row with 40, and open into what differs', async () => {
  const frames = [{ filename: '/srv/shop/src/orders.js', function: 'place', lineno: 12, colno: 3, in_app: true }]
  for (let i = 0; i < 40; i++) await sendEvent({ event_id: id(16), platform: 'node', level: 'error', timestamp: Date.now() / 1000, exception: { values: [{ type: 'OrderError', value: `order ${1000 + i} failed`, mechanism: { type: 'onerror', handled: false }, stacktrace: { frames } }] } })
  const page = await open(browser, '/errors', { bypassCSP: true })
  const grid = page.getByRole('grid', { name: 'Errors' })
  const row = grid.getByRole('row').filter({ hasText: 'OrderError' })
  await row.locator('.cnt', { hasText: /^40$/ }).waitFor()
  assert.equal(await row.count(), 1)
  assert.match(await row.innerText(), /~\/.*src\/orders\.js:12/)
  await row.focus()
  await page.keyboard.press('ArrowRight')
  await grid.getByRole('row').filter({ hasText: /^order 10\d\d failed/ }).first().waitFor()
  const own = await grid.locator('[role=row] b.text-tx-1').allInnerTexts()
  assert.ok(own.length > 10 && own.slice(1).every((text) => /^10\d\d$/.test(text)), `only what differs is bright: ${own}`)
  await page.getByRole('button', { name: 'Unhandled' }).click()
  await page.waitForURL(/is(?::|%3A)unhandled/)
  assert.equal(await grid.getByText('very long').count(), 0)
  await shot(page, 'errors-forty')
  await row.getByRole('button', { name: /app/ }).click()
  await page.waitForURL(/service/)
  assert.deepEqual(page.problems, [])
})
