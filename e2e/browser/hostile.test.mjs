// The overlay inside pages of strangers: it must work in the worst of them, and none may notice it. Every requirement of
// embedding has a test that begins with its name.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { shots, ui } from './browser.mjs'
import { drawer, error, inFirefox, openDrawer, ownTag, pages, poll, tag, trigger, useBrowser, watchTheBrowser } from './hostpage.mjs'

const SHORTCUT = 'Control+Shift+S'
const browser = useBrowser()
const onPage = pages(browser)

/** Boxes and fonts of the parts that a page could disturb, once the trigger shows how many errors there are. */
const measure = (page) => page.evaluate(async () => {
  const root = document.querySelector('otelcol-spotlight').shadowRoot
  while (root.querySelector('.trig .badge').hidden) await new Promise((resolve) => setTimeout(resolve, 20))
  const inner = root.querySelector('.panel').shadowRoot
  const parts = { trigger: root.querySelector('.trig'), badge: root.querySelector('.trig svg'), panel: root.querySelector('.panel'), header: inner.querySelector('.ehead'), view: inner.querySelector('.view') }
  inner.querySelectorAll('.ehead .tab').forEach((tab, i) => (parts[`tab ${i}`] = tab))
  inner.querySelectorAll('.ehead > .btn').forEach((button, i) => (parts[`button ${i}`] = button))
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => {
    const box = part.getBoundingClientRect()
    const style = getComputedStyle(part)
    return [name, { x: box.x, y: box.y, w: box.width, h: box.height, font: parseFloat(style.fontSize), letters: style.letterSpacing, direction: style.direction, shown: part.checkVisibility({ opacityProperty: true, visibilityProperty: true }) }]
  }))
})

/** A page's own look: what must be the same before and after. */
const look = (page) => page.evaluate(() => {
  const seen = [document.documentElement, document.body, ...document.body.querySelectorAll('*:not(script)')]
  return {
    markup: document.documentElement.outerHTML.replace(/<otelcol-spotlight[^]*?<\/otelcol-spotlight>/g, ''),
    styles: seen.map((element) => [...getComputedStyle(element)].map((name) => `${name}:${getComputedStyle(element).getPropertyValue(name)}`).join(';')),
    boxes: seen.map((element) => JSON.stringify(element.getBoundingClientRect())), scroll: [scrollX, scrollY], sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    title: document.title, url: location.href, history: history.length,
  }
})

test('MUST-EMB-1 a second init returns the first handle, and destroy leaves nothing', () => onPage({ body: '<main><p>Hello</p></main>' }, async (page, site) => {
  const before = await look(page)
  await page.evaluate(async (src) => {
    const { init } = await import(src)
    window.first = init({ shortcut: 'Mod+Shift+S' })
    window.second = init({ position: 'top-left' })
  }, `${ui}/overlay.js`)
  assert.equal(await page.evaluate(() => window.first === window.second), true)
  assert.equal(await page.locator('otelcol-spotlight').count(), 1)
  await openDrawer(page)
  await page.keyboard.press(SHORTCUT)
  await drawer(page).waitFor({ state: 'detached' })
  await openDrawer(page)
  await page.evaluate(() => {
    window.first.destroy()
    delete window.first
    delete window.second
  })
  assert.deepEqual(await look(page), before)
  const left = await poll('what is left', () => page.evaluate(() => window.__left()), (l) => l.timers.length === 0 && l.sockets === 0)
  assert.deepEqual(left, { listeners: [], timers: [], sockets: 0, observers: 0 })
  assert.equal(await page.evaluate(() => '__OTELCOL_SPOTLIGHT__' in window), false)
  await page.keyboard.press(SHORTCUT)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(await page.locator('otelcol-spotlight').count(), 0)
  assert.deepEqual(page.problems, [])
}, { before: watchTheBrowser }))

