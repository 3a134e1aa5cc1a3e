// Firefox, for the tests of strangers' pages. Playwright needs a Firefox of its own; Debian's speaks WebDriver BiDi, which
// Puppeteer knows. This is as much of Playwright's API as those tests use, so that each check is written once.
import { existsSync } from 'node:fs'
import puppeteer from 'puppeteer-core'

/** Milliseconds until what is waited for must be there. */
const PATIENCE = 30_000

export function firefoxPath() {
  return [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => path && existsSync(path))
}

export async function launchFirefox() {
  const executablePath = firefoxPath()
  if (executablePath === undefined) throw new Error('no Firefox found: install Debian\'s firefox-esr, or set FIREFOX to its path')
  const browser = await puppeteer.launch({
    browser: 'firefox', executablePath, headless: true, protocolTimeout: 60_000,
    extraPrefsFirefox: {
      // Scroll bars that take no room, as in Chromium without a window; no icons, which a strict policy would refuse aloud.
      'ui.useOverlayScrollbars': 1, 'browser.chrome.site_icons': false, 'browser.chrome.favicons': false,
      'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false, 'datareporting.policy.dataSubmissionEnabled': false,
      'browser.newtabpage.enabled': false, 'browser.startup.homepage': 'about:blank', 'app.normandy.enabled': false, 'app.update.enabled': false,
      'services.settings.server': 'data:,', 'extensions.getAddons.cache.enabled': false, 'browser.safebrowsing.malware.enabled': false, 'browser.safebrowsing.phishing.enabled': false,
    },
  })
  return {
    name: 'firefox',
    newContext: async ({ viewport = { width: 1280, height: 800 } } = {}) => {
      const context = await browser.createBrowserContext()
      return { newPage: async () => wrap(await context.newPage(), context, viewport), close: () => context.close() }
    },
    close: () => browser.close(),
  }
}

async function wrap(page, context, viewport) {
  if (viewport !== undefined) await page.setViewport(viewport)
  const own = {
    evaluate: (fn, argument) => page.evaluate(fn, argument),
    goto: (url) => page.goto(url, { waitUntil: 'load' }),
    reload: () => page.reload({ waitUntil: 'load' }),
    url: () => page.url(),
    addInitScript: (fn) => page.evaluateOnNewDocument(fn),
    focus: (selector) => page.focus(selector),
    screenshot: (options) => page.screenshot(options),
    setViewportSize: (size) => page.setViewport(size),
    context: () => ({
      close: () => context.close(),
      waitForEvent: (event) => new Promise((resolve) => context.once(event === 'page' ? 'targetcreated' : event, async (target) => resolve(wrap(await target.page(), context)))),
    }),
    getByRole: (role, options) => locate(page, page.mainFrame(), [{ css: 'html' }]).getByRole(role, options),
    on: (event, fn) => page.on(event, event === 'console' ? (message) => fn({ type: () => (message.type() === 'warn' ? 'warning' : message.type()), text: () => message.text() }) : fn),
    frames: () => page.frames().map((frame) => ({ evaluate: (fn, argument) => frame.evaluate(fn, argument), locator: (css) => locate(page, frame, [{ css }]) })),
    locator: (css) => locate(page, page.mainFrame(), [{ css }]),
    keyboard: {
      type: (text) => page.keyboard.type(text),
      press: async (keys) => {
        const all = keys.split(/(?<=.)\+/)
        for (const key of all.slice(0, -1)) await page.keyboard.down(key)
        await page.keyboard.press(all.at(-1))
        for (const key of all.slice(0, -1).reverse()) await page.keyboard.up(key)
      },
    },
    mouse: {
      move: (x, y, options) => page.mouse.move(x, y, options), down: () => page.mouse.down(), up: () => page.mouse.up(),
      click: (x, y) => page.mouse.click(x, y), dblclick: (x, y) => page.mouse.click(x, y, { count: 2 }), wheel: (deltaX, deltaY) => page.mouse.wheel({ deltaX, deltaY }),
    },
  }
  return own
}

