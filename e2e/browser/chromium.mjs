// The Chromium that tests and measurements use.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

function executablePath() {
  const paths = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']
  const found = paths.find((path) => path && existsSync(path))
  if (!found) throw new Error('no Chromium or Chrome found: install one, or set CHROMIUM to its path')
  return found
}

/** Starts a browser, with further arguments of its command line; the caller closes it. */
export function launch(...more) {
  return chromium.launch({
    executablePath: executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
  })
}
