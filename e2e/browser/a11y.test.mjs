// MUST-A11Y-1 to 3: every view in every state and theme against the rules of WCAG 2.2 A and AA; colours that the system
// chooses, less motion, more contrast, large text, narrow windows.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { startCollector } from './bench/collector.mjs'
import { launch, open, shots, ui } from './browser.mjs'
import { drawer, neverConnects, openDrawer, serve, tag, trigger, visit } from './hostpage.mjs'

const AXE = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']
// What a theme can break; the others see the same elements. Colours that the system forces are no business of the sheet,
// and axe reads those of the sheet: there it looks at sizes, and a test below at what is left to tell states apart.
const THEMES = [['dark', { colorScheme: 'dark' }, RULES], ['light', { colorScheme: 'light' }, ['color-contrast', 'link-in-text-block', 'target-size']], ['forced colours', { colorScheme: 'dark', forcedColors: 'active' }, ['target-size']]]

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

const get = async (route) => (await fetch(ui + route)).json()

/** The rules a page breaks as it is now, in every theme. */
async function check(page, what, include) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const broken = []
  for (const [theme, media, rules] of THEMES) {
    await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce', ...media })
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    const { violations } = await page.evaluate(([rules, within]) => window.axe.run(within ?? document, { runOnly: rules, resultTypes: ['violations'] }), [rules, include])
    for (const v of violations) broken.push(`${what}, ${theme}: ${v.id}: ${v.nodes.slice(0, 3).map((node) => `${node.target.flat().join(' ')} (${node.any[0]?.message ?? node.none[0]?.message ?? ''})`).join('; ')}`)
    if (shots !== '') await page.screenshot({ path: path.join(shots, `a11y-${what}-${theme}.png`.replaceAll(/[^\w.-]+/g, '-')) })
  }
  return broken
}

/** The page as it comes, then each of its tabs. */
async function checkTabs(page, what) {
  const broken = await check(page, what)
  const tabs = page.getByRole('tab')
  for (let i = 0; i < (await tabs.count()); i++) {
    if ((await tabs.nth(i).getAttribute('aria-selected')) === 'true') continue
    const name = await tabs.nth(i).innerText()
    await tabs.nth(i).click()
    broken.push(...(await check(page, `${what}, tab ${name.replaceAll(/\s+/g, ' ')}`)))
  }
  return broken
}

/** What is open on top: it may cover a part of what is below. */
const popup = (page, what) => check(page, what, { include: [['otelcol-spotlight', ':popover-open, dialog[open]']] })

const first = (role) => async (page) => {
  await page.getByRole(role).getByRole('row').first().click()
  await page.waitForTimeout(500)
}
const press = (...keys) => async (page) => {
  for (const key of keys) await page.keyboard.press(key)
  await page.waitForTimeout(400)
}
const button = (name) => async (page) => {
  await page.getByRole('button', { name }).first().click()
  await page.waitForTimeout(300)
}

