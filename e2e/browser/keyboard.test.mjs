// Overlay-spec.md section 12 without a mouse: every key of its table, a focus that is seen and never lost, small windows,
// large text, less motion.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { launch, open, ui } from './browser.mjs'
import { neverConnects, poll } from './hostpage.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

const get = async (route) => (await fetch(ui + route)).json()
const demo = async () => (await get('/api/v1/traces?limit=1000')).items.find((trace) => trace.span_count === 29)

/** What has the focus, through shadow roots: its words, and whether one sees that it has it. */
const focus = (page) => page.evaluate(() => {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (at === null || at === document.body || at.localName === 'otelcol-spotlight') return { lost: true }
  // A field shows it at the box around it.
  const shows = [at, at.closest('.q') ?? at].some((element) => {
    const style = getComputedStyle(element)
    const accent = style.getPropertyValue('--osp-accent').trim().match(/[0-9a-f]{2}/g)?.map((pair) => parseInt(pair, 16)).join(', ')
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none' || style.borderTopColor === `rgb(${accent})`
  })
  const box = at.getBoundingClientRect()
  return { name: at.getAttribute('aria-label') ?? at.textContent.slice(0, 60), role: at.getAttribute('role') ?? at.localName, shows, inSight: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth }
})

test('Tab reaches every control of a view, in order, and shows where it is', async (t) => {
  const trace = await demo()
  for (const route of ['/errors', '/traces', `/traces/${trace.trace_id}`, '/logs', '/metrics', '/sdks', '/attachments', '/settings']) {
    await t.test(route, async () => {
      const page = await open(browser, route)
      await page.locator('main').first().waitFor()
      await page.waitForTimeout(700)
      const seen = []
      for (let i = 0; i < 70; i++) {
        await page.keyboard.press('Tab')
        const now = await focus(page)
        if (now.lost) break // past the last one, into the browser
        assert.ok(now.shows, `${route}: the focus does not show on ${JSON.stringify(now)}`)
        assert.ok(now.inSight, `${route}: the focus is out of sight on ${JSON.stringify(now)}`)
        seen.push(`${now.role} ${now.name}`)
      }
      assert.ok(seen.length >= 8, seen.join('; '))
      await page.context().close()
    })
  }
})

