// What one copies, with real clicks and keys, against goldens/clipboard/*; and the copied curl is run: what arrives at the
// server must be the request that was recorded. Texts that were meant to change are accepted with
//   make build && (cd e2e && UPDATE_GOLDENS=1 go test -run TestBrowser/clipboard .)
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { launch, open, otlp, sentry, ui } from './browser.mjs'
import { poll } from './hostpage.mjs'

const GOLDENS = fileURLToPath(new URL('./goldens/clipboard/', import.meta.url))
const TRACE = 'c11b0a4d'.repeat(4)
const [ROOT, CALL] = ['c11b0a4d00000001', 'c11b0a4d00000002']
const EVENT = 'e0e0c11b'.repeat(4)

const NASTY = 'it\'s "quoted", $HOME `id` \\n %s !\nsecond line\twith tab: ünïcode 日本 🎈\n'
const HEADERS = [['Content-Type', 'application/json; charset=utf-8'], ['User-Agent', 'shop/1.0 (it\'s "mine")'], ['X-Note', 'a\\b $HOME `id` 100%'], ['X-Name', 'Zoë 日本'], ['X-Empty', ''], ['Accept', 'application/json']]

let browser, server, arrived
before(async () => {
  browser = await launch()
  server = createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    arrived = { method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(parts).toString() }
    response.end('ok')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  await record()
})
after(async () => {
  await browser.close()
  server.closeAllConnections()
  server.close()
})

const at = () => `http://127.0.0.1:${server.address().port}`
const BODY = JSON.stringify({ cart: 'c_51f0', note: NASTY, amount: 49.5 }, null, 1) // one line for each value

async function post(url, body, type) {
  const answer = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type } })
  assert.equal(answer.status, 200, `${url}: ${await answer.text()}`)
}

/** A request that failed: the spans of the service that answered it, a log, and the error with all it knew. */
async function record() {
  const now = Math.floor(Date.now() / 1000) * 1000 - 2000
  const ns = (ms) => `${now + ms}000000`
  const attributes = (of) => Object.entries(of).map(([key, value]) => ({ key, value: Array.isArray(value) ? { arrayValue: { values: value.map((v) => ({ stringValue: v })) } } : { stringValue: value } }))
  const resource = { attributes: attributes({ 'service.name': 'shop', 'service.instance.id': 'shop-1', 'telemetry.sdk.name': 'opentelemetry', 'telemetry.sdk.language': 'nodejs' }) }
  await post(`${otlp}/v1/traces`, { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans: [
    { traceId: TRACE, spanId: ROOT, name: 'PUT /orders/{id}', kind: 2, startTimeUnixNano: ns(0), endTimeUnixNano: ns(400), attributes: attributes({ 'http.request.method': 'PUT', 'http.route': '/orders/{id}' }), status: { code: 2 } },
    {
      traceId: TRACE, spanId: CALL, parentSpanId: ROOT, name: 'GET stock', kind: 3, startTimeUnixNano: ns(100), endTimeUnixNano: ns(300),
      attributes: attributes({ 'http.request.method': 'GET', 'url.full': `${at()}/stock?sku=it's+1&sku=%C3%BC&n=2`, 'http.request.header.accept': ['application/json'], 'http.request.header.x-note': ["it's 'so'"], 'http.request.header.authorization': ['Bearer s3cret'] }),
      events: [{ name: 'retry', timeUnixNano: ns(200), attributes: attributes({ attempt: '2' }) }],
    },
  ] }] }] }, 'application/json')
  await post(`${otlp}/v1/logs`, { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'orders' }, logRecords: [
    { timeUnixNano: ns(350), severityNumber: 13, traceId: TRACE, spanId: ROOT, body: { stringValue: 'stock is \u001b[31mlow\u001b[0m: it\'s 2' }, attributes: attributes({ sku: '1' }) },
  ] }] }] }, 'application/json')
  const event = {
    event_id: EVENT, platform: 'node', level: 'error', timestamp: (now + 390) / 1000, release: 'shop@1.0', environment: 'dev', server_name: 'shop', transaction: 'PUT /orders/{id}', sdk: { name: 'sentry.javascript.node', version: '10.0.0' },
    contexts: { trace: { trace_id: TRACE, span_id: ROOT } }, tags: { region: 'eu' },
    exception: { values: [{ type: 'OrderError', value: 'order 7 was refused', mechanism: { type: 'generic', handled: false }, stacktrace: { frames: [
      { function: 'serve', filename: '/srv/shop/node_modules/http/server.js', lineno: 9, colno: 1, in_app: false },
      { function: 'place', filename: '/srv/shop/src/orders.js', lineno: 12, colno: 3, in_app: true, pre_context: ['function place(order) {'], context_line: "  throw new OrderError('```')", post_context: ['}'], vars: { n: 7 } },
    ] } }] },
    breadcrumbs: { values: [{ timestamp: (now + 50) / 1000, category: 'console', level: 'info', message: 'placing order 7' }] },
    request: { method: 'PUT', url: `${at()}/orders/7?note=it%27s+%22so%22&utf=%C3%BC&empty=`, headers: Object.fromEntries([...HEADERS, ['Authorization', 'Bearer s3cret'], ['Cookie', 'sid=s3cret'], ['Content-Length', '5'], ['Connection', 'close']]), data: BODY },
  }
  await post(`${sentry}/api/1/envelope/?sentry_key=key`, `{"event_id":"${EVENT}"}\n{"type":"event"}\n${JSON.stringify(event)}\n`, 'application/x-sentry-envelope')
  const get = async (route) => (await fetch(ui + route)).json()
  await poll('stored', async () => [(await get(`/api/v1/traces/${TRACE}`)).span_count, (await get(`/api/v1/events/${EVENT}`)).event_id, (await get('/api/v1/logs')).items?.length].join(' '), `2 ${EVENT} 1`)
}