// A way to elements, taken anew at every use, through open shadow roots.
function locate(page, frame, steps) {
  const step = (next) => locate(page, frame, [...steps, next])
  const pattern = (name) => (name instanceof RegExp ? { source: name.source, flags: name.flags } : name)
  const ask = () => frame.evaluate(find, steps, false)
  const onElement = async (fn, argument) => {
    await there()
    const handle = await frame.evaluateHandle(find, steps, true)
    return handle.evaluate(fn, argument).finally(() => handle.dispose())
  }
  const until = async (what, read, good) => {
    const end = Date.now() + PATIENCE
    let last
    do {
      last = await read()
      if (good(last)) return last
      await new Promise((resolve) => setTimeout(resolve, 40))
    } while (Date.now() < end)
    throw new Error(`${what} ${JSON.stringify(steps)}: ${JSON.stringify(last)}`)
  }
  const there = () => until('waiting for', () => ask(), (is) => is.count > 0)
  const set = async (checked) => {
    if ((await onElement((element) => element.checked)) !== checked) await own.click()
    await until(`waiting until checked is ${checked}`, () => onElement((element) => element.checked), (is) => is === checked)
  }
  const own = {
    locator: (css) => step({ css }),
    getByRole: (role, { name, exact = false } = {}) => step({ role, name: pattern(name), exact }),
    getByLabel: (label) => step({ label: pattern(label) }),
    getByText: (text) => step({ text: pattern(text) }),
    first: () => step({ nth: 0 }),
    last: () => step({ nth: -1 }),
    nth: (nth) => step({ nth }),
    count: async () => (await ask()).count,
    waitFor: ({ state = 'visible' } = {}) => until(`waiting for ${state}`, () => ask(), (is) => (state === 'detached' ? is.count === 0 : state === 'attached' ? is.count > 0 : is.shown)),
    textContent: async () => (await there(), (await ask()).text),
    getAttribute: (name) => onElement((element, key) => element.getAttribute(key), name),
    evaluate: (fn) => onElement(fn),
    boundingBox: async () => (await there(), (await ask()).box),
    focus: () => onElement((element) => element.focus()),
    click: async ({ button = 'left', position } = {}) => {
      // Where it stands still, and where it is what the pointer meets.
      let before = ''
      const { box, offset } = await until('waiting to click', () => ask(), (is) => {
        const now = JSON.stringify(is.box)
        const still = now === before
        before = now
        return is.shown && still && (position !== undefined || is.hit)
      })
      await page.mouse.click(offset.x + box.x + (position?.x ?? box.width / 2), offset.y + box.y + (position?.y ?? box.height / 2), { button })
    },
    check: () => set(true),
    uncheck: () => set(false),
  }
  return own
}

// Runs in the page.
function find(steps, wanted) {
  const within = (root, css) => {
    const found = []
    const look = (scope) => {
      for (const element of scope.querySelectorAll('*')) {
        if (element.matches(css)) found.push(element)
        if (element.shadowRoot) look(element.shadowRoot)
      }
    }
    if (root.shadowRoot) look(root.shadowRoot)
    look(root)
    return found
  }
  // A path through shadow roots: "host .inner" finds .inner inside the host's root.
  const path = (root, css) => {
    if (css.includes(',')) return within(root, css)
    return css.split(/\s+(?![^[(]*[\])])/).filter((part) => part !== '>').reduce((roots, part) => [...new Set(roots.flatMap((r) => within(r, part)))], [root])
  }
  const OF_ROLE = { button: 'button,[role=button],summary', combobox: '[role=combobox],select', dialog: 'dialog,[role=dialog]', navigation: 'nav,[role=navigation]', heading: 'h1,h2,h3,h4,[role=heading]', link: 'a[href],[role=link]' }
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0
  const nameOf = (element) => [element.getAttribute('aria-label'), element.getAttribute('placeholder'), element.textContent, element.getAttribute('title')].find((name) => name?.trim())?.trim().replace(/\s+/g, ' ') ?? ''
  const fits = (text, like, exact) => {
    if (like === undefined || like === null) return true
    if (typeof like === 'object') return new RegExp(like.source, like.flags).test(text)
    return exact ? text === like : text.toLowerCase().includes(like.toLowerCase())
  }
  let found = [document]
  for (const step of steps) {
    if ('css' in step) found = [...new Set(found.flatMap((root) => path(root, step.css)))]
    else if ('role' in step) found = [...new Set(found.flatMap((root) => within(root, OF_ROLE[step.role] ?? `[role=${step.role}]`)))].filter((element) => shown(element) && fits(nameOf(element), step.name, step.exact))
    else if ('label' in step) found = found.flatMap((root) => within(root, 'input,select,textarea')).filter((element) => [element.getAttribute('aria-label') ?? '', ...[...(element.labels ?? [])].map((label) => label.textContent ?? '')].some((text) => fits(text.trim(), step.label, false)))
    else if ('text' in step) {
      const all = found.flatMap((root) => within(root, '*')).filter((element) => fits((element.textContent ?? '').trim(), step.text, false))
      found = all.filter((element) => !all.some((other) => other !== element && element.contains(other)))
    } else found = found.slice(step.nth).slice(0, 1)
  }
  const [element] = found
  if (wanted) return element
  if (element === undefined) return { count: 0, shown: false }
  if (element.scrollIntoViewIfNeeded) element.scrollIntoViewIfNeeded()
  const { x, y, width, height } = element.getBoundingClientRect()
  let at = document.elementFromPoint(x + width / 2, y + height / 2)
  while (at?.shadowRoot) {
    const inner = at.shadowRoot.elementFromPoint(x + width / 2, y + height / 2)
    if (inner === null || inner === at) break
    at = inner
  }
  let hit = false
  for (let node = at; node; node = node.parentNode ?? node.host) hit ||= node === element
  const outer = window.frameElement?.getBoundingClientRect()
  return { count: found.length, shown: shown(element), text: element.textContent, box: { x, y, width, height }, offset: { x: outer?.x ?? 0, y: outer?.y ?? 0 }, hit }
}
