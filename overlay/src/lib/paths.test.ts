import { describe, expect, it } from 'vitest'
import { frameWhere, isOwn, packageOf, projectRoot, shortPath } from './paths.ts'
import type { Event, Frame } from '../wire/model.gen.ts'

describe('MUST-ERR-2 no home folder in a row', () => {
  it.each([
    ['/home/ada/shop/src/cart.ts', '/home/ada/shop', '~/src/cart.ts'],
    ['/home/ada/shop/src/cart.ts', '', '~/shop/src/cart.ts'],
    ['/Users/ada/shop/cart.rb', '', '~/shop/cart.rb'],
    ['C:\\Users\\ada\\shop\\cart.cs', '', '~/shop/cart.cs'],
    ['/app/main.py', '', '/app/main.py'],
    ['app/views.py', '', '~/app/views.py'],
    ['./src/index.js', '', '~/src/index.js'],
    ['http://localhost:5173/src/App.tsx?t=17', '', '~/src/App.tsx'],
    ['webpack-internal:///./src/App.tsx', '', '~/src/App.tsx'],
    ['app:///dist/main.js', '', '~/dist/main.js'],
    ['node:internal/process/task_queues', '', 'node:internal/process/task_queues'],
    ['<anonymous>', '', '<anonymous>'],
    ['/home/ada/shop/node_modules/express/lib/router/index.js', '/home/ada/shop', 'pkg:express/lib/router/index.js'],
    ['/srv/node_modules/.pnpm/@nestjs+core@11.1.0_x/node_modules/@nestjs/core/router.js', '', 'pkg:@nestjs/core@11.1.0/router.js'],
    ['/home/ada/go/pkg/mod/google.golang.org/grpc@v1.80.0/server.go', '', 'pkg:google.golang.org/grpc@v1.80.0/server.go'],
    ['/usr/local/go/src/net/http/server.go', '', 'pkg:net/http/server.go'],
    ['/home/ada/.venv/lib/python3.14/site-packages/flask/app.py', '', 'pkg:flask/app.py'],
    ['/usr/lib/python3.14/asyncio/base_events.py', '', 'pkg:asyncio/base_events.py'],
    ['/usr/lib/ruby/gems/3.4.0/gems/rack-3.1.0/lib/rack.rb', '', 'pkg:rack@3.1.0/lib/rack.rb'],
    ['/srv/vendor/symfony/http-kernel/Kernel.php', '', 'pkg:symfony/http-kernel/Kernel.php'],
    ['internal/acquirer/client.go', '', '~/internal/acquirer/client.go'],
  ])('%s', (path, root, short) => {
    expect(shortPath(path, root)).toBe(short)
    expect(shortPath(path, root)).not.toMatch(/\/(home|Users)\/|\\/)
  })
})

const event = (...frames: Frame[]): Event => ({ exceptions: [{ frames }] }) as unknown as Event

describe('the root of the project', () => {
  it('is what a relative name is relative to', () => {
    expect(projectRoot(event({ filename: 'internal/rpc/a.go', abs_path: '/home/ada/shop/internal/rpc/a.go', in_app: true }))).toBe('/home/ada/shop')
  })
  it('is what the own files share, up to the folder of sources', () => {
    expect(projectRoot(event({ filename: '/home/ada/shop/src/a/x.js', in_app: true }, { filename: '/home/ada/shop/src/b/y.js', in_app: true }, { filename: '/home/ada/shop/node_modules/z/z.js', in_app: false }))).toBe('/home/ada/shop')
  })
  it('is unknown without own frames', () => expect(projectRoot(event({ filename: '/x/node_modules/a/b.js', in_app: false }))).toBe(''))
})

it('own code is what the SDK says, else by where it lies', () => {
  expect(isOwn({ filename: '/x/node_modules/a.js', in_app: true })).toBe(true)
  expect(isOwn({ filename: '/x/node_modules/a/b.js' })).toBe(false)
  expect(isOwn({ filename: '/x/src/b.js' })).toBe(true)
  expect(isOwn({ filename: 'node:fs' })).toBe(false)
  expect(isOwn({})).toBe(false)
})

it('packages without their version', () => {
  expect(packageOf({ abs_path: '/go/pkg/mod/google.golang.org/grpc@v1.80.0/internal/x.go' })).toBe('google.golang.org/grpc')
  expect(packageOf({ abs_path: '/usr/local/go/src/net/http/server.go' })).toBe('net/http')
  expect(packageOf({ filename: '/a/node_modules/@nestjs/core/x.js' })).toBe('@nestjs/core')
  expect(packageOf({ filename: 'node:internal/process/x' })).toBe('node:internal')
  expect(packageOf({ module: 'django.core.handlers' })).toBe('django.core')
})

it('where a frame is', () => {
  expect(frameWhere({ filename: 'a.go', abs_path: '/home/ada/p/a.go', line: 3, column: 9 }, '/home/ada/p')).toEqual({ path: '~/a.go', at: ':3:9', title: '/home/ada/p/a.go:3:9' })
  expect(frameWhere({ module: 'com.shop.Cart', line: 0 }, '')).toEqual({ path: 'com.shop.Cart', at: '', title: 'com.shop.Cart' })
})
