// Looks at the errors of TestScopes_RealServices in the overlay: node scopes.mjs ORDER MAIL RECEIPT, the ids of their
// events. Ends with a status other than 0 at the first thing that is not there.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { launch, open, shots } from '../browser/browser.mjs'

const [order, mail, receipt] = process.argv.slice(2)
const browser = await launch()
try {
  await look(order, async (page) => {
    await has(page, 'User', 'id', '7', 'I')
    await has(page, 'User', 'email', 'ada@example.test', 'I')
    await saysBefore(page, 'query done!')
  })
  await look(mail, async (page) => {
    await has(page, 'User', 'id', '7', 'I')
    await saysBefore(page, 'query done!')
  })
  await look(receipt, async (page) => {
    await has(page, 'Tags', 'printer', 'second floor', 'E')
    await has(page, 'Tags', 'step', 'print', 'C')
    await has(page, 'User', 'id', '7', 'I')
    await saysBefore(page, 'query done!')
    const request = page.locator('section', { has: page.getByRole('heading', { name: /Request/ }) })
    assert.match(await request.innerText(), /GET .*\/receipts\/7/)
    assert.equal(await request.locator('h3 .sc').innerText(), 'I', 'badge of the request')
  })
} finally {
  await browser.close()
}

/** Opens the page of an error and checks it. */
async function look(event, check) {
  const page = await open(browser, `/errors/-/${event}`)
  await page.getByRole('complementary', { name: 'Context' }).waitFor()
  if (shots) await page.screenshot({ path: join(shots, `scopes-${event.slice(0, 8)}.png`), fullPage: true })
  await check(page)
  assert.deepEqual(page.problems, [])
  await page.context().close()
}

/** A value in a section of the rail, with the badge of the scope it came from. */
async function has(page, section, name, value, badge) {
  const rail = page.getByRole('complementary', { name: 'Context' })
  const title = page.getByRole('heading', { name: new RegExp(`^${section}`) })
  const row = rail.locator('section', { has: title }).locator('.tg').filter({ has: page.locator(`dt[title="${name}"]`) })
  await row.waitFor({ timeout: 10_000 })
  assert.equal(await row.locator('dt .sc').innerText(), badge, `badge of ${name}`)
  assert.ok((await row.locator('dd').innerText()).includes(value), `value of ${name}`)
}

/** A breadcrumb of the request in the timeline of what happened before. */
async function saysBefore(page, message) {
  const row = page.getByRole('region', { name: 'What happened before' }).getByRole('listitem').filter({ hasText: message }).first()
  await row.waitFor({ timeout: 10_000 })
  assert.equal(await row.locator('.sc').innerText(), 'I', `badge of ${message}`)
}
