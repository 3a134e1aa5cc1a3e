// The examples, run as their README says, against the Collector under test.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sentry, ui } from './browser.mjs'
import { drawer, openDrawer, poll, trigger, useBrowser, visit } from './hostpage.mjs'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const overlay = fileURLToPath(new URL('../../overlay/', import.meta.url))
const browser = useBrowser()

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})

/** Starts a program that listens on a port of its own, and ends it after work. */
async function running(command, args, cwd, work, env = {}) {
  const port = await freePort()
  const program = spawn(command, args.map((arg) => arg.replace('PORT', port)), {
    cwd, env: { ...process.env, PORT: String(port), SPOTLIGHT_URL: ui, SENTRY_DSN: `${sentry.replace('//', '//spotlight@')}/1`, ...env },
  })
  let said = ''
  program.stdout.on('data', (text) => (said += text))
  program.stderr.on('data', (text) => (said += text))
  const ended = new Promise((resolve) => program.once('exit', resolve))
  try {
    const origin = `http://127.0.0.1:${port}`
    await poll(`${command} ${args.join(' ')}`, () => fetch(origin).then((answer) => answer.status, () => (program.exitCode === null ? 0 : assert.fail(said))), (status) => status > 0, 60_000)
    return await work(origin, () => said)
  } finally {
    program.kill()
    await ended
  }
}

/** An error page that opens the overlay on its error, and lies below it. */
async function showsItsError(origin, text, heading = 'Internal Server Error') {
  const page = await visit(browser.get(), `${origin}/fail`)
  try {
    await drawer(page).locator('h2').getByText(text.type).waitFor()
    assert.match(await drawer(page).textContent(), text.message)
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    assert.match((await page.locator('h1').first().textContent()).replaceAll(/\s+/g, ' '), new RegExp(`^${heading}`))
    await trigger(page).waitFor()
  } finally {
    await page.context().close()
  }
}

/** A page with a closed policy whose overlay talks to the Collector through the page's own server, and to nobody else. */
async function staysHome(origin, policy) {
  assert.equal((await fetch(origin)).headers.get('content-security-policy'), policy)
  const page = await visit(browser.get(), 'about:blank')
  const asked = []
  page.on('websocket', (socket) => asked.push(socket.url()))
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(origin)
  await openDrawer(page)
  const sockets = asked.filter((url) => url.startsWith('ws') && url.includes('/__spotlight/'))
  assert.equal(sockets.length, 2, `one while closed, one while open: ${asked}`)
  assert.deepEqual(asked.filter((url) => new URL(url).host !== new URL(origin).host), [], 'nothing goes past the page\'s own origin')
  assert.deepEqual(page.problems.filter((text) => /policy|directive/i.test(text)), [], 'nothing was refused')
  await page.context().close()
}

test('Express shows the error it answered with', async (t) => {
  const dir = join(examples, 'express')
  if (!existsSync(join(dir, 'node_modules'))) return t.skip('run make deps: npm packages of examples/express are missing')
  await running(process.execPath, ['--import', './instrument.mjs', 'app.mjs'], dir, (origin) => showsItsError(origin, { type: 'Error', message: /cart \(none\) cannot be paid/ }))
  await running(process.execPath, ['--import', './instrument.mjs', 'app.mjs'], dir, async (origin) => assert.equal(await (await fetch(`${origin}/fail`)).text(), 'Something went wrong'), { NODE_ENV: 'production' })
})

const pythonWith = (modules) => [process.env.PYTHON, 'python3', '/usr/bin/python3'].find((path) => path && spawnSync(path, ['-c', `import ${modules}`]).status === 0)

test('Flask shows the error it answered with', async (t) => {
  const python = pythonWith('flask, sentry_sdk')
  if (python === undefined) return t.skip('no Python with flask and sentry-sdk: apt-get install python3-flask python3-sentry-sdk python3-blinker')
  await running(python, ['app.py'], join(examples, 'flask'), (origin) => showsItsError(origin, { type: 'KeyError', message: /white/ }))
})

test('Django shows the error it answered with, above its own page of it', async (t) => {
  const python = pythonWith('django, sentry_sdk')
  if (python === undefined) return t.skip('no Python with Django and sentry-sdk: apt-get install python3-django python3-sentry-sdk')
  const dir = join(examples, 'django')
  await running(python, ['app.py'], dir, (origin) => showsItsError(origin, { type: 'KeyError', message: /white/ }, 'KeyError at /fail'))
  await running(python, ['app.py'], dir, async (origin) => assert.doesNotMatch(await (await fetch(`${origin}/fail`)).text(), /overlay/), { DJANGO_ENV: 'production' })
})

test('net/http shows the panic it answered with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spotlight-'))
  try {
    const binary = join(folder, 'example')
    execFileSync('go', ['build', '-o', binary, '.'], { cwd: join(examples, 'go-nethttp'), stdio: 'pipe' })
    await running(binary, [], folder, async (origin) => {
      await showsItsError(origin, { type: 'runtime.plainError', message: /assignment to entry in nil map/ })
      await staysHome(origin, 'default-src \'none\'; script-src \'self\'; connect-src \'self\'')
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('Vite has the overlay while developing, over the page\'s own origin, and not in the build', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spotlight-'))
  try {
    cpSync(join(examples, 'vite'), folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
    mkdirSync(join(folder, 'node_modules/@otelcol-spotlight'), { recursive: true })
    // The package as it would be installed: what its package.json publishes.
    const installed = join(folder, 'node_modules/@otelcol-spotlight/overlay')
    const { files } = JSON.parse(readFileSync(join(overlay, 'package.json'), 'utf8'))
    for (const path of ['package.json', ...files]) cpSync(join(overlay, path), join(installed, path), { recursive: true })
    symlinkSync(join(overlay, 'node_modules/vite'), join(folder, 'node_modules/vite'))
    const vite = join(overlay, 'node_modules/vite/bin/vite.js')
    await running(process.execPath, [vite, '--port', 'PORT', '--strictPort', '--host', '127.0.0.1'], folder, (origin) => staysHome(origin, 'connect-src \'self\''))
    execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: folder, stdio: 'pipe' })
    const built = readdirSync(join(folder, 'dist/assets')).map((name) => readFileSync(join(folder, 'dist/assets', name), 'utf8')).join('')
    assert.doesNotMatch(built, /spotlight/i)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