test('MUST-EMB-2 the host element is an element of the root, strongly styled, and comes back five times', () => onPage({
  head: `<style>otelcol-spotlight{opacity:.1!important;float:left!important;font-size:77px!important;transform:rotate(9deg)!important;color:red!important;margin:9px!important;clip-path:inset(1px)!important;pointer-events:none!important}</style>${tag()}`,
}, async (page) => {
  await trigger(page).waitFor()
  const style = await page.evaluate(() => {
    const host = document.querySelector('otelcol-spotlight')
    const own = ['position', 'z-index', 'display'].map((name) => [host.style.getPropertyValue(name), host.style.getPropertyPriority(name)])
    const is = getComputedStyle(host)
    const all = ['opacity', 'float', 'font-size', 'transform', 'color', 'margin-left', 'clip-path', 'pointer-events'].map((name) => is.getPropertyValue(name)).join()
    return { parent: host.parentNode === document.documentElement, own, all }
  })
  assert.deepEqual(style, { parent: true, own: [['fixed', 'important'], ['2147483647', 'important'], ['block', 'important']], all: '1,none,16px,none,rgb(0, 0, 0),0px,none,auto' })
  for (let i = 1; i <= 5; i++) {
    await page.evaluate(() => document.querySelector('otelcol-spotlight').remove())
    await poll(`back for the ${i}. time`, () => page.evaluate(() => document.querySelector('otelcol-spotlight')?.matches(':popover-open')), true)
  }
  await page.evaluate(() => document.querySelector('otelcol-spotlight').remove())
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.equal(await page.locator('otelcol-spotlight').count(), 0)
  assert.equal(await page.evaluate(() => '__OTELCOL_SPOTLIGHT__' in window), false)
}))

const HOSTILE = {
  'all: revert': '<style>*{all:revert!important}</style>',
  'display: none': '<style>div,button,span,svg,a,header,nav{display:none!important}</style>',
  'font-size 62.5%': '<style>html{font-size:62.5%}</style>',
  'font-size 200%': '<style>html{font-size:200%}body{font-size:3rem}</style>',
  filter: '<style>html{filter:invert(1) blur(0)}</style>',
  transform: '<style>body,html{transform:translateX(40px) rotate(.5deg);perspective:100px;will-change:transform}</style>',
  contain: '<style>html,body{contain:strict;overflow:hidden;container-type:size}</style>',
  letters: '<style>*{letter-spacing:9px!important;word-spacing:2em!important;line-height:4!important;text-transform:uppercase!important}</style>',
  'pointer events': '<style>*{pointer-events:none!important;user-select:none!important;visibility:hidden!important}</style>',
  backdrops: '<style>::backdrop{background:red!important;display:block!important}</style>',
  motion: '<style>*{transition:all 9s!important;animation:spin 1s infinite!important}@keyframes spin{to{transform:rotate(1turn)}}</style>',
  zoom: '<style>html{zoom:1.5}</style>',
  'z-index': '<style>body::before{content:"";position:fixed;inset:0;z-index:2147483647;background:gray}</style>',
  elements: '<style>otelcol-spotlight{display:none!important;opacity:0!important;clip-path:inset(50%)!important;width:0!important}[popover]{display:none!important}</style>',
}

test('MUST-EMB-3 looks the same, to half a pixel, whatever the page does', async (t) => {
  const reference = await onPage({ head: tag() }, async (page) => (await openDrawer(page), measure(page)))
  for (const part of Object.values(reference)) assert.equal(part.shown, true)
  const compare = (is, name) => {
    for (const [part, want] of Object.entries(reference)) {
      for (const key of ['x', 'y', 'w', 'h', 'font']) assert.ok(Math.abs(is[part][key] - want[key]) <= 0.5, `${name}: ${key} of ${part} is ${is[part][key]}, not ${want[key]}`)
      for (const key of ['letters', 'direction', 'shown']) assert.equal(is[part][key], want[key], `${name}: ${key} of ${part}`)
    }
  }
  for (const [name, head] of Object.entries(HOSTILE)) {
    await t.test(name, () => onPage({ head: head + tag(), body: '<h1>Page</h1><div>one</div><button>two</button>' }, async (page) => {
      await openDrawer(page)
      await new Promise((resolve) => setTimeout(resolve, 100))
      compare(await measure(page), name)
      assert.deepEqual(page.problems, [])
    }))
  }
  await t.test('right to left', () => onPage({ html: ' dir="rtl" lang="ar"', head: `<style>*{direction:rtl;unicode-bidi:bidi-override}</style>${tag()}` }, async (page) => {
    await openDrawer(page)
    compare(await measure(page), 'rtl')
  }))
  await t.test('a frame', () => onPage({
    body: '<iframe src="/inner" style="width:1280px;height:800px;border:0;position:fixed;inset:0"></iframe>', routes: { '/inner': { text: `<!doctype html><body>${tag()}` } },
  }, async (page) => {
    const [, frame] = page.frames()
    await frame.locator('otelcol-spotlight .trig').click()
    await frame.locator('otelcol-spotlight .ehead .dot:not(.off)').waitFor()
    compare(await measure(frame), 'frame')
    assert.equal(await page.locator('otelcol-spotlight').count(), 0)
  }))
  await t.test('a page that writes its body anew', () => onPage({ head: tag() }, async (page) => {
    await openDrawer(page)
    await page.evaluate(() => document.body.replaceWith(document.createElement('body')))
    compare(await measure(page), 'body')
  }))
})

