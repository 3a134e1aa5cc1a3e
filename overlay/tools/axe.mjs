// axe-core over every view in both themes: node tools/axe.mjs http://localhost:8970. Exits with 1 when a rule of WCAG 2.2 A
// or AA is broken.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { TRACE } from './fixtures.mjs'

const base = process.argv[2] ?? 'http://localhost:8970'
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATHS = ['/errors', '/traces', `/traces/${TRACE}?span=5b1f0c9e77ab02d4`, '/errors/a1b2c3d4e5f60718', '/logs', '/logs?at=2499', '/sdks', '/metrics', '/profiles', '/attachments', '/attachments?tab=other', '/settings', '/traces?q=zzz', '/traces/00000000000000000000000000000001', '/errors?q=is:wrong']
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
let broken = 0
for (const colorScheme of ['dark', 'light']) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme })
  for (const path of PATHS) {
    await page.goto(base + path)
    await page.waitForTimeout(600)
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
    for (const v of violations) {
      broken++
      console.log(`${colorScheme} ${path}: ${v.id} (${v.impact}) ${v.help}`)
      for (const node of v.nodes.slice(0, 4)) console.log(`    ${node.target.flat().join(' ')}  ${node.html.slice(0, 160)}\n      ${node.failureSummary?.split('\n').slice(1, 3).join(' ').trim()}`)
    }
  }
  await page.close()
}
await browser.close()
console.log(`${broken} broken rules`)
process.exitCode = broken > 0 ? 1 : 0