test('the keys of all views', async () => {
  const page = await open(browser, '/errors')
  await page.getByRole('grid', { name: 'Errors' }).getByRole('row').first().waitFor()
  const at = (path) => poll(`at ${path}`, () => new URL(page.url()).pathname, path)
  for (const [key, path] of Object.entries({ t: '/traces', l: '/logs', m: '/metrics', p: '/profiles', s: '/sdks', a: '/attachments', e: '/errors' })) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await at(path)
  }
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await page.locator('dialog[open]').waitFor()
  await page.keyboard.type('traces')
  await page.keyboard.press('Enter')
  await at('/traces')
  await page.locator('dialog[open]').waitFor({ state: 'detached' })
  await page.keyboard.press('p')
  await page.getByText(/^Paused/).first().waitFor()
  await page.keyboard.press('p')
  await page.getByText('Live', { exact: true }).first().waitFor()
  const wide = () => page.locator('main').first().evaluate((main) => main.getBoundingClientRect().left)
  const before = await wide()
  await page.keyboard.press('[')
  await poll('folded', wide, (left) => left < before)
  await page.keyboard.press('[')
  await poll('unfolded', wide, before)
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('errors without a mouse: down, into the group, open, to its trace, and back with what was there', async () => {
  const page = await open(browser, '/errors')
  const rows = page.getByRole('grid', { name: 'Errors' }).getByRole('row')
  await rows.first().waitFor()
  await page.keyboard.press('j')
  await poll('a row has the focus', async () => (await focus(page)).role, 'row')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await poll('a row still', async () => (await focus(page)).role, 'row')
  await page.keyboard.press('*')
  await page.keyboard.press('Enter')
  await poll('an error', () => page.url(), (url) => /\/errors\/\w+/.test(url))
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  await page.keyboard.press('Escape')
  await poll('the list', () => page.url(), (url) => /\/errors(\?.*)?$/.test(url))
  await rows.first().waitFor()
  await page.keyboard.press('/')
  const trace = await demo()
  await page.keyboard.type(`trace:${trace.trace_id} `)
  await poll('filtered', () => rows.count(), (n) => n >= 1 && n <= 3)
  for (let i = 0; i < 15 && (await focus(page)).role !== 'row'; i++) await page.keyboard.press('Tab')
  assert.equal((await focus(page)).role, 'row')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  await page.keyboard.press('t')
  await poll('its trace', () => page.url(), (url) => url.includes(`/traces/${trace.trace_id}`))
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('a trace without a mouse: rows, folds, errors, zoom, pan, critical path, details, copies, pin, Escape step by step', async () => {
  const trace = await demo()
  const page = await open(browser, `/traces/${trace.trace_id}`, { permissions: ['clipboard-read', 'clipboard-write'] })
  const grid = page.getByRole('treegrid')
  await grid.getByRole('row').first().waitFor()
  const param = (name) => new URL(page.url()).searchParams.get(name)
  const changes = async (key, name, was = param(name)) => {
    await page.keyboard.press(key)
    return poll(`${name} after ${key}`, async () => param(name), (value) => value !== was)
  }
  const count = async () => Number(await grid.getAttribute('aria-rowcount'))
  await changes('j', 'span')
  assert.equal((await focus(page)).role, 'row')
  const all = await count()
  await page.keyboard.press('Shift+ArrowLeft')
  await poll('all folded', count, (n) => n < all / 2)
  assert.equal((await focus(page)).role, 'row', 'the focus stays on the row')
  await page.keyboard.press('Shift+ArrowRight')
  await poll('all unfolded', count, (n) => n >= all)
  await page.keyboard.press('ArrowLeft')
  await poll('folded', count, (n) => n < all)
  await page.keyboard.press('ArrowRight')
  await poll('unfolded', count, (n) => n >= all)
  await changes('ArrowDown', 'span')
  await changes('ArrowUp', 'span')
  await changes('End', 'span')
  await changes('Home', 'span')
  await changes('j', 'span')
  for (const key of ['f', '-', '-', 'd', 'a', '+']) await changes(key, 'z')
  assert.equal(await changes('0', 'z'), null)
  assert.equal(await changes('c', 'cp'), '0')
  assert.equal(await changes('c', 'cp'), null)
  const details = page.getByRole('complementary', { name: 'Span details' })
  await details.waitFor()
  await page.keyboard.press('\\')
  await details.waitFor({ state: 'detached' })
  await page.keyboard.press('\\')
  await details.waitFor()
  for (const [key, form] of [['j', /^\{[^]*"trace_id"/], ['m', /^#|\*\*|```/m], ['l', /^http.*\/traces\/[0-9a-f]{32}/]]) {
    await page.evaluate(() => navigator.clipboard.writeText('nothing'))
    await page.keyboard.press('y')
    await page.keyboard.press(key)
    assert.match(await poll(`y ${key}`, () => page.evaluate(() => navigator.clipboard.readText()), (text) => text !== 'nothing'), form)
  }
  const pinned = async () => (await get(`/api/v1/traces/${trace.trace_id}`)).pinned === true
  await page.keyboard.press('*')
  await poll('pinned', pinned, true)
  await page.getByRole('button', { name: 'Pinned' }).waitFor()
  await page.keyboard.press('*')
  await poll('not pinned', pinned, false)
  await page.keyboard.press('n')
  await poll('an error', async () => (await focus(page)).role, 'row')
  await page.keyboard.press('/')
  await poll('the filter', async () => (await focus(page)).role, 'combobox')
  await page.keyboard.type('op:db')
  await page.keyboard.press('Enter')
  await poll('a filter', async () => param('q'), (q) => q?.includes('db'))
  // One layer at a time: the field, the selection, the trace.
  for (let i = 0; i < 8 && /\/traces\/\w/.test(page.url()); i++) {
    await page.keyboard.press('Escape')
    await page.waitForTimeout(150)
  }
  await poll('all traces', () => page.url(), (url) => /\/traces(\?.*)?$/.test(url))
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('single keys can be turned off; those with Ctrl stay', async () => {
  const page = await open(browser, '/settings')
  await page.getByRole('checkbox', { name: /single keys/i }).focus()
  await page.keyboard.press('Space')
  await page.locator('h1').first().click()
  await page.keyboard.press('?')
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await page.waitForTimeout(300)
  assert.equal(new URL(page.url()).pathname, '/settings')
  assert.equal(await page.locator('dialog[open]').count(), 0)
  await page.keyboard.press('Control+k')
  await page.locator('dialog[open]').waitFor()
  await page.context().close()
})

test('at 320 pixels, and at 200 % on a small screen, nothing but a waterfall and code scrolls sideways', async (t) => {
  const trace = await demo()
  const { items } = await get('/api/v1/issues?limit=1000')
  const issue = items.find((i) => i.title === 'PaymentError')
  for (const [name, viewport] of [['320 pixels', { width: 320, height: 640 }], ['200 %', { width: 640, height: 400 }]]) {
    for (const route of ['/errors', `/errors/${issue.issue_id}`, '/traces', `/traces/${trace.trace_id}`, '/logs', '/metrics', '/sdks', '/attachments', '/settings', '/traces?q=zzz']) {
      await t.test(`${name}: ${route}`, async () => {
        const page = await open(browser, route, { viewport, deviceScaleFactor: 2 })
        await page.locator('main').first().waitFor()
        await page.waitForTimeout(600)
        const wide = await page.evaluate(() => {
          const found = document.documentElement.scrollWidth > innerWidth ? ['the page'] : []
          const look = (root) => {
            for (const element of root.querySelectorAll('*')) {
              if (element.shadowRoot) look(element.shadowRoot)
              const { overflowX } = getComputedStyle(element)
              if ((overflowX === 'auto' || overflowX === 'scroll') && element.scrollWidth > element.clientWidth + 1 && element.matches(':not(pre, .code, .raw, .wf *, [role=tablist], .tabline, .nav, nav)')) found.push(`${element.localName}.${element.className} ${element.scrollWidth} > ${element.clientWidth}`)
              // What is cut off at the edge of the window cannot be reached at all.
              if (element.matches('button, a, input, select') && !element.closest('[role=tablist], .tabline, nav, .wf, .sr') && element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) {
                const box = element.getBoundingClientRect()
                if (box.width > 0 && box.left >= innerWidth - 1) found.push(`beyond the edge: ${element.getAttribute('aria-label') ?? element.textContent}`)
              }
            }
          }
          look(document)
          return found
        })
        assert.deepEqual(wide, [])
        await page.context().close()
      })
    }
  }
})

test('nothing moves for those who asked for that', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.addInitScript(neverConnects) // where something moves else
  await page.goto(`${ui}/traces`)
  await page.getByText(/Connecting/).first().waitFor()
  const moving = () => page.evaluate(() => document.querySelector('otelcol-spotlight').shadowRoot.getAnimations().filter((a) => a.playState === 'running').length)
  assert.equal(await moving(), 0)
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await poll('moving', moving, (n) => n > 0)
  await context.close()
})