test('MUST-EMB-3 the page looks as before', async (t) => {
  for (const [name, head] of [['a plain page', ''], ['a styled page', '<style>*{margin:1px} html{font-size:62.5%} button+*{color:red} body>:last-child{color:blue} html>*{outline:1px solid}</style>']]) {
    await t.test(name, () => onPage({ head, body: '<div id="root"><button>one</button><p>two</p><input></div>' }, async (page) => {
      const before = await look(page)
      await page.evaluate((src) => import(src).then((m) => void m.init()), `${ui}/overlay.js`)
      await trigger(page).waitFor()
      assert.deepEqual(await look(page), before)
      await openDrawer(page)
      assert.deepEqual(await look(page), before)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await drawer(page).waitFor({ state: 'detached' })
      assert.deepEqual(await look(page), before)
    }))
  }
})

const STRICT = (more) => ({ 'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'none'; connect-src ${more}; require-trusted-types-for 'script'; trusted-types x` })

test('MUST-EMB-4 works under the strictest policy without a word in the console', () => onPage({ head: ownTag(), headers: STRICT(`${ui} ${ui.replace('http', 'ws')}`) }, async (page) => {
  await page.evaluate(() => {
    window.violations = []
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`))
  })
  await openDrawer(page)
  const inner = drawer(page)
  for (const name of ['Traces', 'Logs', 'Metrics', 'SDKs', 'Errors']) await inner.getByRole('navigation').getByRole('button', { name }).click()
  await inner.getByRole('navigation').getByRole('button', { name: 'Traces' }).click()
  await page.locator('otelcol-spotlight [role=row].tr').first().click()
  await page.locator('otelcol-spotlight .wf [role=row]').nth(2).click()
  await page.locator('otelcol-spotlight .det').waitFor()
  await page.keyboard.press('Control+k')
  await page.locator('otelcol-spotlight dialog[open]').waitFor()
  assert.deepEqual(page.problems, [])
  assert.deepEqual(await page.evaluate(() => window.violations), [])
}))

test('MUST-EMB-5 says what a policy that blocks the socket has to allow', () => onPage({ head: ownTag(), headers: STRICT("'self'") }, async (page) => {
  await poll('what the trigger says', () => trigger(page).textContent(), 'Blocked by page policy')
  assert.match(await trigger(page).getAttribute('aria-label'), /blocked by page policy/)
  await trigger(page).click()
  await drawer(page).waitFor()
  const text = await drawer(page).textContent()
  assert.ok(text.includes(`connect-src ${ui} ${ui.replace('http', 'ws')}`), text)
  if (shots !== '') await page.screenshot({ path: `${shots}/embed-blocked.png` })
  assert.match(text, /proxy: \{ '\/__spotlight'/)
  const refused = page.problems.length
  await new Promise((resolve) => setTimeout(resolve, 2500))
  assert.equal(page.problems.length, refused, 'it tries no more')
}))

test('MUST-EMB-6 what happens inside stays inside', () => onPage({
  head: tag(), body: '<input id="field"><button id="b">b</button><div id="trap" tabindex="0">trap</div>',
}, async (page) => {
  await trigger(page).waitFor()
  await page.evaluate(() => {
    window.seen = {}
    window.captured = []
    for (const type of ['keydown', 'keyup', 'keypress', 'input', 'beforeinput', 'change', 'click', 'dblclick', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'pointermove', 'wheel', 'focusin', 'focusout', 'copy', 'cut', 'paste', 'contextmenu']) {
      for (const target of [window, document, document.documentElement, document.body]) target.addEventListener(type, (event) => (window.seen[type] = (window.seen[type] ?? 0) + (event.target.localName === 'otelcol-spotlight' ? 1 : 0)))
      window.addEventListener(type, (event) => event.target.localName === 'otelcol-spotlight' && window.captured.push(event.composedPath().length > 0), true)
    }
    // A focus trap as pages write them: the focus belongs to the trap and is fetched back.
    document.addEventListener('focusin', (event) => event.target.id !== 'trap' && document.getElementById('trap').focus())
    document.addEventListener('focusout', (event) => event.relatedTarget !== null && event.relatedTarget.id !== 'trap' && setTimeout(() => document.getElementById('trap').focus()))
    document.getElementById('trap').focus()
  })
  await openDrawer(page)
  const filter = drawer(page).getByRole('combobox', { name: 'Filter' }).first()
  await filter.click()
  await page.keyboard.type('service:web jkpq?')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+x')
  await page.keyboard.press('Control+v')
  await page.mouse.wheel(0, 40)
  await drawer(page).click({ button: 'right', position: { x: 400, y: 300 } })
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(await filter.evaluate((input) => input.getRootNode().activeElement !== null), true, 'the trap did not take the focus')
  const counts = await page.evaluate(() => window.seen)
  assert.deepEqual(Object.entries(counts).filter(([, n]) => n > 0), [])
  assert.ok(await page.evaluate(() => window.captured.length > 0), 'the page does see the host element in the capture phase')
}))

test('MUST-EMB-6 the shortcut works in the page, not in its fields, and nothing else is taken', () => onPage({ head: tag(), body: '<input id="field"><p id="editable" contenteditable>text</p><button id="b">b</button>' }, async (page) => {
  await trigger(page).waitFor()
  await page.evaluate(() => {
    window.keys = []
    addEventListener('keydown', (event) => window.keys.push(`${event.key}${event.defaultPrevented ? ' prevented' : ''}`))
  })
  for (const field of ['#field', '#editable']) {
    await page.focus(field)
    await page.keyboard.press(SHORTCUT)
  }
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(await drawer(page).count(), 0)
  await page.focus('#b')
  for (const key of ['g', 'e', 'j', '?', 'Escape', 'p', 'F6']) await page.keyboard.press(key)
  await page.keyboard.press('Control+k')
  const keys = await page.evaluate(() => window.keys)
  assert.deepEqual(keys.filter((key) => key.includes('prevented')), [])
  assert.ok(['g', 'e', 'j', '?', 'Escape', 'p', 'F6', 'k'].every((key) => keys.includes(key)), keys.join())
  await page.keyboard.press(SHORTCUT)
  await drawer(page).waitFor()
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'otelcol-spotlight')
  await page.keyboard.press('F6')
  await poll('F6 leads into the page', () => page.evaluate(() => document.activeElement.localName), (name) => name !== 'otelcol-spotlight')
  await page.keyboard.press('F6')
  await poll('and back', () => page.evaluate(() => document.activeElement.localName), 'otelcol-spotlight')
  await page.keyboard.press(SHORTCUT)
  await drawer(page).waitFor({ state: 'detached' })
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.className.includes('trig')), true, 'the focus is on the trigger again')
}))

test('MUST-EMB-7 no globals, and no request that an SDK of the page could see or mark', () => onPage({ body: 'x' }, async (page) => {
  await page.evaluate(() => {
    const own = window.fetch
    window.wrapped = 0
    // As Sentry and OpenTelemetry do, but without a way back to the original.
    window.fetch = (url, init) => {
      window.wrapped++
      return own(url, { ...init, headers: { ...init?.headers, traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` } })
    }
    window.before = Object.getOwnPropertyNames(window)
    window.same = [window.fetch, window.WebSocket, history.pushState, history.replaceState, console.log, EventTarget.prototype.addEventListener, Element.prototype.attachShadow]
  })
  const headers = []
  page.on('request', (request) => request.url().startsWith(ui) && headers.push(request.headers()))
  await page.evaluate((src) => import(src).then((m) => void m.init()), `${ui}/overlay.js`)
  await openDrawer(page)
  await drawer(page).getByRole('navigation').getByRole('button', { name: 'Traces' }).click()
  await page.locator('otelcol-spotlight [role=row].tr').first().click()
  await page.locator('otelcol-spotlight .wf [role=row]').nth(1).click()
  await page.locator('otelcol-spotlight .det').waitFor()
  await poll('requests of the overlay', () => headers.length, (n) => n >= 4)
  const result = await page.evaluate(() => ({
    added: Object.getOwnPropertyNames(window).filter((name) => !window.before.includes(name) && name !== 'before' && name !== 'same'), wrapped: window.wrapped,
    same: [window.fetch, window.WebSocket, history.pushState, history.replaceState, console.log, EventTarget.prototype.addEventListener, Element.prototype.attachShadow].every((fn, i) => fn === window.same[i]),
  }))
  assert.deepEqual(result, { added: ['__OTELCOL_SPOTLIGHT__'], wrapped: 0, same: true })
  for (const sent of headers) for (const name of ['traceparent', 'sentry-trace', 'baggage', 'b3']) assert.equal(sent[name], undefined)
}))