// What is looked at: a name, where, and what is done there first.
async function states() {
  const { items: traces } = await get('/api/v1/traces?limit=1000')
  const { items: issues } = await get('/api/v1/issues?limit=1000')
  const demo = traces.find((trace) => trace.span_count === 29)
  const groups = [...new Map(issues.map((issue) => [issue.title, issue])).values()].slice(0, 6)
  return [
    ['errors', '/errors'],
    ['errors, a group opened', '/errors', async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('ArrowRight')
    }],
    ...groups.map((issue) => [`error ${issue.title}`, `/errors/${issue.issue_id}`]),
    ['traces', '/traces'],
    ['a trace', `/traces/${demo.trace_id}`],
    ['a span', `/traces/${demo.trace_id}`, async (page) => {
      await page.getByRole('treegrid').getByRole('row', { name: /GET \/price\/A1/ }).last().click()
      await page.getByRole('complementary', { name: 'Span details' }).waitFor()
    }],
    ['a trace, filtered', `/traces/${demo.trace_id}?q=op%3Adb&only=1`],
    ['a trace, its clocks as they were', `/traces/${demo.trace_id}?raw=1`],
    ['flame graph', `/traces/${demo.trace_id}?as=flame`, press('j')],
    ['table of spans', `/traces/${demo.trace_id}?as=table`],
    ['logs', '/logs'],
    ['a log', '/logs', first('grid')],
    ['metrics', '/metrics'],
    ['a metric', '/metrics', first('grid')],
    ['profiles', '/profiles'],
    ['replays', '/replays'],
    ['attachments', '/attachments'],
    ['other items', '/attachments?tab=other'],
    ['SDKs', '/sdks'],
    ['settings', '/settings'],
    ['settings, compact', '/settings', (page) => page.getByLabel('Density').selectOption('compact')],
    ['commands', '/errors', press('Control+k')],
    ['commands, something typed', '/errors', async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('tra')
    }],
    ['keys', '/errors', press('?')],
    ['typing a filter', '/errors', async (page) => {
      await page.keyboard.press('/')
      await page.keyboard.type('is:')
    }],
    ['sessions', '/errors', button(/^Session/), popup],
    ['no match', '/errors?q=zzz'],
    ['a term that means nothing', '/traces?q=is%3Awrong'],
    ['an earlier session', '/traces?session=99'],
    ['an unknown trace', '/traces/ffffffffffffffffffffffffffffffff'],
    ['an unknown error', '/errors/ffffffffffffffff'],
    ['folded sidebar', '/traces', press('[')],
    ['paused', '/traces', press('p')],
    ['undo', '/attachments', async (page) => {
      await page.evaluate(() => navigator.clipboard.writeText('').catch(() => {}))
      await page.keyboard.press('y')
      await page.keyboard.press('l')
    }],
  ]
}

test('MUST-A11Y-1 no view in any state breaks a rule of WCAG 2.2 A or AA, in any theme', async (t) => {
  for (const [name, route, prepare, look = checkTabs] of await states()) {
    await t.test(name, async () => {
      const page = await open(browser, route, { bypassCSP: true })
      await page.locator('main').first().waitFor()
      await page.waitForTimeout(600)
      await prepare?.(page)
      assert.deepEqual(await look(page, name), [])
      await page.context().close()
    })
  }
})

/** A page whose line to the Collector goes through the test. */
async function lineOf(at, route, meddle) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, bypassCSP: true })
  const page = await context.newPage()
  if (meddle === neverConnects) await page.addInitScript(neverConnects)
  else await page.routeWebSocket(/\/ws$/, meddle)
  await page.goto(at + route)
  await page.locator('main').first().waitFor()
  await page.waitForTimeout(800)
  return page
}

test('MUST-A11Y-1 nor does what they say without data, or without a line', async (t) => {
  const empty = await startCollector()
  t.after(() => empty.stop())
  const refused = (socket) => socket.close({ code: 1011 })
  const changed = (change) => (socket) => {
    const server = socket.connectToServer()
    server.onMessage((text) => {
      for (const frame of change(JSON.parse(text))) socket.send(JSON.stringify(frame))
    })
  }
  const cases = [
    ...['errors', 'traces', 'logs', 'metrics', 'profiles', 'replays', 'sdks', 'attachments', 'settings'].map((view) => [`first run: ${view}`, empty.ui, `/${view}`]),
    ['connecting', ui, '/errors', neverConnects],
    ['connecting, a trace', ui, '/traces/ffffffffffffffffffffffffffffffff', neverConnects],
    ['reconnecting', ui, '/traces', refused],
    ['incompatible', ui, '/traces', changed((frame) => [frame.type === 'hello' ? { ...frame, status: { ...frame.status, version: '9.0.0' } } : frame])],
    ...['errors', 'traces', 'logs'].map((view) => [`missed some: ${view}`, ui, `/${view}`, changed((frame) => [frame, ...(frame.type === 'snapshot' ? [{ type: 'resync', seq: frame.seq, missed: 1204, reason: 'slow_client' }] : [])])]),
    ['no errors', ui, '/errors', changed((frame) => [frame.type === 'snapshot' ? { ...frame, snapshot: { ...frame.snapshot, issues: [], events: [] } } : frame])],
    ['errors, but no spans', ui, '/traces', changed((frame) => [frame.type === 'snapshot' ? { ...frame, snapshot: { ...frame.snapshot, traces: [] } } : frame])],
    ['no logs', ui, '/logs', changed((frame) => [frame.type === 'snapshot' ? { ...frame, snapshot: { ...frame.snapshot, logs: [] } } : frame])],
  ]
  for (const [name, at, route, meddle = (socket) => void socket.connectToServer()] of cases) {
    await t.test(name, async () => {
      const page = await lineOf(at, route, meddle)
      assert.deepEqual(await (name === 'first run: traces' ? checkTabs : check)(page, name), [])
      await page.context().close()
    })
  }
})

