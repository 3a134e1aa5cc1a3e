// The overlay inside a page that wishes it well: which trace is its own, the trigger, the drawer, fullscreen.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shots } from './browser.mjs'
import { drawer, error, id, load, openDrawer, pages, poll, tag, trigger, useBrowser } from './hostpage.mjs'

const browser = useBrowser()
const onPage = pages(browser)

const says = (page) => trigger(page).getAttribute('aria-label')

test('the trace of this page: what is declared first, then its load, then where it navigates', async (t) => {
  const trace = id(16)
  await load('http://elsewhere.test/', { trace, seconds: 0.777 })
  const cases = [
    ['init', { head: tag(`data-trace-id="${trace}"`) }],
    ['sentry-trace', { head: `<meta name="sentry-trace" content="${trace}-${id(8)}-1">${tag()}` }],
    ['traceparent', { head: `<meta name="traceparent" content="00-${trace}-${id(8)}-01">${tag()}` }],
    ['Server-Timing', { head: tag(), headers: { 'server-timing': `db;dur=1, traceparent;desc="00-${trace}-${id(8)}-01"` } }],
  ]
  for (const [name, spec] of cases) await t.test(name, () => onPage(spec, (page) => poll('the trigger', () => says(page), (label) => label?.includes('777\u00a0ms'))))
  await t.test('load and navigation', () => onPage({ head: tag(), path: '/shop?x=1' }, async (page, site) => {
    await trigger(page).waitFor()
    await load(`${site.origin}/other`, { seconds: 3.33 })
    await load(`${site.origin}/shop?x=1#top`, { seconds: 1.24 })
    await poll('the load', () => says(page), (label) => label?.includes('1.24\u00a0s'))
    await page.evaluate(() => history.pushState(null, '', '/cart'))
    await load(`${site.origin}/cart`, { op: 'navigation', seconds: 2.5 })
    await poll('the navigation', () => says(page), (label) => label?.includes('2.50\u00a0s') || label?.includes('2.5\u00a0s'))
    await openDrawer(page)
    await poll('the view', () => drawer(page).getByRole('navigation').getByRole('button', { name: 'Traces' }).getAttribute('aria-current'), 'page')
    await poll('the page', () => drawer(page).locator('.ehead').textContent(), (text) => /this page.*cart/s.test(text))
    await page.keyboard.press('Escape')
    await page.locator('otelcol-spotlight [role=row].tr').first().waitFor()
    assert.equal(await drawer(page).count(), 1, 'Escape leads to all traces first')
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).pathname, '/cart', 'the address belongs to the page')
  }))
  await t.test('none yet', () => onPage({ head: tag() }, async (page) => {
    await openDrawer(page)
    await drawer(page).getByRole('button', { name: 'this page sent no trace yet' }).click()
    await drawer(page).getByText('An SDK is loaded in this page').waitFor()
    if (shots !== '') await page.screenshot({ path: `${shots}/embed-no-trace.png` })
  }))
})

test('fullscreen: waits for its error, shows it, and Escape reveals the page', () => {
  const event_id = id(16)
  return onPage({ head: tag(`data-fullscreen data-error-id="${event_id}"`), body: '<h1>Internal Server Error</h1>' }, async (page) => {
    await drawer(page).waitFor()
    await drawer(page).getByText('Waiting for the error to arrive').waitFor()
    const box = await page.locator('otelcol-spotlight .panel').boundingBox()
    assert.deepEqual(box, { x: 0, y: 0, width: 1280, height: 800 })
    await error('the card was refused', { event_id })
    await drawer(page).getByText('the card was refused').first().waitFor()
    if (shots !== '') await page.screenshot({ path: `${shots}/embed-fullscreen.png` })
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    assert.equal(await page.evaluate(() => document.elementFromPoint(100, 40).localName), 'h1')
  })
})

test('fullscreen without an id shows the newest unhandled error of this page, and the list when none comes', async () => {
  const trace = id(16)
  await error('it was caught', { trace, handled: true })
  await error('nobody caught it', { trace, type: 'Uncaught' })
  await error('it was caught again', { trace, handled: true })
  await onPage({ head: `<meta name="sentry-trace" content="${trace}-${id(8)}-1">${tag('data-fullscreen')}` }, (page) => drawer(page).locator('h2').getByText('Uncaught').waitFor())
  await onPage({ head: tag(`data-fullscreen data-error-id="${id(16)}"`) }, async (page) => {
    await drawer(page).getByText('Waiting for the error to arrive').waitFor()
    await page.locator('otelcol-spotlight [role=row].eg').first().waitFor({ timeout: 9000 })
  })
})

test('the trigger: corners by key and by hand, its menu, a tab at the edge', () => onPage({ head: tag() }, async (page) => {
  const corner = () => trigger(page).getAttribute('data-corner')
  await trigger(page).focus()
  await page.keyboard.press('ArrowUp')
  await poll('up', corner, 'top-right')
  await page.keyboard.press('ArrowLeft')
  await poll('left', corner, 'top-left')
  const box = await trigger(page).boundingBox()
  await page.mouse.move(box.x + 10, box.y + 10)
  await page.mouse.down()
  await page.mouse.move(900, 700, { steps: 5 })
  await page.mouse.up()
  await poll('dragged', corner, 'bottom-right')
  assert.equal(await drawer(page).count(), 0, 'a drag is no click')
  await page.reload()
  await trigger(page).waitFor()
  assert.equal(await corner(), 'bottom-right')
  assert.match(await trigger(page).getAttribute('aria-keyshortcuts'), /Control\+Shift\+S/)
  await trigger(page).focus()
  await page.keyboard.press('Shift+F10')
  await page.locator('otelcol-spotlight').getByRole('menuitem', { name: 'Hide in this tab' }).click()
  await poll('a tab', async () => (await trigger(page).boundingBox()).width, 4)
  await trigger(page).click({ position: { x: 2, y: 10 } })
  await poll('the trigger again', async () => (await trigger(page).boundingBox()).height, 36)
}))