/** The text without what differs from run to run: times, ports, and ids that the Collector gives. */
const normalised = (text) => text
  .replaceAll(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>')
  .replaceAll(/\b\d\d:\d\d:\d\d\.\d{3}\b/g, '<clock>')
  .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
  .replaceAll(/("(?:id|seq|session|version|merge_rev)": )\d+/g, '$1<n>')

function golden(name, text) {
  const file = path.join(GOLDENS, name)
  if (process.env.UPDATE_GOLDENS === '1') {
    mkdirSync(GOLDENS, { recursive: true })
    return writeFileSync(file, `${normalised(text)}\n`)
  }
  assert.ok(existsSync(file), `${file} is not there: run with UPDATE_GOLDENS=1`)
  assert.equal(`${normalised(text)}\n`, readFileSync(file, 'utf8'), `${name} is another; accept it with UPDATE_GOLDENS=1 (see the head of this test)`)
}

const visit = (route) => open(browser, route, { permissions: ['clipboard-read', 'clipboard-write'] })

/** What an action puts into the clipboard. */
async function copied(page, act) {
  await page.evaluate(() => navigator.clipboard.writeText('nothing'))
  await act()
  return poll('the clipboard', () => page.evaluate(() => navigator.clipboard.readText()), (text) => text !== 'nothing')
}
const keys = (page, ...pressed) => () => pressed.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())