test('MUST-A11Y-1 nor the overlay inside a page', async (t) => {
  const site = await serve({ html: ' lang="en"', head: tag(), body: '<main><h1>Page</h1><p>Text</p></main>' })
  const within = { include: [['otelcol-spotlight']] }
  t.after(() => site.close())
  const cases = [
    ['closed', async () => {}],
    ['its menu', async (page) => {
      await trigger(page).focus()
      await page.keyboard.press('Shift+F10')
    }],
    ['open', openDrawer],
    ['no trace of this page', async (page) => {
      await openDrawer(page)
      await drawer(page).getByRole('button', { name: 'this page sent no trace yet' }).click()
    }],
    ...['Errors', 'Traces', 'Logs', 'Metrics', 'SDKs'].map((view) => [`open on ${view}`, async (page) => {
      await openDrawer(page)
      await drawer(page).getByRole('navigation').getByRole('button', { name: view }).click()
    }]),
    ['its settings', async (page) => {
      await openDrawer(page)
      await drawer(page).getByRole('button', { name: 'More' }).click()
      await drawer(page).getByRole('menuitem', { name: 'Settings' }).click()
      await drawer(page).getByRole('button', { name: /^Shortcut:/ }).click()
      await page.keyboard.press('Control+c')
    }],
    ['a trace', async (page) => {
      await openDrawer(page)
      await drawer(page).getByRole('navigation').getByRole('button', { name: 'Traces' }).click()
      await page.locator('otelcol-spotlight [role=row].tr').first().click()
      await page.locator('otelcol-spotlight .wf [role=row]').first().click()
    }],
    ['an error', async (page) => {
      await openDrawer(page)
      await drawer(page).getByRole('navigation').getByRole('button', { name: 'Errors' }).click()
      await page.locator('otelcol-spotlight [role=row].eg').first().click()
    }],
    ['its other menu', async (page) => {
      await openDrawer(page)
      await drawer(page).getByRole('button', { name: 'More' }).click()
    }],
    ['at the right', async (page) => {
      await openDrawer(page)
      await drawer(page).getByRole('button', { name: 'More' }).click()
      await drawer(page).getByRole('menuitemradio', { name: 'Dock at the right' }).click()
    }],
    ['as a sheet', async (page) => {
      await page.setViewportSize({ width: 480, height: 700 })
      await openDrawer(page)
    }],
    ['fullscreen, waiting', async (page) => {
      await page.evaluate(async (src) => {
        window.__OTELCOL_SPOTLIGHT__.destroy()
        ;(await import(src)).init({ fullscreen: true, errorId: 'f'.repeat(32) })
      }, `${ui}/overlay.js`)
      await drawer(page).waitFor()
    }],
  ]
  for (const [name, prepare] of cases) {
    await t.test(name, async () => {
      const page = await visit(browser, site.origin)
      await trigger(page).waitFor()
      await prepare(page)
      await page.waitForTimeout(600)
      assert.deepEqual(await check(page, `embedded, ${name}`, within), [])
      await page.context().close()
    })
  }
  await t.test('blocked by the policy of the page', async () => {
    const strict = await serve({ html: ' lang="en"', head: tag(), body: '<main><h1>Page</h1></main>', headers: { 'content-security-policy': "connect-src 'self'" } })
    const page = await visit(browser, strict.origin, { bypassCSP: false })
    await trigger(page).getByText('Blocked by page policy').waitFor()
    await trigger(page).click()
    await drawer(page).waitFor()
    assert.deepEqual(await check(page, 'embedded, blocked', within), [])
    await page.context().close()
    await strict.close()
  })
})

