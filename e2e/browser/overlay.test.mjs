// The overlay in a real browser, over a Collector that holds what real SDKs sent.
import assert from 'node:assert/strict'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { launch, open, sentry, shots, ui } from './browser.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

async function get(route) {
  const response = await fetch(ui + route)
  assert.equal(response.status, 200, route)
  return response.json()
}

/** The trace of the corpus that crosses four processes and three kinds of SDK. */
async function headline() {
  const { items } = await get('/api/v1/traces?limit=1000')
  return items.find((trace) => trace.span_count === 29)
}

/** The heading of a view once it stands still: a trace is called by its id until it has arrived. */
async function settledTitle(page) {
  const heading = page.getByRole('heading', { level: 1 }).first()
  await heading.waitFor()
  for (let last = ''; ; ) {
    const text = await heading.innerText()
    if (text === last) return text
    last = text
    await page.waitForTimeout(400)
  }
}

async function shot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`) })
}

test('one trace across a Sentry browser SDK, a Sentry Node SDK, an OTel Go service and a Sentry Python service', async () => {
  const page = await open(browser, '/traces')
  await page.getByRole('grid').getByText('/vanilla').first().click()
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/)
  const rows = page.getByRole('treegrid').getByRole('row')
  await rows.first().waitFor()
  assert.match(await rows.first().innerText(), /shop-web/)
  const summary = await headline()
  assert.deepEqual([...summary.services].sort(), ['discounts', 'pricing', 'shop-api', 'shop-web'])
  for (const service of summary.services) await page.getByRole('button', { name: service, exact: true }).waitFor()
  assert.equal(await page.getByRole('treegrid').getByRole('row', { level: 1 }).count(), 1, 'one root')
  await shot(page, 'trace')
  assert.deepEqual(page.problems, [])
})

test('a span opens its details, and the URL restores them', async () => {
  const trace = await headline()
  const page = await open(browser, `/traces/${trace.trace_id}`)
  await page.getByRole('treegrid').getByRole('row', { name: /GET \/price\/A1/ }).last().click()
  const details = page.getByRole('complementary', { name: 'Span details' })
  await details.getByText('user_agent.original').waitFor()
  await page.waitForURL(/span=/)
  const url = page.url()
  await page.reload()
  await details.getByText('user_agent.original').waitFor()
  assert.equal(page.url(), url)
})

test('MUST-ERR-2 an error shows its source by a path inside the project', async () => {
  const page = await open(browser, '/errors')
  await page.getByRole('grid', { name: 'Errors' }).getByText('PaymentError').first().click()
  await page.getByRole('heading', { name: 'PaymentError' }).first().waitFor()
  await page.locator('main').getByText('chargeCard').first().waitFor()
  const text = await page.locator('main').innerText()
  assert.match(text, /Payment of 49\.5 failed/)
  assert.match(text, /~\/app\.mjs/)
  assert.doesNotMatch(text, /\/(home|root|Users)\//)
  assert.match(text, /SyntaxError/, 'the cause')
  await shot(page, 'error')
  assert.deepEqual(page.problems, [])
})

test('MUST-URL-1 every view comes back after a reload', async () => {
  const trace = await headline()
  for (const route of ['/errors', '/traces', `/traces/${trace.trace_id}`, '/logs', '/metrics', '/sdks', '/attachments', '/settings']) {
    const page = await open(browser, route)
    const title = await settledTitle(page)
    await page.reload()
    assert.equal(await settledTitle(page), title, route)
    assert.deepEqual(page.problems, [], route)
    await page.context().close()
  }
})

test('MUST-URL-1 a reload restores selection, filter, zoom and panel; views are steps back, selections are not', async () => {
  const trace = await headline()
  const page = await open(browser, `/traces/${trace.trace_id}`)
  const tree = page.getByRole('treegrid')
  await tree.getByRole('row').first().waitFor()
  const steps = () => page.evaluate(() => history.length)
  const before = await steps()
  await tree.getByRole('row', { name: /GET \/price\/A1/ }).last().click()
  const details = page.getByRole('complementary', { name: 'Span details' })
  await details.getByRole('tab', { name: /Attributes/ }).click()
  await page.getByRole('button', { name: 'Critical path' }).click()
  await page.getByRole('treegrid').getByRole('row', { selected: true }).focus()
  await page.keyboard.press('f')
  await page.waitForURL(/z=\d/)
  await page.keyboard.press('/')
  await page.keyboard.type('dur:>1ms')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => ['span', 'tab', 'z', 'cp', 'q'].every((name) => url.searchParams.has(name)))
  const state = async () => ({
    url: page.url(), row: await tree.getByRole('row', { selected: true }).innerText(), tab: await details.getByRole('tab', { selected: true }).innerText(),
    filter: (await page.getByRole('search').first().locator('.tok').allInnerTexts()).join(' ').replaceAll(/\s/g, ''), critical: await page.getByRole('button', { name: 'Critical path' }).getAttribute('aria-pressed'),
    bar: await tree.getByRole('row', { selected: true }).locator('.bar').evaluate((bar) => [bar.style.left, bar.style.width]),
  })
  const was = await state()
  assert.equal(was.critical, 'false', 'it is on until it is turned off')
  assert.match(was.filter, /dur:>1ms/)
  assert.equal(await steps(), before, 'what is looked at in a view is no step')
  await page.reload()
  await details.getByRole('tab', { name: /Attributes/ }).waitFor()
  assert.deepEqual(await state(), was)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Logs/ }).click()
  await page.waitForURL(/\/logs/)
  assert.equal(await steps(), before + 1, 'another view is one')
  await page.goBack()
  await details.getByRole('tab', { name: /Attributes/ }).waitFor()
  assert.deepEqual(await state(), was)

  for (const length of [8, 12]) {
    await page.goto(`${ui}/traces/${trace.trace_id.slice(0, length)}`)
    await page.getByRole('heading', { name: '/vanilla' }).waitFor()
  }
  const { items: [event] } = await get('/api/v1/events?limit=1')
  await page.goto(`${ui}/errors/-/${event.event_id.slice(0, 8)}`)
  await page.getByRole('heading', { name: event.title }).first().waitFor()
  for (const route of [`/traces/${'e'.repeat(32)}`, '/traces/eeeeeeee', `/errors/-/${'e'.repeat(32)}`, `/errors/${'e'.repeat(32)}`]) {
    await page.goto(ui + route)
    await page.getByText(/not in the buffer any more/i).first().waitFor()
  }
})

test('an id that is not there says so', async () => {
  const page = await open(browser, '/traces/ffffffffffffffffffffffffffffffff')
  await page.getByText(/not in the buffer/i).waitFor()
})

test('an error appears while the page is open', async () => {
  const page = await open(browser, '/errors')
  await page.getByRole('heading', { name: 'Errors' }).waitFor()
  await page.getByText('Live', { exact: true }).first().waitFor()
  const id = 'ab'.repeat(16)
  const event = { event_id: id, platform: 'node', level: 'error', exception: { values: [{ type: 'LiveError', value: '<img src=x onerror="window.__pwned=1">' }] } }
  const body = `{"event_id":"${id}"}\n{"type":"event"}\n${JSON.stringify(event)}\n`
  const response = await fetch(`${sentry}/api/1/envelope/?sentry_key=key`, { method: 'POST', body })
  assert.equal(response.status, 200)
  await page.getByRole('grid', { name: 'Errors' }).getByText('LiveError').first().click()
  await page.getByRole('heading', { name: 'LiveError' }).first().waitFor()
  assert.equal(await page.evaluate(() => window.__pwned), undefined, 'text stays text')
})