test('MUST-EMB-8 closed, it is small and quiet', () => onPage({ head: tag(), body: '<main>Page</main>' }, async (page) => {
  await trigger(page).waitFor()
  await poll('the connection', () => trigger(page).getAttribute('aria-label'), (name) => name !== 'Spotlight, not connected')
  const scripts = await page.evaluate((origin) => performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.startsWith(origin)), ui)
  assert.ok(scripts.length >= 2)
  const bytes = (await Promise.all(scripts.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()), { level: 9 }).length))).reduce((a, b) => a + b, 0)
  assert.ok(bytes <= 12 * 1024, `${bytes} bytes gzip`)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await page.evaluate(() => {
    window.changes = { page: 0, trigger: [] }
    new MutationObserver((list) => (window.changes.page += list.length)).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    new MutationObserver(() => window.changes.trigger.push(performance.now())).observe(document.querySelector('otelcol-spotlight').shadowRoot, { subtree: true, childList: true, attributes: true, characterData: true })
  })
  const metrics = await effort(page)
  const start = await metrics()
  const seconds = 4
  for (let i = 0; i < seconds * 20; i++) {
    await error(`number ${i}`, { type: `Error${String.fromCharCode(65 + (i % 26))}${String.fromCharCode(65 + (i % 7))}` })
    await new Promise((resolve) => setTimeout(resolve, 1000 / 20))
  }
  const end = await metrics()
  const { page: own, trigger: painted } = await page.evaluate(() => window.changes)
  const layouts = end?.LayoutCount - start?.LayoutCount
  const script = (end?.ScriptDuration - start?.ScriptDuration) * 1000
  console.log(`closed: ${bytes} bytes gzip; 80 messages in ${seconds} s: ${painted.length} changes of the trigger, ${layouts} layouts, ${script.toFixed(1)} ms of script`)
  assert.equal(own, 0, 'no change in the page')
  assert.ok(painted.length >= 1, 'the badge did change')
  for (let i = 1; i < painted.length; i++) assert.ok(painted[i] - painted[i - 1] >= 900, `two changes within ${painted[i] - painted[i - 1]} ms`)
  if (end !== undefined) assert.ok(layouts <= painted.length * 4 + 2, `${layouts} layouts for ${painted.length} changes`)
}))

