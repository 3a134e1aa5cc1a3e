// Pages in a real browser throw, and the API and the overlay show the source: of a minified build with our plugin, of one
// that Sentry's plugin has uploaded, and of Vite's dev server.
import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { sentryVitePlugin } from '@sentry/vite-plugin'
import { launch, open, shots } from '../browser/browser.mjs'
import { vite as debugId } from '../../sdk/debugid/src/index.js'
import { assertClick, assertResolved, buildPage, errorOf, event, getJSON, layApp, lineOf, pluginOptions, serveFolder, startDevServer } from './kit.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** Checks what the overlay shows of an event, and takes a picture for who wants to look. */
async function assertShown(id, name) {
  const { issue_id: issue } = (await getJSON('/api/v1/events')).items.find((e) => e.event_id === id)
  const page = await open(browser, `/errors/${issue}/${id}`)
  const stack = page.locator('section[aria-label="Stack"]')
  const first = stack.locator('.fr.shown').first()
  await first.waitFor()
  if (shots) await page.screenshot({ path: path.join(shots, `sourcemaps-${name}.png`), fullPage: true })
  const wraps = lineOf('src/checkout.ts', 'the line that wraps')
  assert.match(await first.innerText(), new RegExp(`Checkout\\.placeOrder[^]*src/checkout\\.ts:${wraps.line}`))
  assert.match(await first.innerText(), /mapped/)
  assert.ok((await stack.innerText()).includes(wraps.text.trim()), 'the line of the source is shown')
  const cause = stack.getByRole('button', { name: /caused by/ })
  await cause.click()
  await cause.and(page.locator('[aria-expanded=true]')).waitFor()
  const throws = lineOf('src/cart.ts', 'the line that throws')
  assert.match(await stack.innerText(), new RegExp(`priceOfLine[^]*src/cart\\.ts:${throws.line}`))
  if (shots) await page.screenshot({ path: path.join(shots, `sourcemaps-${name}-cause.png`), fullPage: true })
  assert.deepEqual(page.problems, [])
  await page.context().close()
}

test('a build with our plugin, its folder named', async () => {
  const dir = layApp('builds/ours')
  const dist = path.join(dir, 'dist')
  await buildPage(dir, [debugId()], dist)
  const server = await serveFolder(dist)
  try {
    const id = await errorOf(browser, server.url)
    const got = await event(id, (e) => e.exceptions[0].frames[0].resolved_with !== undefined)
    assertResolved(got, 'debug_id')
    assertClick(got)
    assert.match(got.exceptions[0].frames[0].generated.map, /builds\/ours\/dist\/assets\/.*\.js\.map$/)
    await assertShown(id, 'our-plugin')
  } finally {
    await server.close()
  }
})

test("a build that Sentry's plugin has uploaded", async () => {
  const dir = layApp('theirs')
  const dist = path.join(dir, 'dist')
  await buildPage(dir, [sentryVitePlugin(pluginOptions)], dist, 'hidden')
  for (const file of readdirSync(path.join(dist, 'assets'))) if (file.endsWith('.map')) rmSync(path.join(dist, 'assets', file))
  const server = await serveFolder(dist)
  try {
    const id = await errorOf(browser, server.url)
    const got = await event(id)
    assertResolved(got, 'debug_id')
    assertClick(got)
    await assertShown(id, 'sentry-plugin')
  } finally {
    await server.close()
  }
})

test("Vite's dev server", async () => {
  const server = await startDevServer(layApp('dev'))
  try {
    const id = await errorOf(browser, server.url)
    const got = await event(id)
    assertResolved(got, 'dev_server')
    assertClick(got)
    await assertShown(id, 'dev-server')
  } finally {
    await server.close()
  }
})
