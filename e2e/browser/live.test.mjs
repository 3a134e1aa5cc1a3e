// Overlay-spec.md section 10: what arrives while one looks. A steady stream, pause, a line that breaks, a Collector that
// dies, a page that cannot keep up; and nothing moves under the pointer. Every test has a Collector of its own.
import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import test, { after, before } from 'node:test'
import { startCollector } from './bench/collector.mjs'
import { createIds, message, postOtlp, stream } from './bench/traffic.mjs'
import { launch } from './chromium.mjs'
import { poll } from './hostpage.mjs'

/** Seconds of the steady stream. SPOTLIGHT_LIVE_SECONDS=30 is what section 15 names; every run does with less. */
const SECONDS = Number(process.env.SPOTLIGHT_LIVE_SECONDS ?? 12)
const RATE = 100 // messages a second
/** Milliseconds that anything may take on a busy machine before it counts as never. */
const PATIENCE = 60_000

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

async function collectorFor(t, options) {
  const started = await startCollector(options)
  t.after(() => started.stop())
  return started
}
async function look(url) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 860 } })).newPage()
  page.problems = []
  page.on('pageerror', (error) => page.problems.push(String(error)))
  await page.goto(url)
  await page.getByText('Live', { exact: false }).first().waitFor()
  return page
}
const get = async (collector, route) => (await fetch(`${collector.ui}/api/v1/${route}`)).json()
/** How many records the list of a view holds: "1 204 traces" beside its heading. */
const rowCount = async (page) => Number((await page.locator('main .chip.num').first().innerText({ timeout: PATIENCE })).replaceAll(/\s/g, '').match(/^\d+/)[0])

/** What the page's lists hold, view by view, and what the Collector says it has. */
async function same(page, collector) {
  for (const [key, view, grid] of [['t', 'traces', 'Traces'], ['l', 'logs', 'Logs'], ['e', 'issues', 'Errors']]) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await page.getByRole('grid', { name: grid }).waitFor()
    const { [view]: stored } = (await get(collector, 'status')).counts
    assert.ok(stored > 0, view)
    await poll(`${view} in the page, of ${stored}`, () => rowCount(page), stored, PATIENCE)
  }
}
/** The rows in sight, none twice. */
async function noneTwice(page, own) {
  const texts = (await page.locator('[role=grid] [role=row]').allInnerTexts()).map((text) => own.exec(text)?.[0]).filter(Boolean)
  assert.ok(texts.length > 0)
  assert.deepEqual(texts.filter((text, i) => texts.indexOf(text) !== i), [], 'rows that are there twice')
}

