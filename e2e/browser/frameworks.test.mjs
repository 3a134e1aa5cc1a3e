// The overlay in pages that a framework owns down to <html> or <body>: React, Vue and Svelte themselves, in development
// mode. Their hydration must not stumble over the overlay's element, and none of their renders may disturb it.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { compile } from 'svelte/compiler'
import { App } from './hosts/react.mjs'
import { openDrawer, poll, serve, tag, trigger, useBrowser, visit } from './hostpage.mjs'

const browser = useBrowser()
const hosts = fileURLToPath(new URL('./hosts/', import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'spotlight-'))
after(() => rmSync(out, { recursive: true }))

const svelte = {
  name: 'svelte',
  transform: (code, id) => (id.endsWith('.svelte') ? { code: compile(code, { filename: id, generate: 'client', dev: true, hmr: false }).js.code, map: null } : null),
}

before(async () => {
  const { build } = await import(new URL('../../overlay/node_modules/vite/dist/node/index.js', import.meta.url))
  for (const name of ['react', 'vue', 'svelte']) {
    await build({
      root: hosts, configFile: false, logLevel: 'error', mode: 'development', plugins: [svelte], resolve: { conditions: ['browser', 'development', 'module'] },
      define: { 'process.env.NODE_ENV': '"development"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true' },
      build: { outDir: out, emptyOutDir: false, minify: false, lib: { entry: join(hosts, `${name}.client.mjs`), formats: ['es'], fileName: () => `${name}.js` } },
    })
  }
})

const inBody = '<main id="root"><h1>Version 1</h1><button id="more">pressed 0</button></main>'
const document = (body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title></head><body>${body}</body></html>`
const FRAMEWORKS = {
  react: renderToString(createElement(App)),
  vue: document(inBody),
  // Svelte finds its place by comments, as its server writes them.
  svelte: document(`<!--[-->${inBody}<!--]-->`),
}

// React takes <html> away with everything in it when its root is the document and ends; then the overlay comes back, still open.
const GONE = { react: 1 }

for (const [name, markup] of Object.entries(FRAMEWORKS)) {
  test(`${name}: the page is hydrated below the overlay, rendered anew and mounted again, and neither notices`, async () => {
    const site = await serve({ routes: { '/page': { text: markup }, '/app.js': { type: 'text/javascript', text: readFileSync(join(out, `${name}.js`), 'utf8') } } })
    const page = await visit(browser.get(), 'about:blank')
    try {
      await page.goto(`${site.origin}/page`)
      const src = /src="([^"]+)"/.exec(tag())[1]
      await page.evaluate(async (url) => void (await import(url)).init(), src) // the overlay is there before the framework is
      await trigger(page).waitFor()
      await page.evaluate(() => {
        window.host = document.querySelector('otelcol-spotlight')
        window.gone = 0
        new MutationObserver((list) => {
          for (const { removedNodes } of list) for (const node of removedNodes) if (node === window.host) window.gone++
        }).observe(document, { childList: true, subtree: true })
      })
      await page.evaluate(() => import('/app.js').then(() => void window.begin()))
      const more = page.locator('#more')
      await poll('hydrated', async () => (await more.click(), more.textContent()), (text) => text !== 'pressed 0')
      await openDrawer(page)
      await page.evaluate(() => (window.panel = window.host.shadowRoot.querySelector('.panel')))
      for (const way of ['reload', 'reload', 'remount', 'reload']) await page.evaluate((call) => void window[call](), way)
      await page.locator('h1').getByText('Version 5').waitFor()
      await more.click()
      await more.getByText(/pressed [1-9]/).waitFor()
      assert.deepEqual(await page.evaluate(() => ({ same: document.querySelector('otelcol-spotlight') === window.host, parent: window.host.parentNode.localName, gone: window.gone, all: document.querySelectorAll('otelcol-spotlight').length })), { same: true, parent: 'html', gone: GONE[name] ?? 0, all: 1 })
      assert.equal(await page.evaluate(() => window.host.shadowRoot.querySelector('.panel') === window.panel && window.panel.checkVisibility()), true, 'it is still open')
      assert.deepEqual(page.problems, [])
    } finally {
      await page.context().close()
      await site.close()
    }
  })
}
