// Pages of strangers for the overlay to live in. Each is served by the test on a generated port, with the build of the
// overlay under /spot/, as a site would that ships the npm package itself.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launch, sentry, ui } from './browser.mjs'
import { launchFirefox } from './firefox.mjs'

const dist = fileURLToPath(new URL('../../overlay/dist/', import.meta.url))

/** A page: its head and body, its headers; routes may answer other paths. Returns its origin and what ends it. */
export async function serve({ head = '', body = '<h1>Page</h1>', html = '', headers = {}, routes = {} } = {}) {
  const server = createServer(async (request, response) => {
    const path = request.url.replace(/\?.*$/, '')
    if (path in routes) {
      const { type = 'text/html', text, headers: own = headers } = routes[path]
      response.writeHead(200, { 'content-type': type, ...own })
      return response.end(text)
    }
    if (path.startsWith('/spot/')) {
      const file = await readFile(dist + path.slice(6)).catch(() => undefined)
      response.writeHead(file === undefined ? 404 : 200, { 'content-type': 'text/javascript' })
      return response.end(file)
    }
    if (path === '/favicon.ico') return response.writeHead(204).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
    response.end(`<!doctype html><html${html}><head><title>Page</title>${head}</head><body>${body}</body></html>`)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) }
}

/** The script element that embeds the overlay of the Collector under test. */
export const tag = (data = '') => `<script type="module" src="${ui}/overlay.js" ${data}></script>`

/** The same, from the page's own origin. */
export const ownTag = (data = '') => `<meta name="spotlight-endpoint" content="${ui}"><script type="module" src="/spot/overlay.js" ${data}></script>`

/** Opens a page in a window of its own and collects what goes wrong in it into page.problems. */
export async function visit(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  page.problems = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') page.problems.push(message.text())
  })
  page.on('pageerror', (error) => page.problems.push(String(error)))
  if (options.before !== undefined) await page.addInitScript(options.before)
  await page.goto(url)
  return page
}

export const trigger = (page) => page.locator('otelcol-spotlight .trig')
export const drawer = (page) => page.locator('otelcol-spotlight').getByRole('dialog', { name: 'Spotlight' })

export async function openDrawer(page) {
  await trigger(page).waitFor()
  await trigger(page).click()
  await drawer(page).waitFor()
  await page.locator('otelcol-spotlight .ehead .dot:not(.off)').waitFor()
  await page.locator('otelcol-spotlight .view').waitFor()
}

/** Sends one Sentry item to the Collector, as an SDK does. */
export async function send(type, payload) {
  const body = `{"event_id":"${payload.event_id}"}\n${JSON.stringify({ type })}\n${JSON.stringify(payload)}\n`
  const answer = await fetch(`${sentry}/api/1/envelope/?sentry_key=web`, { method: 'POST', body, headers: { 'content-type': 'application/x-sentry-envelope' } })
  if (!answer.ok) throw new Error(`the Collector answered ${answer.status}`)
}

export const id = (bytes) => Array.from({ length: bytes * 2 }, () => Math.floor(Math.random() * 16).toString(16)).join('')

/** A pageload or navigation of a page, of the given length in seconds. */
export function load(url, { op = 'pageload', trace = id(16), start = Date.now() / 1000, seconds = 1.24 } = {}) {
  return send('transaction', {
    event_id: id(16), type: 'transaction', transaction: new URL(url).pathname, platform: 'javascript', start_timestamp: start, timestamp: start + seconds,
    sdk: { name: 'sentry.javascript.browser', version: '10.0.0' }, request: { url },
    contexts: { trace: { trace_id: trace, span_id: id(8), op, status: 'ok', data: { 'url.full': url } } }, spans: [],
  })
}