const nanos = (ms) => `${Math.round(ms)}000000`
const text = (key, value) => ({ key, value: { stringValue: value } })
const oneTrace = (collector, name, number) => postOtlp(collector, { resourceSpans: [{ resource: { attributes: [text('service.name', 'shop')] }, scopeSpans: [{ spans: [
  { traceId: number.toString(16).padStart(32, 'a'), spanId: number.toString(16).padStart(16, 'b'), name, kind: 2, startTimeUnixNano: nanos(Date.now() - 10), endTimeUnixNano: nanos(Date.now()) },
] }] }] })
async function manyLogs(collector, service, messages) {
  const answer = await fetch(`${collector.otlp}/v1/logs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ resourceLogs: [{ resource: { attributes: [text('service.name', service)] }, scopeLogs: [{
    logRecords: messages.map((message) => ({ timeUnixNano: nanos(Date.now()), severityNumber: 9, body: { stringValue: message } })),
  }] }] }) })
  assert.equal(answer.status, 200, await answer.text())
}

test(`${RATE} messages a second for ${SECONDS} s: nothing is lost, pause holds the views and resume shows all`, async (t) => {
  const collector = await collectorFor(t)
  const ids = createIds()
  await message(collector, ids, 0)
  const page = await look(`${collector.ui}/traces`)
  await page.getByRole('grid', { name: 'Traces' }).getByRole('row').first().waitFor()
  const began = Date.now()
  const stop = stream(RATE, (number) => message(collector, ids, number))
  await poll('the rate is shown', () => page.locator('.live').innerText(), (said) => /Live\s+\d+\/s/.test(said), PATIENCE)
  await poll('rows come in', () => rowCount(page), (n) => n > 50, PATIENCE)

  await page.keyboard.press('p')
  await page.getByText(/^Paused/).first().waitFor()
  const [held, top] = [await rowCount(page), await page.locator('[role=grid] [role=row]').first().innerText()]
  const waiting = async () => Number(/Paused\s*·\s*([\d\s]+?)\s*waiting/.exec((await page.locator('.live').innerText()).replaceAll(/\s/g, ' '))?.[1]?.replaceAll(/\s/g, '') ?? 0)
  const some = await poll('some wait', waiting, (n) => n > 20, PATIENCE)
  await poll('more wait', waiting, (n) => n > some + 50, PATIENCE)
  assert.equal(await rowCount(page), held, 'views stand still while paused')
  assert.match(await page.locator('[role=grid] [role=row]').first().innerText(), new RegExp(`^${top.split('\n')[0].replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
  await page.keyboard.press('p')
  await poll('resumed', () => rowCount(page), (n) => n > held, PATIENCE)

  await poll('the end of the stream', async () => Date.now() - began, (ms) => ms >= SECONDS * 1000, SECONDS * 1000 + PATIENCE)
  const { sent, failed } = await stop()
  assert.equal(failed, 0)
  assert.ok(sent >= RATE * SECONDS * 0.9, `${sent} were sent`)
  // Of five messages two are traces and two are logs.
  await poll('the Collector has all', async () => (await get(collector, 'status')).counts, (counts) => counts.logs === Math.floor(sent / 5) * 2 + [0, 0, 1, 1, 2][sent % 5], PATIENCE)
  await same(page, collector)
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  assert.equal(await page.getByText(/^Missed/).count(), 0, 'nothing was missed')
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('a line that breaks: what came meanwhile is there when it is back, once', async (t) => {
  const collector = await collectorFor(t)
  const line = await breakable(collector.ports[3])
  t.after(() => line.close())
  for (let i = 1; i <= 20; i++) await oneTrace(collector, `GET /before/${i}`, i)
  const page = await look(`http://127.0.0.1:${line.port}/traces`)
  await poll('all before', () => rowCount(page), 20, PATIENCE)
  await line.cut()
  await page.getByText(/Reconnecting/).first().waitFor()
  assert.equal(await rowCount(page), 20, 'what was there stays')
  for (let i = 21; i <= 40; i++) await oneTrace(collector, `GET /meanwhile/${i}`, i)
  await line.mend()
  await poll('all of both', () => rowCount(page), 40, PATIENCE)
  await page.getByText('Live', { exact: false }).first().waitFor()
  await noneTwice(page, /GET \/\w+\/\d+/)
  assert.equal(await page.getByText(/^Missed/).count(), 0, 'nothing was missed: the Collector remembered')
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

/** A line to a port that can be cut and mended. */
async function breakable(to) {
  const sockets = new Set()
  const proxy = createServer((from) => {
    const on = connect(to, '127.0.0.1')
    for (const socket of [from, on]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
    from.pipe(on).pipe(from)
  })
  const mend = (port) => new Promise((resolve) => proxy.listen(port, '127.0.0.1', resolve))
  await mend(0)
  const { port } = proxy.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => proxy.close(resolve))
  }
  return { port, cut, mend: () => mend(port), close: () => cut() }
}

test('a Collector that is killed and started again: the page says so, comes back by itself, and shows nothing twice', async (t) => {
  const first = await startCollector()
  for (let i = 1; i <= 12; i++) await oneTrace(first, `GET /first/${i}`, i)
  const page = await look(`${first.ui}/traces`)
  await poll('all of the first', () => rowCount(page), 12, PATIENCE)
  await new Promise((resolve) => setTimeout(resolve, 2500)) // by then what is needed without a line has come
  await first.kill()
  await page.getByText(/Reconnecting/).first().waitFor()
  await page.getByText(`The collector at ${first.ui} does not answer`, { exact: false }).waitFor({ timeout: PATIENCE })
  assert.equal(await rowCount(page), 12, 'what was there stays readable')
  const second = await collectorFor(t, { ports: first.ports })
  // The SDK of the application goes on as before: some of the same traces, and new ones.
  for (let i = 11; i <= 15; i++) await oneTrace(second, `GET /${i <= 12 ? 'first' : 'second'}/${i}`, i)
  const told = page.getByText(/^The collector restarted\./)
  await told.first().waitFor({ timeout: PATIENCE })
  assert.equal(await told.count(), 1, 'once')
  await page.getByText(/does not answer/).waitFor({ state: 'detached' })
  await page.locator('.live').getByText(/^Live/).waitFor()
  await poll('what the new one has, and nothing else', () => rowCount(page), 5, PATIENCE)
  await noneTwice(page, /GET \/\w+\/\d+/)
  assert.equal(await page.getByText('GET /first/3', { exact: true }).count(), 0, 'nothing is shown as there that is not')
  await page.getByRole('button', { name: 'Dismiss' }).first().click()
  await told.waitFor({ state: 'detached' })
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('a page that cannot keep up says how much it missed, and is complete again', async (t) => {
  const collector = await collectorFor(t, { set: ['exporters::spotlight::clients::queue_bytes=64KiB', 'exporters::spotlight::clients::queue_frames=4'] })
  await manyLogs(collector, 'flood', ['first'])
  const page = await look(`${collector.ui}/logs`)
  await poll('the first', () => rowCount(page), 1, PATIENCE)
  await new Promise((resolve) => setTimeout(resolve, 2500)) // as above: what tells of gaps is there
  // The page does nothing for some seconds, as at a breakpoint, while more arrives than the buffers of the line hold.
  let sent = 1
  let blocked = true
  const block = page.evaluate((ms) => {
    for (const until = performance.now() + ms; performance.now() < until; );
  }, 6000).finally(() => { blocked = false })
  for (let i = 0; blocked; i++) {
    await manyLogs(collector, 'flood', Array.from({ length: 100 }, (_, k) => `${i}.${k} ${'x'.repeat(4000)}`))
    sent += 100
    if (sent > 9000) await block // as many as a list holds
  }
  await block
  const said = await page.getByText(/^Missed [\d\s]+ items: this page could not keep up/).first().innerText({ timeout: PATIENCE })
  const missed = Number(/Missed ([\d\s]+) items/.exec(said)[1].replaceAll(/\s/g, ''))
  console.log(`${sent} sent; ${said}`)
  assert.ok(missed > 100 && missed <= sent, `${missed} of ${sent}: records, of which one frame carries a hundred and more`)
  await poll('all stored', async () => (await get(collector, 'status')).counts.logs, sent, PATIENCE)
  const counted = () => page.getByRole('navigation').getByRole('link', { name: /^Logs/ }).or(page.getByRole('navigation').getByRole('button', { name: /^Logs/ })).first().locator('[title]').first().getAttribute('title').then((title) => Number(title.replaceAll(/\D/g, '')))
  await poll('all counted', counted, sent, PATIENCE)
  // Its list holds what a page holds that was opened now, and goes on from there.
  const fresh = await look(`${collector.ui}/logs`)
  const holds = await poll('a fresh page', () => rowCount(fresh), (n) => n > 1, PATIENCE)
  await poll('the same in this one', () => rowCount(page), holds, PATIENCE)
  await manyLogs(collector, 'flood', ['and on'])
  await page.getByRole('grid', { name: 'Logs' }).getByText('and on').waitFor({ timeout: PATIENCE })
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('MUST-TRC-1 nothing moves under the pointer, and what has the focus keeps it, while 200 updates arrive', async (t) => {
  const collector = await collectorFor(t)
  const ids = createIds()
  for (let i = 0; i < 200; i++) await message(collector, ids, i)
  for (const [view, grid] of [['errors', 'Errors'], ['traces', 'Traces'], ['logs', 'Logs']]) {
    await t.test(view, async () => {
      const page = await look(`${collector.ui}/${view}`)
      const rows = page.getByRole('grid', { name: grid }).getByRole('row')
      await rows.nth(20).waitFor({ state: 'attached' })
      await poll('all there', async () => rowCount(page), async () => true)
      for (let i = 0; i < 3; i++) await page.keyboard.press(view === 'logs' ? 'k' : 'j')
      if (view === 'logs') {
        // A log that is followed moves by design, until one scrolls away from its end.
        await page.mouse.move(700, 500)
        await page.mouse.wheel(0, -400)
        await page.getByRole('button', { name: /Follow/ }).waitFor()
      }
      const seen = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect()).findIndex((box) => box.top > 300 && box.bottom < 700))
      const row = rows.nth(seen)
      const box = await row.boundingBox()
      const at = { x: box.x + box.width / 3, y: box.y + box.height / 2 }
      await page.mouse.move(at.x, at.y)
      // The row under the pointer: its element is marked, so that another one with the same words is another one.
      const under = () => page.evaluate(({ x, y }) => {
        const own = (row) => (row.querySelector('b') ?? row).textContent.slice(0, 40)
        let found = document.elementFromPoint(x, y)
        while (found?.shadowRoot?.elementFromPoint(x, y) && found.shadowRoot.elementFromPoint(x, y) !== found) found = found.shadowRoot.elementFromPoint(x, y)
        const row = found?.closest('[role=row]')
        if (row === null || row === undefined) return undefined
        row.mark ??= Math.random()
        const { top, left } = row.getBoundingClientRect()
        return { mark: row.mark, words: own(row), top, left }
      }, at)
      const focused = () => page.evaluate(() => {
        let found = document.activeElement
        while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement
        found.mark ??= Math.random()
        return { mark: found.mark, role: found.getAttribute('role'), selected: found.getAttribute('aria-selected'), top: found.getBoundingClientRect().top }
      })
      const [before, focus] = [await under(), await focused()]
      assert.ok(before, 'a row is under the pointer')
      assert.deepEqual([focus.role, focus.selected], ['row', 'true'])
      assert.notEqual(focus.mark, before.mark)
      const status = () => get(collector, 'status').then(({ counts }) => counts)
      const stored = await status()
      for (let i = 0; i < 200; i++) await message(collector, ids, i)
      await poll('all stored', status, (counts) => counts.logs === stored.logs + 80 && counts.traces === stored.traces + 80, PATIENCE)
      const offer = page.getByRole('button', { name: /^(?:↓ )?\d+ new/ })
      await offer.waitFor({ timeout: PATIENCE })
      if (view !== 'errors') await poll('all offered', () => offer.innerText(), (label) => label.includes('80'), PATIENCE)
      assert.deepEqual(await under(), before, 'under the pointer')
      assert.deepEqual(await focused(), focus, 'the focus')
      await page.context().close()
    })
  }
})
