// Nine reference views, pixel by pixel, against goldens/*.png. Only what the overlay draws is in them: its code comes from the
// built binary, its data and its clock stand still, and all text is set in Inter, which the binary carries. A view that was
// meant to change: look at the pictures that the failed test names, then accept them with
//   make build && UPDATE_GOLDENS=1 node --test e2e/browser/visual.test.mjs
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import * as data from '../../overlay/tools/fixtures.mjs'
import { startCollector } from './bench/collector.mjs'
import { launch } from './chromium.mjs'

const GOLDENS = fileURLToPath(new URL('./goldens/', import.meta.url))
/** Where the pictures of a failed test go. */
const FAILED = fileURLToPath(new URL('./goldens-failed/', import.meta.url))
const UPDATE = process.env.UPDATE_GOLDENS === '1'
/** Share of pixels that may differ (overlay-spec.md section 15), and by how much one must to count: pixelmatch's default. */
const MOST = 0.001
const THRESHOLD = 0.1

const NOW = Date.UTC(2026, 10, 21, 14, 2, 20)
const T0 = NOW - 9000
const ERROR = 'a1b2c3d4e5f60718'
const checkout = data.checkoutTrace(T0)
const event = data.errorEvent(T0)
const status = (empty) => data.status('goldens', 100, empty, NOW)
const lists = {
  traces: [checkout.summary], issues: data.issues(NOW), events: [data.errorSummary(T0)], services: data.services(NOW), items: data.items(NOW), metrics: data.metrics(NOW),
  logs: [...data.manyLogs(2400, NOW), ...checkout.logs].sort((a, b) => (a.time < b.time ? 1 : -1)), counts: status(false).counts,
}

let browser, collector, inter
before(async () => {
  collector = await startCollector()
  browser = await launch('--font-render-hinting=none', '--disable-lcd-text', '--disable-font-subpixel-positioning', '--force-color-profile=srgb')
  const app = await (await fetch(collector.ui)).text()
  inter = await interOf(app)
  rmSync(FAILED, { recursive: true, force: true })
})
after(async () => {
  await browser?.close()
  await collector?.stop()
})

/** The address of the font that the build carries: a script of the first load names it. */
async function interOf(html) {
  for (const [, script] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)) {
    const name = /assets\/inter-latin-wght-normal[\w-]*\.woff2/.exec(await (await fetch(collector.ui + script)).text())?.[0]
    if (name !== undefined) return `${collector.ui}/${name}`
  }
  throw new Error('the build of the overlay carries no Inter: have goldens use the font it has now')
}

/** What the Collector would answer. */
async function answer(route) {
  const { pathname } = new URL(route.request().url())
  const at = pathname.replace('/api/v1/', '')
  const known = {
    status: status(false), [`traces/${data.TRACE}`]: checkout.trace, [`events/${event.event_id}`]: event,
    [`issues/${ERROR}`]: { ...lists.issues.find((issue) => issue.issue_id === ERROR), events: lists.events },
  }[at] ?? (/^traces\/\w+\/spans\/\w+$/.test(at) ? data.spanDetails(T0) : undefined)
  if (known === undefined) return route.fulfill({ status: 404, json: { error: `there is no ${pathname}` } })
  return route.fulfill({ json: known })
}

function talk(socket, empty) {
  const send = (frame) => socket.send(JSON.stringify({ seq: 100, ...frame }))
  send({ type: 'hello', status: status(empty) })
  socket.onMessage((text) => {
    const request = JSON.parse(text)
    if (request.type === 'ping') send({ type: 'pong' })
    if (request.type === 'subscribe') send({ type: 'snapshot', snapshot: empty ? {} : lists })
    if (request.type === 'open' && request.trace_id !== undefined) send({ type: 'trace', trace: { trace_id: data.TRACE, whole: true, version: checkout.trace.version, trace: checkout.trace } })
    if (request.type === 'open' && request.event_id !== undefined) send({ type: 'event', event })
  })
}

async function open(url, { light = false, empty = false } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, colorScheme: light ? 'light' : 'dark', reducedMotion: 'reduce', locale: 'en-US', timezoneId: 'UTC', bypassCSP: true,
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(NOW)
  await page.route('**/api/v1/**', answer)
  await page.routeWebSocket(/\/ws$/, (socket) => talk(socket, empty))
  await page.route('**/shop', (route) => route.fulfill({ contentType: 'text/html', body: host() }))
  await page.goto(url)
  return page
}

/** A page of an application, of which only boxes are in the picture. */
const host = () => `<!doctype html><html lang="en"><head><title>Shop</title><meta name="traceparent" content="00-${data.TRACE}-5b1f0c9e77ab02d4-01">
<style>body{margin:0;background:#f3efe6}header{height:64px;background:#1f4d46}main{margin:40px;height:260px;background:#fff}</style></head>
<body><header></header><main></main><script type="module" src="${collector.ui}/overlay.js"></script></body></html>`