const haveCurl = () => {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Runs a copied command as one would: pasted into a shell. Returns what arrived. */
async function run(command) {
  arrived = undefined
  await promisify(execFile)('bash', ['-c', command], { env: { PATH: process.env.PATH, HOME: '/nowhere', NO_PROXY: '*' }, timeout: 20_000 })
  return arrived
}
/** Node reads headers as Latin-1; what was sent is UTF-8. */
const header = (value) => (value === undefined ? undefined : Buffer.from(value, 'latin1').toString())

test('an error: curl, JSON, Markdown for an agent and link, by button and by key', async () => {
  const page = await visit(`/errors/-/${EVENT}`)
  const context = page.getByRole('complementary', { name: 'Context' })
  await context.getByRole('button', { name: 'curl' }).waitFor()
  const earlier = page.getByRole('region', { name: 'What happened before' })
  for (const text of ['placing order 7', 'GET stock', "stock is low: it's 2"]) await earlier.getByText(text).first().waitFor()
  const both = async (name, button, key) => {
    const text = await copied(page, () => button.click())
    assert.equal(await copied(page, keys(page, 'y', key)), text, `${name}: the key copies what the button does`)
    golden(name, text)
    return text
  }
  const curl = await both('error.curl', context.getByRole('button', { name: 'curl' }), 'c')
  await both('error.json', page.getByRole('button', { name: 'JSON' }), 'j')
  const markdown = await both('error.md', page.getByRole('button', { name: 'Copy for agent' }), 'm')
  const link = await both('error.link', page.getByRole('button', { name: 'Link', exact: true }), 'l')
  for (const text of [curl, markdown]) assert.doesNotMatch(text, /s3cret/)
  await page.goto(link)
  await page.getByRole('heading', { name: 'OrderError', level: 2 }).waitFor()
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('a span: curl, JSON, Markdown for an agent and link', async () => {
  const page = await visit(`/traces/${TRACE}?span=${CALL}`)
  const details = page.getByRole('complementary', { name: 'Span details' })
  await details.getByText('url.full').first().waitFor()
  const pick = (name) => async () => {
    await details.getByTitle('Copy', { exact: true }).first().click()
    await page.getByRole('menuitem', { name }).click()
  }
  const curl = await copied(page, pick(/curl/))
  golden('span.curl', curl)
  assert.equal(await copied(page, keys(page, 'y', 'c')), curl, 'the key copies what the menu does')
  golden('span.json', await copied(page, pick('Span as JSON')))
  golden('span.md', await copied(page, pick(/^For agent/)))
  const link = await copied(page, pick('Link to the span'))
  golden('span.link', link)
  await page.goto(link)
  await details.getByRole('heading', { name: 'GET stock' }).waitFor()
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('a log: JSON, Markdown for an agent and link', async () => {
  const page = await visit('/logs')
  await page.getByRole('grid', { name: 'Logs' }).getByRole('row').first().click()
  await page.getByText('sku').first().waitFor()
  golden('log.json', await copied(page, keys(page, 'y', 'j')))
  golden('log.md', await copied(page, keys(page, 'y', 'm')))
  const link = await copied(page, keys(page, 'y', 'l'))
  assert.match(link, /\/logs\?at=\d+$/)
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('the curl of an error, pasted into a shell, sends the recorded request', async (t) => {
  if (!haveCurl()) return t.skip('no curl: install it')
  const page = await visit(`/errors/-/${EVENT}`)
  const button = page.getByRole('complementary', { name: 'Context' }).getByRole('button', { name: 'curl' })
  await button.waitFor()
  const got = await run(await copied(page, () => button.click()))
  assert.equal(got.method, 'PUT')
  assert.equal(got.url, '/orders/7?note=it%27s+%22so%22&utf=%C3%BC&empty=')
  for (const [name, value] of HEADERS) assert.equal(header(got.headers[name.toLowerCase()]), value, name)
  for (const name of ['authorization', 'cookie']) assert.equal(got.headers[name], undefined, `${name} is left out`)
  assert.equal(got.headers['content-length'], String(Buffer.byteLength(BODY)))
  assert.equal(got.body, BODY)
  await page.context().close()
})

test('the curl of a span, pasted into a shell, sends the recorded request', async (t) => {
  if (!haveCurl()) return t.skip('no curl: install it')
  const page = await visit(`/traces/${TRACE}?span=${CALL}`)
  await page.getByRole('complementary', { name: 'Span details' }).getByText('url.full').first().waitFor()
  const got = await run(await copied(page, keys(page, 'y', 'c')))
  assert.equal(got.method, 'GET')
  assert.equal(got.url, "/stock?sku=it's+1&sku=%C3%BC&n=2")
  assert.equal(got.headers.accept, 'application/json')
  assert.equal(got.headers['x-note'], "it's 'so'")
  assert.equal(got.headers.authorization, undefined)
  assert.equal(got.body, '')
  await page.context().close()
})
