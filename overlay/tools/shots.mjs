// Screenshots of every view, to be looked at:
//   node tools/shots.mjs http://localhost:8970 out/ [view...]
import { mkdir } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { TRACE } from './fixtures.mjs'

const [base = 'http://localhost:8970', out = 'shots', ...only] = process.argv.slice(2)
const VIEWS = process.env.PATHS ? JSON.parse(process.env.PATHS) : {
  errors: '/errors', traces: '/traces', trace: `/traces/${TRACE}?span=5b1f0c9e77ab02d4`, error: '/errors/a1b2c3d4e5f60718', logs: '/logs', sdks: '/sdks',
  metrics: '/metrics', profiles: '/profiles', attachments: '/attachments', settings: '/settings', gone: '/traces/00000000000000000000000000000001', query: `/traces/${TRACE}?q=dur:>5ms&only=1`,
}
await mkdir(out, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
for (const scheme of ['dark', 'light']) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme: scheme })
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log(scheme, m.type(), m.text()))
  page.on('pageerror', (e) => console.log(scheme, 'exception', e.message))
  for (const [name, path] of Object.entries(VIEWS)) {
    if (only.length > 0 && !only.includes(name)) continue
    if (scheme === 'light' && only.length === 0 && !['trace', 'error', 'errors', 'logs'].includes(name)) continue
    await page.goto(base + path)
    await page.waitForTimeout(700)
    await page.screenshot({ path: `${out}/${name}${scheme === 'light' ? '-light' : ''}.png` })
  }
}
await browser.close()
