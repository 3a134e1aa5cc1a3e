// A Collector that nothing was sent to yet teaches, and turns into the first trace by itself.
import assert from 'node:assert/strict'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { launch, open, shots } from './browser.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

test('first run: snippets, a test trace, its waterfall', async () => {
  const page = await open(browser, '/')
  await page.getByText(/Nothing received yet/).waitFor()
  await page.getByText(/OTEL_EXPORTER_OTLP_ENDPOINT/).first().waitFor()
  await page.getByRole('tab', { name: 'Sentry Python' }).click()
  await page.getByRole('region', { name: 'Sentry Python' }).getByText(/dsn|spotlight/i).first().waitFor()
  for (const [receiver, port] of [['otlp_http', new URL(process.env.SPOTLIGHT_OTLP).port], ['sentry', new URL(process.env.SPOTLIGHT_SENTRY).port], ['otlp_grpc', '']]) {
    await page.locator(`[data-receiver="${receiver}"]`, { hasText: 'listening' }).filter({ hasText: `:${port}` }).waitFor()
  }
  if (shots) await page.screenshot({ path: path.join(shots, 'empty.png') })
  await page.getByRole('button', { name: /test trace/i }).first().click()
  await page.getByText(/Nothing received yet/).waitFor({ state: 'detached' })
  await page.goto(page.url().replace(/(:\d+).*/, '$1/traces'))
  await page.getByRole('grid').getByRole('row').first().waitFor()
  await page.getByRole('grid').getByRole('row').first().click()
  await page.getByRole('treegrid').getByRole('row').nth(3).waitFor()
  assert.deepEqual(page.problems, [])
})
