// OpenTelemetry says of an error the text of its stack only, as the engine writes it, and no debug IDs. Chromium throws;
// what Firefox and Safari would have written is made of that.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { launch } from '../browser/browser.mjs'
import { vite as debugId } from '../../sdk/debugid/src/index.js'
import { buildPage, event, eventually, getJSON, layApp, lineOf, serveFolder, startDevServer } from './kit.mjs'

const otlp = process.env.SPOTLIGHT_OTLP
let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** Opens a page, presses its button, and returns the stack of what it throws: of the error and of its cause. */
async function stackOf(url) {
  const page = await browser.newPage()
  await page.goto(url, { waitUntil: 'networkidle' })
  const thrown = page.evaluate(() => new Promise((done) => addEventListener('error', (e) => done({ type: e.error.name, message: e.error.message, stack: e.error.stack }))))
  await page.waitForTimeout(50) // until it listens
  await page.click('#order')
  const got = await thrown
  await page.close()
  return got
}

/** What Firefox and Safari write of the same calls: function@place, and no message. */
function gecko(stack) {
  const lines = []
  for (const line of stack.split('\n')) {
    const [, fn, place] = line.match(/^\s+at (?:(?:new |async )?(.*?) \()?(\S+:\d+:\d+)\)?$/) ?? []
    if (place) lines.push(`${fn?.includes('<anonymous>') ? '' : (fn ?? '').replace(/^.*\./, '')}@${place}`)
  }
  return `${lines.join('\n')}\n`
}

/** Sends an exception as a log record of an OpenTelemetry SDK and returns the event it becomes. */
async function send({ type, message, stack }, service, language) {
  const attribute = (key, stringValue) => ({ key, value: { stringValue } })
  const response = await fetch(`${otlp}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceLogs: [{
        resource: { attributes: [attribute('service.name', service), attribute('telemetry.sdk.language', language)] },
        scopeLogs: [{ logRecords: [{ timeUnixNano: `${Date.now()}000000`, severityNumber: 17, eventName: 'exception', attributes: [attribute('exception.type', type), attribute('exception.message', message), attribute('exception.stacktrace', stack)] }] }],
      }],
    }),
  })
  assert.equal(response.status, 200)
  const list = await eventually(() => getJSON('/api/v1/events'), (got) => got.items.some((e) => e.service === service), `no event of ${service}`)
  return list.items.find((e) => e.service === service).event_id
}

/** The line that wraps, where the engine says the thrown error's own frames. */
function assertWrapped(got, resolvedWith) {
  const wraps = lineOf('src/checkout.ts', 'the line that wraps')
  const top = got.exceptions[0].frames[0]
  assert.deepEqual(
    { filename: top.filename, line: top.line, text: top.context_line, fn: top.function, with: top.resolved_with, in_app: top.in_app },
    { filename: '~/src/checkout.ts', line: wraps.line, text: wraps.text, fn: 'Checkout.placeOrder', with: resolvedWith, in_app: true },
  )
  const click = lineOf('src/main.ts', 'the line of the click')
  assert.ok(got.exceptions[0].frames.some((f) => f.filename === '~/src/main.ts' && f.line === click.line), 'the click')
}

const engines = { chromium: (stack) => stack, 'firefox and safari': gecko }

test('a page that a dev server serves', async () => {
  const server = await startDevServer(layApp('otel-dev'))
  try {
    const thrown = await stackOf(server.url)
    for (const [engine, write] of Object.entries(engines)) {
      const id = await send({ ...thrown, stack: write(thrown.stack) }, `dev ${engine}`, 'webjs')
      assertWrapped(await event(id), 'dev_server')
    }
  } finally {
    await server.close()
  }
})

test('a build without debug IDs, its folder named: by the hash in its name', async () => {
  const dir = layApp('builds/otel-hash')
  const dist = path.join(dir, 'dist')
  await buildPage(dir, [], dist)
  const server = await serveFolder(dist)
  const thrown = await stackOf(server.url)
  await server.close()
  for (const [engine, write] of Object.entries(engines)) {
    const id = await send({ ...thrown, stack: write(thrown.stack) }, `hash ${engine}`, 'webjs')
    assertWrapped(await event(id, (e) => e.exceptions[0].frames[0].resolved_with !== undefined), 'path')
  }
})

test('a build with debug IDs that hides its maps, while it is served', async () => {
  const dir = layApp('builds/otel-id')
  const dist = path.join(dir, 'dist')
  await buildPage(dir, [debugId()], dist)
  assert.ok(readdirSync(path.join(dist, 'assets')).some((file) => file.endsWith('.map')))
  const server = await serveFolder(dist, undefined, (file) => !file.endsWith('.map'))
  try {
    const thrown = await stackOf(server.url)
    const id = await send(thrown, 'hidden maps', 'webjs')
    assertWrapped(await event(id, (e) => e.exceptions[0].frames[0].resolved_with !== undefined), 'debug_id')
  } finally {
    await server.close()
  }
})