test('colours that the system chooses leave every state its shape: selected, pressed, current, bars', async () => {
  const { items: traces } = await get('/api/v1/traces?limit=1000')
  const demo = traces.find((trace) => trace.span_count === 29)
  const page = await open(browser, `/traces/${demo.trace_id}`, { forcedColors: 'active' })
  const rows = page.getByRole('treegrid').getByRole('row')
  await rows.nth(2).click()
  await page.getByRole('complementary', { name: 'Span details' }).waitFor()
  await page.mouse.move(0, 0)
  const style = (locator, ...names) => locator.evaluate((element, names) => names.map((name) => getComputedStyle(element)[name]), names)
  const [selected, other] = [page.locator('[role=treegrid] [role=row][aria-selected=true]'), page.locator('[role=treegrid] [role=row]:not([aria-selected=true])').first()]
  const [outline, width, colour] = await style(selected, 'outlineStyle', 'outlineWidth', 'outlineColor')
  assert.equal(outline, 'solid')
  assert.ok(parseFloat(width) >= 2, width)
  assert.notEqual(colour, (await style(page.locator('main'), 'backgroundColor'))[0])
  assert.equal((await style(other, 'outlineStyle'))[0], 'none')
  const [on, off] = [page.locator('[role=tab][aria-selected=true]').first(), page.locator('[role=tab]:not([aria-selected=true])').first()]
  assert.notEqual((await style(on, 'backgroundColor'))[0], (await style(off, 'backgroundColor'))[0], 'the chosen tab')
  assert.notEqual((await style(page.locator('nav [aria-current=page]').first(), 'backgroundColor'))[0], (await style(page.locator('nav .nav:not([aria-current])').first(), 'backgroundColor'))[0], 'the current view')
  const faint = await page.locator(':is([role=tab][aria-selected=true], [aria-pressed=true], [aria-current=page])').evaluateAll((all) => {
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0.05)
    return all.filter((element) => {
      const [text, ground] = [getComputedStyle(element).color, getComputedStyle(element).backgroundColor].map(light)
      return Math.max(text, ground) / Math.min(text, ground) < 4.5
    }).map((element) => element.textContent)
  })
  assert.deepEqual(faint, [], 'what is chosen can be read')
  const [edge, wide] = await style(page.locator('[role=treegrid] .bar').first(), 'borderTopStyle', 'borderTopWidth')
  assert.deepEqual([edge, wide], ['solid', '1px'], 'bars have an edge')
  if (shots !== '') await page.screenshot({ path: path.join(shots, 'forced-colors.png') })
  assert.deepEqual(page.problems, [])
  await page.context().close()
})

test('who asks the system for more contrast gets more of it, in both themes', async () => {
  for (const colorScheme of ['dark', 'light']) {
    const page = await open(browser, '/errors', { colorScheme })
    await page.getByRole('heading', { level: 1 }).waitFor()
    const grey = () => page.locator('.lhead').first().evaluate((element) => getComputedStyle(element).color)
    const before = await grey()
    await page.emulateMedia({ contrast: 'more' })
    assert.notEqual(await grey(), before, colorScheme)
    await page.context().close()
  }
})
