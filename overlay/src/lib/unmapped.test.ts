import { expect, it } from 'vitest'
import { fixes, unmapped } from './unmapped.ts'
import type { Event, Frame } from '../wire/model.gen.ts'

const event = (...frames: Frame[]): Event => ({ exceptions: [{ frames }] }) as unknown as Event
const bundled = (unresolved: string, more: Frame = {}): Frame => ({ filename: 'https://shop.test/assets/a.js', in_app: true, unresolved, ...more })
const pastes = (reason: string, file = 'https://shop.test/assets/a.js') => fixes({ reason, file, frames: 1 }, 'http://localhost:8970').map((f) => f.paste?.text ?? f.what)

it('lists each reason once, whatever file and ID it names; nothing when own frames are mapped', () => {
  const missing = (id: string) => `no source map with debug ID ${id} is known; upload it`
  const two = [missing('a1b2c3d4-0000-4000-8000-000000000001'), missing('a1b2c3d4-0000-4000-8000-000000000002')] as const
  expect(unmapped(event(bundled('webpack runs this module by eval'), bundled(two[0]), bundled(two[1]), bundled('of a library', { in_app: false })))).toEqual([
    { reason: two[0], frames: 2, file: 'https://shop.test/assets/a.js' }, { reason: 'webpack runs this module by eval', frames: 1, file: 'https://shop.test/assets/a.js' },
  ])
  expect(unmapped(event(bundled(two[0]), { filename: 'src/a.ts', in_app: true, resolved_with: 'debug_id' }))).toEqual([])
  expect(unmapped(event({ filename: 'main.go', in_app: true }))).toEqual([])
})

it('a debug ID whose map is not known: the folder the Collector named, or an upload to this very Collector', () => {
  expect(pastes('no source map with debug ID x is known; upload it with sentry-cli sourcemaps upload, or name the folder of the build, /srv/my shop/dist, in source_maps::paths')).toEqual([
    'exporters:\n  spotlight:\n    source_maps:\n      paths: ["/srv/my shop/dist"]',
    "export SENTRY_URL=http://localhost:8970 SENTRY_AUTH_TOKEN=local SENTRY_ORG=local SENTRY_PROJECT=app\nnpx @sentry/cli sourcemaps upload '/srv/my shop/dist'",
  ])
})

it.each([
  ['host shop.test may not be asked; add it to source_maps::allowed_hosts to allow that', 'allowed_hosts: ["shop.test"]'],
  ["webpack runs this module by eval, where no map can be read; set devtool: 'source-map'", "devtool: 'cheap-module-source-map'"],
  ["webpack's devtool 'eval' keeps no source maps: set devtool: 'eval-source-map' or 'source-map'; these lines are what its loaders made of the file", "devtool: 'eval-source-map'"],
  ['the script may not be read: name /srv/shop/dist in source_maps::paths, so that its source map can be, too', 'paths: ["/srv/shop/dist"]'],
  ['release 1.0 was uploaded with dist 7, the event has dist 8; upload with that, or set it in the SDK', '--url-prefix'],
  ['the script could not be fetched from http://localhost:5173/a.js: dial tcp: connect: connection refused', 'start the dev server at https://shop.test again'],
  ['its map could not be fetched from http://localhost/a.js.map: 404 Not Found', 'build: { sourcemap: true }'],
  ['its map (a.js.map) belongs to another build: it has debug ID x', 'rebuild, and reload the page'],
  ['the source map says nothing of this position; rebuild', 'debugid check dist'],
  ['no artifact of release 1.0 has its URL', 'debugid inject dist && debugid check dist'],
  ['something new', 'build: { sourcemap: true }'],
])('%s', (reason, says) => expect(pastes(reason)[0]).toContain(says))

it('takes the folder of a script on disk', () => expect(pastes('no artifact of release 1.0 has its URL', 'file:///srv/shop/dist/a.js')[0]).toBe('debugid inject /srv/shop/dist && debugid check /srv/shop/dist'))