/** Sets all text in Inter; what Inter has no glyph for, whatever font a machine would take it from, becomes a middle dot. */
async function setInInter(page) {
  await page.evaluate(async (url) => {
    const face = await new FontFace('Inter', `url(${url})`, { weight: '100 900' }).load()
    document.fonts.add(face)
    await document.fonts.ready
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('*, ::before, ::after { font-family: Inter !important; scrollbar-width: none !important; caret-color: transparent !important }')
    const beyond = /[^\u0000-\u00ff\u0131\u0152\u0153\u02bb\u02bc\u02c6\u02da\u02dc\u2000-\u206f\u20ac\u2122\u2191\u2193\u2212\u2215]/gu
    const inside = (root) => {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
      root.host.style.setProperty('--osp-font-ui', 'Inter', 'important')
      root.host.style.setProperty('--osp-font-mono', 'Inter', 'important')
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) if (beyond.test(texts.currentNode.data)) texts.currentNode.data = texts.currentNode.data.replaceAll(beyond, '·')
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) inside(element.shadowRoot)
    }
    for (const element of document.querySelectorAll('*')) if (element.shadowRoot) inside(element.shadowRoot)
  }, inter)
}

/** Fonts of the machine that are in the picture after all, with the text they are used for. */
async function strangers(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('DOM.enable')
  await cdp.send('CSS.enable')
  const { nodes } = await cdp.send('DOM.getFlattenedDocument', { depth: -1, pierce: true })
  const named = new Map(nodes.map((node) => [node.nodeId, node.nodeName]))
  const texts = nodes.filter((node) => node.nodeType === 3 && node.nodeValue.trim() !== '' && !/^(STYLE|SCRIPT|TITLE)$/.test(named.get(node.parentId)))
  const found = await Promise.all(texts.map(async ({ nodeId, nodeValue }) => {
    const { fonts } = await cdp.send('CSS.getPlatformFontsForNode', { nodeId })
    return fonts.filter((font) => !font.isCustomFont).map((font) => `${font.familyName} for ${JSON.stringify(nodeValue.slice(0, 60))}`)
  }))
  await cdp.detach()
  return found.flat()
}

/** The picture once it stands still. */
async function picture(page) {
  await page.mouse.move(0, 0)
  let last
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' })
    if (last?.equals(shot)) return PNG.sync.read(shot)
    last = shot
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  }
  throw new Error('the view never stands still')
}

const write = (file, png) => {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, PNG.sync.write(png, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 }))
}

async function compare(page, name) {
  await setInInter(page)
  const actual = await picture(page)
  assert.deepEqual(await strangers(page), [], 'fonts of this machine are in the picture')
  const golden = path.join(GOLDENS, `${name}.png`)
  const accept = 'accept it with: make build && UPDATE_GOLDENS=1 node --test e2e/browser/visual.test.mjs'
  if (UPDATE) return write(golden, actual)
  assert.ok(existsSync(golden), `${golden} is not there; ${accept}`)
  const wanted = PNG.sync.read(readFileSync(golden))
  assert.deepEqual([actual.width, actual.height], [wanted.width, wanted.height], 'size of the picture')
  const diff = new PNG({ width: wanted.width, height: wanted.height })
  const differ = pixelmatch(wanted.data, actual.data, diff.data, wanted.width, wanted.height, { threshold: THRESHOLD, includeAA: false }) / (wanted.width * wanted.height)
  if (differ <= MOST) return
  const [shown, marked] = ['actual', 'diff'].map((kind) => path.join(FAILED, `${name}.${kind}.png`))
  write(shown, actual)
  write(marked, diff)
  assert.fail(`${name}: ${(differ * 100).toFixed(2)} % of the pixels differ from ${golden}. Look at ${shown} and ${marked}. If that is how it should be, ${accept}`)
}

const grid = (page, name) => page.getByRole('grid', { name }).getByRole('row').first().waitFor()
const error = async (page) => {
  await page.getByRole('region', { name: 'What happened before' }).getByText('this error').waitFor()
  await page.getByRole('complementary', { name: 'Context' }).waitFor()
}
const trace = (page) => page.getByRole('complementary', { name: 'Span details' }).getByText('retry.attempt').waitFor()
const TRACE = `/traces/${data.TRACE}?span=5b1f0c9e77ab02d4`

// A name, a path, what must be seen first, how it is opened.
for (const [name, at, seen, how] of [
  ['errors', '/errors', (page) => grid(page, 'Errors')],
  ['error', `/errors/${ERROR}`, error],
  ['error-light', `/errors/${ERROR}`, error, { light: true }],
  ['trace', TRACE, trace],
  ['trace-light', TRACE, trace, { light: true }],
  ['logs', '/logs', (page) => grid(page, 'Logs')],
  ['sdks', '/sdks', (page) => page.getByText('sentry.javascript.react').first().waitFor()],
  ['empty', '/', (page) => page.getByText('Nothing received yet').waitFor(), { empty: true }],
  ['embedded', '/shop', async (page) => {
    await page.locator('otelcol-spotlight .trig .badge:not([hidden])').waitFor() // once a second it says what is new
    await page.locator('otelcol-spotlight .trig').click()
    await page.locator('otelcol-spotlight .ehead .dot:not(.off)').waitFor()
    await page.locator('otelcol-spotlight').getByRole('treegrid').or(page.locator('otelcol-spotlight').getByRole('grid')).getByRole('row').first().waitFor()
  }],
]) {
  test(`${name} looks as it did`, async () => {
    const page = await open(collector.ui + at, how)
    await seen(page)
    await compare(page, name)
    await page.context().close()
  })
}