export function error(message, { trace = id(16), event_id = id(16), handled = false, type = 'PaymentError' } = {}) {
  return send('event', {
    event_id, platform: 'javascript', timestamp: Date.now() / 1000, level: 'error', contexts: { trace: { trace_id: trace, span_id: id(8) } },
    exception: { values: [{ type, value: message, mechanism: { type: 'onerror', handled }, stacktrace: { frames: [{ function: 'pay', filename: '/app/pay.js', lineno: 3, in_app: true }] } }] },
  })
}

/** Whether these tests run in Firefox: SPOTLIGHT_BROWSER=firefox. */
export const inFirefox = process.env.SPOTLIGHT_BROWSER === 'firefox'

/** A browser for the tests of a file; .get() is for their bodies. */
export function useBrowser() {
  let browser
  before(async () => {
    browser = await (inFirefox ? launchFirefox() : launch())
  })
  after(() => browser.close())
  return { get: () => browser }
}

/** onPage(spec, work): serves a page, opens it, and closes both in the end. */
export const pages = (browser) => async (spec, work, options = {}) => {
  const site = await serve(spec)
  const page = await visit(browser.get(), site.origin + (spec.path ?? '/'), options)
  try {
    return await work(page, site)
  } finally {
    await page.context().close()
    await site.close()
  }
}

/** Reads until it is what is wanted. */
export async function poll(what, read, wanted, ms = 8000) {
  const until = Date.now() + ms
  let last
  do {
    last = await read()
    if (typeof wanted === 'function' ? wanted(last) : last === wanted) return last
    await new Promise((resolve) => setTimeout(resolve, 50))
  } while (Date.now() < until)
  assert.fail(`${what}: ${JSON.stringify(last)}`)
}

/** For addInitScript: sockets of this page stay in the state of connecting. */
export function neverConnects() {
  window.WebSocket = class extends EventTarget {
    readyState = 0
    send() {}
    close() {}
  }
}

/** For addInitScript: counts what is begun in the page and not ended; window.__left() says what. */
export function watchTheBrowser() {
  const listeners = new Set()
  const { addEventListener, removeEventListener } = EventTarget.prototype
  EventTarget.prototype.addEventListener = function (type, fn, options) {
    const lasting = this === window || this === document || this instanceof MediaQueryList || this === document.documentElement
    if (lasting && fn !== null) {
      const entry = { on: this, type, fn, capture: options === true || options?.capture === true }
      listeners.add(entry)
      options?.signal?.addEventListener('abort', () => listeners.delete(entry))
    }
    return addEventListener.call(this, type, fn, options)
  }
  EventTarget.prototype.removeEventListener = function (type, fn, options) {
    const capture = options === true || options?.capture === true
    for (const l of listeners) if (l.on === this && l.type === type && l.fn === fn && l.capture === capture) listeners.delete(l)
    return removeEventListener.call(this, type, fn, options)
  }
  const timers = new Map()
  for (const [set, clear, once] of [['setTimeout', 'clearTimeout', true], ['setInterval', 'clearInterval', false], ['requestAnimationFrame', 'cancelAnimationFrame', true]]) {
    const begin = window[set]
    const end = window[clear]
    window[set] = (fn, ...rest) => {
      const number = begin((...args) => {
        if (once) timers.delete(`${set} ${number}`)
        return fn(...args)
      }, ...rest)
      timers.set(`${set} ${number}`, String(fn).slice(0, 80))
      return number
    }
    window[clear] = (number) => {
      timers.delete(`${set} ${number}`)
      return end(number)
    }
  }
  const sockets = new Set()
  const Socket = window.WebSocket
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args)
      sockets.add(this)
      this.addEventListener('close', () => sockets.delete(this))
    }
  }
  let observers = 0
  for (const name of ['MutationObserver', 'ResizeObserver']) {
    window[name] = class extends window[name] {
      observe(...args) {
        if (!this.on) observers++
        this.on = true
        super.observe(...args)
      }
      disconnect() {
        if (this.on) observers--
        this.on = false
        super.disconnect()
      }
    }
  }
  window.__left = () => ({ listeners: [...listeners].map((l) => l.type), timers: [...timers.values()], sockets: sockets.size, observers })
}
