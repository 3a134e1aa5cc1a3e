import { describe, expect, it } from 'vitest'
import { editorLink, formatPathMap, linkOfError, mapPath, parsePathMap } from './editor.ts'
import type { Event, Frame } from '../wire/model.gen.ts'

describe('the path map', () => {
  const { map, wrong } = parsePathMap('/app/ => /srv/shop\n\n  webpack://shop => /srv/shop/web/ \n/app/vendor => /srv/vendor\nnonsense')
  it('has a rule per line; what is none is counted', () => {
    expect(map).toEqual({ '/app/': '/srv/shop', 'webpack://shop': '/srv/shop/web/', '/app/vendor': '/srv/vendor' })
    expect(wrong).toBe(1)
    expect(parsePathMap(formatPathMap(map))).toEqual({ map, wrong: 0 })
  })
  it.each([
    ['/app/src/a.ts:3:7', '/srv/shop/src/a.ts:3:7'],
    ['/app/vendor/a.ts', '/srv/vendor/a.ts'],
    ['webpack://shop/src/b.ts', '/srv/shop/web/src/b.ts'],
    ['/apple/a.ts', '/apple/a.ts'],
    ['/other/app/a.ts', '/other/app/a.ts'],
  ])('%s is %s here', (path, here) => expect(mapPath(path, map)).toBe(here))
  it('makes links of paths that are none of this machine', () => {
    expect(editorLink('vscode', 'webpack://shop/src/b.ts:2')).toBeUndefined()
    expect(editorLink('vscode', mapPath('webpack://shop/src/b.ts:2', map))).toBe('vscode://file/srv/shop/web/src/b.ts:2:1')
  })
  it('from a storage that somebody else wrote breaks nothing', () => expect(mapPath('/a/b', { '/a': 5 } as never)).toBe('/a/b'))
})

it('of an error is the frame its page opens, else the first own one that is a file here', () => {
  const of = (...frames: Frame[]) => linkOfError({ exceptions: [{ frames }] } as unknown as Event, 'vscode', { 'webpack://shop': '/srv/shop' })
  const lib = { abs_path: '/p/node_modules/x/a.js', in_app: false, line: 1 }
  expect(of(lib, { abs_path: '/app/a.js', in_app: true, line: 2 }, { abs_path: '/app/b.js', in_app: true, line: 3, column: 4, context_line: 'b()' })).toBe('vscode://file/app/b.js:3:4')
  expect(of(lib, { abs_path: 'https://shop.test/a.js', in_app: true, line: 2 }, { abs_path: 'webpack://shop/src/b.ts', in_app: true, line: 3 })).toBe('vscode://file/srv/shop/src/b.ts:3:1')
  expect(of({ filename: 'Main.java', module: 'com.acme.Main', function: 'main', platform: 'java', in_app: true, line: 3 })).toBeUndefined()
  expect(of()).toBeUndefined()
})
