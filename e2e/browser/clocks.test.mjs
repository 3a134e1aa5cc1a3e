// One trace whose processes have clocks that disagree by seconds (wrongClocks in skew_test.go): what its picture says.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { launch, open, shots, ui } from './browser.mjs'

let browser
before(async () => { browser = await launch() })
after(async () => { await browser?.close() })

const answer = async (url) => (await fetch(ui + url)).json()

/** Where the bar of each row that is shown is, in pixels, by the row's label. */
const barsOf = (page) => page.getByRole('treegrid').getByRole('row').evaluateAll((rows) => rows.flatMap((row) => {
  const bar = row.querySelector('.bar')?.getBoundingClientRect()
  return bar === undefined ? [] : [{ text: row.innerText.replace(/\s+/g, ' '), left: bar.left, right: bar.right }]
}))

test('calls lie within their callers, and every clock that was moved says so', async () => {
  const trace = (await answer('/api/v1/traces?limit=100')).items.find((t) => t.services.length === 4)
  const page = await open(browser, `/traces/${trace.trace_id}`)
  await page.getByRole('treegrid').getByRole('row').nth(15).waitFor()
  const find = (bars, words) => {
    const bar = bars.find((b) => words.every((w) => b.text.includes(w)))
    assert.ok(bar, `no row of ${words} in ${bars.map((b) => b.text).join('; ')}`)
    return bar
  }
  const call = ['shop-web', 'http.client', 'GET /downstream']
  const server = ['shop-api', 'http.server', 'GET /downstream']
  const next = ['pricing', 'http.server', 'GET /price']
  const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1

  let bars = await barsOf(page)
  assert.ok(within(find(bars, server), find(bars, call)), 'the server within the call of the page')
  assert.ok(within(find(bars, next), find(bars, server)), 'the next service within the server')
  assert.match(find(bars, server).text, /−5\.\d+ s/, 'by how much its clock was moved')
  assert.match(find(bars, next).text, /−5\.\d+ s/)
  await page.getByText('pricing clock adjusted').waitFor()
  await page.getByText('1 more').waitFor()
  if (shots) await page.screenshot({ path: path.join(shots, 'clocks.png') })

  await page.getByRole('button', { name: 'Raw clocks' }).click()
  await page.getByRole('button', { name: 'Raw clocks', pressed: true }).waitFor()
  bars = await barsOf(page)
  assert.ok(find(bars, server).left > find(bars, call).right, 'by its own clock the server answers long after the call')
  if (shots) await page.screenshot({ path: path.join(shots, 'clocks-raw.png') })
  await page.getByRole('button', { name: 'Raw clocks' }).click()
  await page.getByRole('button', { name: 'Raw clocks', pressed: false }).waitFor()
  bars = await barsOf(page)
  assert.ok(within(find(bars, server), find(bars, call)), 'as before')
  assert.deepEqual(page.problems, [])
})