test('settings inside the page: dock, trigger and shortcut, kept for this origin', () => onPage({ head: tag('data-position="bottom-right"'), body: '<h1>Page</h1><input id="field">' }, async (page) => {
  const settings = async () => {
    await drawer(page).getByRole('button', { name: 'More' }).click()
    await drawer(page).getByRole('menuitem', { name: 'Settings' }).click()
    await drawer(page).getByRole('heading', { name: 'Settings' }).waitFor()
  }
  const record = async (keys) => {
    await drawer(page).getByRole('button', { name: /^Shortcut:/ }).click()
    await page.keyboard.press(keys)
  }
  await openDrawer(page)
  await settings()
  await drawer(page).getByLabel('Dock').selectOption('right')
  await poll('docked at the right', async () => Object.values(await page.locator('otelcol-spotlight .panel').boundingBox()).join(), '784,16,480,768')
  await drawer(page).getByRole('button', { name: 'More' }).click()
  await poll('the menu knows', () => drawer(page).getByRole('menuitemradio', { name: 'Dock at the right' }).getAttribute('aria-checked'), 'true')
  await page.keyboard.press('Escape')
  await drawer(page).getByLabel('Trigger').selectOption('top-left')
  await poll('its corner', () => trigger(page).getAttribute('data-corner'), 'top-left')
  await trigger(page).focus()
  await page.keyboard.press('ArrowDown')
  await poll('settings follow the trigger', () => drawer(page).getByLabel('Trigger').inputValue(), 'bottom-left')

  // What everybody needs is refused, and says why; the present shortcut does nothing meanwhile.
  await record('Control+c')
  await drawer(page).getByRole('status').getByText('Ctrl+C already copies').waitFor()
  await page.keyboard.press('Control+Shift+S')
  assert.equal(await drawer(page).count(), 1, 'recorded, not obeyed')
  await record('Alt+j')
  await drawer(page).getByRole('button', { name: 'Shortcut: Alt+J. Change' }).waitFor()
  await poll('the shortcut', () => trigger(page).getAttribute('aria-keyshortcuts'), 'Alt+J')
  await page.keyboard.press('Control+Shift+S')
  assert.equal(await drawer(page).count(), 1, 'no shortcut any more')
  await page.keyboard.press('Alt+j')
  await drawer(page).waitFor({ state: 'detached' })
  await page.locator('#field').focus()
  await page.keyboard.press('Alt+j')
  assert.equal(await drawer(page).count(), 0, 'not while one types')

  await page.reload()
  await trigger(page).waitFor()
  assert.equal(await trigger(page).getAttribute('data-corner'), 'bottom-left')
  await page.keyboard.press('Alt+j')
  await drawer(page).waitFor()
  assert.equal((await page.locator('otelcol-spotlight .panel').boundingBox()).width, 480)
  await drawer(page).getByRole('heading', { name: 'Settings' }).waitFor()
  await drawer(page).getByRole('button', { name: 'Turn off' }).click()
  await page.keyboard.press('Alt+j')
  await poll('no shortcut', () => trigger(page).getAttribute('aria-keyshortcuts'), null)
  assert.equal(await drawer(page).count(), 1, 'off')
  if (shots !== '') await page.screenshot({ path: `${shots}/embed-settings.png` })
  await drawer(page).getByRole('button', { name: 'Reset all settings' }).click()
  await poll('as the page wants it', () => trigger(page).getAttribute('data-corner'), 'bottom-right')
  await page.keyboard.press('Control+Shift+S')
  await drawer(page).waitFor({ state: 'detached' })
  assert.deepEqual(page.problems, [])
}))

test('the drawer: docks, sizes, and remembers both', () => onPage({ head: tag() }, async (page) => {
  await openDrawer(page)
  const box = () => page.locator('otelcol-spotlight .panel').boundingBox()
  const at = async () => Object.values(await box()).join()
  const first = await box()
  assert.deepEqual([first.x, first.width, Math.round(first.height), Math.round(first.y + first.height)], [16, 1248, 424, 784])
  await page.mouse.dblclick(640, first.y + 2)
  await poll('the greatest height', async () => (await box()).height, (height) => Math.abs(height - 720) < 2)
  await drawer(page).getByRole('button', { name: 'More' }).click()
  await drawer(page).getByRole('menuitemradio', { name: 'Dock at the right' }).click()
  await poll('at the right', at, '784,16,480,768')
  await page.reload()
  await openDrawer(page)
  if (shots !== '') await page.screenshot({ path: `${shots}/embed-right.png` })
  await poll('at the right', at, '784,16,480,768')
  await page.setViewportSize({ width: 500, height: 700 })
  await poll('the whole of a narrow window', at, '0,0,500,700')
}))