/** What the page's main thread has done; Firefox does not say. */
async function effort(page) {
  if (inFirefox) return async () => undefined
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]))
}

test('MUST-EMB-9 can be imported where there is no document, and does nothing in production unless forced', async (t) => {
  await t.test('on a server', () => {
    for (const file of ['embed.js', 'overlay.js']) {
      const path = fileURLToPath(new URL(`../../overlay/dist/${file}`, import.meta.url))
      const script = `const { init } = await import(${JSON.stringify(path)}); const h = init(); h.open(); h.on('open', () => {})(); h.close(); h.toggle(); h.destroy(); console.log('fine')`
      assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }), 'fine\n')
    }
  })
  await t.test('in production', () => onPage({ body: 'x' }, async (page) => {
    const there = (force) => page.evaluate(async ([src, forced]) => {
      window.process = { env: { NODE_ENV: 'production' } } // what bundlers put in its place
      const { init } = await import(src)
      init(forced ? { force: true } : {})
      return document.querySelector('otelcol-spotlight') !== null
    }, [`${ui}/embed.js`, force])
    assert.equal(await there(false), false)
    assert.equal(await page.evaluate(() => '__OTELCOL_SPOTLIGHT__' in window), false)
    assert.equal(await there(true), true)
  }))
  await t.test('the words a bundler replaces are in the build', () => {
    const entry = readFileSync(fileURLToPath(new URL('../../overlay/dist/embed.js', import.meta.url)), 'utf8')
    const chunk = /assets\/embed\/trigger-[\w-]+\.js/.exec(entry)[0]
    assert.match(readFileSync(fileURLToPath(new URL(`../../overlay/dist/${chunk}`, import.meta.url)), 'utf8'), /process\.env\.NODE_ENV/)
  })
})

