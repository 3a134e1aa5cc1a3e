// What every browser test needs: a browser, and the addresses of the Collector under test, which the Go test that runs
// these files puts into the environment.
export { launch } from './chromium.mjs'

export const ui = required('SPOTLIGHT_UI')
export const sentry = required('SPOTLIGHT_SENTRY')
export const otlp = required('SPOTLIGHT_OTLP')
/** Folder for screenshots, '' when nobody wants any. */
export const shots = process.env.SPOTLIGHT_SHOTS ?? ''

function required(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run these tests with \`go test -run TestBrowser\` in e2e`)
  return value
}

/** Opens a page of the overlay and collects what goes wrong on it into page.problems. */
export async function open(browser, path = '/', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, ...options })
  const page = await context.newPage()
  page.problems = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') page.problems.push(message.text())
  })
  page.on('pageerror', (error) => page.problems.push(String(error)))
  await page.goto(ui + path)
  return page
}
