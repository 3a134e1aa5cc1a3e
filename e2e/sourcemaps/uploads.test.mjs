// Sentry's own tools upload to the Collector, unchanged, before and after the error.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { sentryVitePlugin } from '@sentry/vite-plugin'
import { assertResolved, buildServer, event, layApp, pluginOptions, remembered, runServer, sentryCli, ui, unique } from './kit.mjs'
import { openEvent } from './socket.mjs'

const unresolved = (got) => got.exceptions[0].frames.some((frame) => frame.unresolved)
const resolved = (got) => got.exceptions[0].frames[0].resolved_with !== undefined

/** The event says which debug ID is missed and what to do, and has its minified frames. */
function assertSaysWhy(got) {
  const top = got.exceptions[0].frames[0]
  assert.equal(top.resolved_with, undefined)
  assert.match(top.unresolved, /debug ID [0-9a-f-]{36} is known; upload it with sentry-cli sourcemaps upload, or name the folder/)
  assert.ok(top.unresolved.includes(top.generated.debug_id))
  assert.match(top.filename, /server\.js$/)
}

test('sentry-cli: the error first, then the upload', async () => {
  const dir = layApp('cli-late')
  await buildServer(dir, [unique('cli-late')])
  await sentryCli(dir, 'sourcemaps', 'inject', 'dist')
  const id = await runServer(dir)
  assertSaysWhy(await event(id, unresolved))
  const opened = await openEvent(ui, id)
  assertSaysWhy(await opened.next())
  const said = await sentryCli(dir, 'sourcemaps', 'upload', 'dist')
  assert.match(said, /Uploaded files to Sentry|Nothing to upload|Successfully uploaded/i, said)
  assertResolved(await opened.next(resolved), 'debug_id')
  opened.close()
  assertResolved(await event(id), 'debug_id')
})

test('sentry-cli: the upload first, and again', async () => {
  const dir = layApp('cli-early')
  await buildServer(dir, [unique('cli-early')])
  await sentryCli(dir, 'sourcemaps', 'inject', 'dist')
  await sentryCli(dir, 'sourcemaps', 'upload', 'dist')
  await sentryCli(dir, 'sourcemaps', 'upload', '--release', 'shop@1', '--dist', '7', '--wait', 'dist')
  assertResolved(await event(await runServer(dir)), 'debug_id')
})

test('vite plugin: the error first, then the upload', async () => {
  const dir = layApp('plugin-late')
  await buildServer(dir, [unique('plugin-late'), sentryVitePlugin({ ...pluginOptions, sourcemaps: { disable: 'disable-upload' } })])
  const id = await runServer(dir)
  assertSaysWhy(await event(id, unresolved))
  const opened = await openEvent(ui, id)
  assertSaysWhy(await opened.next())
  await buildServer(dir, [unique('plugin-late'), sentryVitePlugin(pluginOptions)])
  assertResolved(await opened.next(resolved), 'debug_id')
  opened.close()
  assertResolved(await event(id), 'debug_id')
})

test('vite plugin: the upload first', async () => {
  const dir = layApp('plugin-early')
  await buildServer(dir, [unique('plugin-early'), sentryVitePlugin(pluginOptions)])
  assertResolved(await event(await runServer(dir)), 'debug_id')
  for (const file of readdirSync(remembered, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.startsWith('cli.db'))) {
    const text = readFileSync(path.join(file.parentPath, file.name), 'latin1')
    assert.ok(!text.includes(ui), `the tools remember ${ui} for the organisation, in ${file.name}`)
  }
})