test('MUST-EMB-10 stands above everything, and goes into a modal dialog on the shortcut', () => onPage({
  head: `<style>body{transform:scale(.9);filter:sepia(1)} #top{position:fixed;inset:0;z-index:2147483647;background:white}</style>${tag()}`,
  body: '<div id="top"><button id="b">b</button></div><dialog id="d"><p>Really?</p><button id="yes">Yes</button></dialog>',
}, async (page) => {
  await openDrawer(page)
  const onTop = () => page.evaluate(() => document.elementFromPoint(innerWidth / 2, innerHeight - 60).localName)
  assert.equal(await page.evaluate(() => document.querySelector('otelcol-spotlight').matches('[popover=manual]:popover-open')), true)
  assert.equal(await onTop(), 'otelcol-spotlight')
  await page.evaluate(() => document.getElementById('d').showModal())
  assert.notEqual(await onTop(), 'otelcol-spotlight', 'a modal dialog makes the rest inert')
  await page.keyboard.press(SHORTCUT)
  await poll('inside the dialog', () => page.evaluate(() => document.querySelector('otelcol-spotlight').parentNode.id), 'd')
  await poll('on top of it', onTop, 'otelcol-spotlight')
  await drawer(page).getByRole('navigation').getByRole('button', { name: 'Logs' }).click()
  await poll('logs', () => drawer(page).getByRole('button', { name: 'Logs', exact: true }).first().getAttribute('aria-current'), 'page')
  await page.evaluate(() => document.getElementById('d').close())
  await poll('back at the root', () => page.evaluate(() => document.querySelector('otelcol-spotlight').parentNode.localName), 'html')
  assert.equal(await onTop(), 'otelcol-spotlight')
  // A dialog that goes with everything in it does not take the overlay along.
  await page.evaluate(() => document.getElementById('d').showModal())
  await page.keyboard.press(SHORTCUT)
  await page.evaluate(() => document.getElementById('d').remove())
  await poll('home again', () => page.evaluate(() => document.querySelector('otelcol-spotlight')?.parentNode.localName), 'html')
}))

test('MUST-EMB-10 opened in a window, it does not mind the dialogs of the page', () => onPage({ head: tag(), body: '<dialog id="d"><button>Yes</button></dialog>' }, async (page) => {
  await openDrawer(page)
  await drawer(page).getByRole('button', { name: 'More' }).click()
  await drawer(page).getByRole('menuitem', { name: 'Settings' }).click()
  await drawer(page).getByLabel('Open in a window').check()
  await page.keyboard.press(SHORTCUT)
  await drawer(page).waitFor({ state: 'detached' })
  await page.evaluate(() => document.getElementById('d').showModal())
  const [own] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press(SHORTCUT)])
  await own.getByRole('navigation', { name: 'Views' }).waitFor()
  assert.equal(new URL(own.url()).origin, new URL(ui).origin)
  assert.equal(await drawer(page).count(), 0)
  assert.equal(await page.evaluate(() => document.querySelector('otelcol-spotlight').parentNode.localName), 'html')
  await page.evaluate(() => document.getElementById('d').close())
  // The way back: the settings open in the page.
  await trigger(page).focus()
  await page.keyboard.press('Shift+F10')
  await page.locator('otelcol-spotlight').getByRole('menuitem', { name: 'Settings' }).click()
  await drawer(page).getByLabel('Open in a window').uncheck()
  await page.keyboard.press(SHORTCUT)
  await trigger(page).click()
  await drawer(page).waitFor()
}))
