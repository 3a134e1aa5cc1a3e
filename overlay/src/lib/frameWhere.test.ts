import { describe, expect, it } from 'vitest'
import { frameWhere, isOwn, packageOf, projectRoot } from './frameWhere.ts'
import type { Event, Frame } from '../wire/model.gen.ts'

const event = (...frames: Frame[]): Event => ({ exceptions: [{ frames }] }) as unknown as Event

describe('the root of the project', () => {
  it('is what a relative name is relative to', () => {
    expect(projectRoot(event({ filename: 'internal/rpc/a.go', abs_path: '/home/ada/shop/internal/rpc/a.go', in_app: true }))).toBe('/home/ada/shop')
  })
  it('is what the own files share, up to the folder of sources', () => {
    expect(projectRoot(event({ filename: '/home/ada/shop/src/a/x.js', in_app: true }, { filename: '/home/ada/shop/src/b/y.js', in_app: true }, { filename: '/home/ada/shop/node_modules/z/z.js', in_app: false }))).toBe('/home/ada/shop')
  })
  it('is found in URLs of files and on Windows', () => {
    expect(projectRoot(event({ filename: '/srv/shop/a.mjs', abs_path: 'file:///srv/shop/a.mjs', in_app: true }))).toBe('/srv/shop')
    expect(projectRoot(event({ filename: 'C:/code/shop/main.go', in_app: true }, { abs_path: 'C:\\code\\shop\\cart\\cart.go', in_app: true }))).toBe('C:/code/shop')
  })
  it('is what own files share when their names are bare', () => {
    expect(projectRoot(event({ filename: 'a.cs', abs_path: '/srv/shop/a/a.cs', in_app: true }, { filename: 'b.cs', abs_path: '/srv/shop/b/b.cs', in_app: true }))).toBe('/srv/shop')
  })
  it('is unknown without own frames', () => expect(projectRoot(event({ filename: '/x/node_modules/a/b.js', in_app: false }))).toBe(''))
})

it('own code is what the SDK says, else by where it lies', () => {
  expect(isOwn({ filename: '/x/node_modules/a.js', in_app: true })).toBe(true)
  expect(isOwn({ abs_path: '/home/ada/go/pkg/mod/go.opentelemetry.io/otel@v1.44.0/x.go', in_app: true })).toBe(false) // sentry-go
  expect(isOwn({ filename: 'flask/app.py', abs_path: '/usr/lib/python3/dist-packages/flask/app.py', in_app: true })).toBe(false) // sentry-python 1.9.10
  expect(isOwn({ filename: '/x/node_modules/a/b.js' })).toBe(false)
  expect(isOwn({ filename: '/x/src/b.js' })).toBe(true)
  expect(isOwn({ filename: 'node:fs' })).toBe(false)
  expect(isOwn({})).toBe(false)
})

it('packages without their version', () => {
  expect(packageOf({ abs_path: '/go/pkg/mod/google.golang.org/grpc@v1.80.0/internal/x.go' })).toBe('google.golang.org/grpc')
  expect(packageOf({ abs_path: '/usr/local/go/src/net/http/server.go' })).toBe('net/http')
  expect(packageOf({ filename: '/a/node_modules/@nestjs/core/x.js' })).toBe('@nestjs/core')
  expect(packageOf({ filename: 'http://localhost:5173/node_modules/.vite/deps/react-dom_client.js?v=1' })).toBe('react-dom')
  expect(packageOf({ filename: 'http://localhost:5173/node_modules/.vite/deps/@sentry_react.js?v=1' })).toBe('@sentry/react')
  expect(packageOf({ filename: 'node:internal/process/x' })).toBe('node:internal')
  expect(packageOf({ module: 'django.core.handlers' })).toBe('django.core')
  expect(packageOf({ module: 'org.spring.Servlet', package: 'spring-webmvc-5.3.23.jar', filename: 'Servlet.java' })).toBe('spring-webmvc')
  expect(packageOf({ module: 'com.acme.web.Orders$$Proxy', package: 'classes/' })).toBe('com.acme')
  expect(packageOf({ abs_path: '/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/panicking.rs', module: 'core' })).toBe('core')
  expect([packageOf({ function: 'array_map' }), packageOf({ function: 'Array.map', filename: '<anonymous>', module: '<anonymous>' })]).toEqual(['the runtime', 'the runtime'])
})

describe('where a frame is', () => {
  it.each<[string, Frame, string, string]>([
    ['path and position', { function: 'f', filename: 'a.go', abs_path: '/home/ada/p/a.go', line: 3, column: 9 }, '', 'f | ~/a.go | :3:9 | /home/ada/p/a.go:3:9'],
    ['a module of Node, by its path: an editor opens no URL', { function: 'f', filename: '/home/ada/p/a.mjs', abs_path: 'file:///home/ada/p/a.mjs', line: 3 }, 'node', 'f | ~/a.mjs | :3 | /home/ada/p/a.mjs:3'],
    ['nothing but a module', { module: 'com.shop.Cart', line: 0 }, '', ' | com.shop.Cart |  | com.shop.Cart'],
    ['as Java prints it', { function: 'place', module: 'com.acme.Orders', filename: 'Orders.java', line: 12 }, 'java', 'Orders.place | com.acme |  (Orders.java:12) | com.acme.Orders.place(Orders.java:12)'],
    ['a constructor of an inner class', { function: '<init>', module: 'com.acme.Main$Cart', filename: 'Main.java', line: 4 }, 'java', 'Main$Cart.<init> | com.acme |  (Main.java:4) | com.acme.Main$Cart.<init>(Main.java:4)'],
    ['native code of Java', { function: 'invoke', module: 'jdk.internal.Reflect', in_app: false }, 'java', 'Reflect.invoke | jdk.internal |  | jdk.internal.Reflect.invoke()'],
    ['.NET, with a path', { function: 'PlaceAsync', module: 'Acme.Shop.OrderService', filename: 'OrderService.cs', abs_path: '/home/ada/p/OrderService.cs', line: 37 }, 'csharp', 'OrderService.PlaceAsync | ~/OrderService.cs | :37 | /home/ada/p/OrderService.cs:37'],
    ['a constructor of .NET', { function: '.ctor', module: 'Acme.Prices', abs_path: 'C:\\src\\Prices.cs', line: 7 }, 'dotnet', 'Prices.ctor | C:/src/Prices.cs | :7 | C:\\src\\Prices.cs:7'],
    ['PHP', { function: 'get', module: 'Shop\\Prices', filename: '/srv/shop/Prices.php', line: 10 }, 'php', 'Prices::get | /srv/shop/Prices.php | :10 | /srv/shop/Prices.php:10'],
    ['a closure of PHP, which has its namespace already', { function: 'Shop\\{closure}', module: 'Shop\\Order', filename: '/srv/o.php', line: 1 }, 'php', 'Shop\\{closure} | /srv/o.php | :1 | /srv/o.php:1'],
    ['a closure, as sentry-go calls it', { function: '1', module: 'shop/main', abs_path: '/home/ada/p/main.go', line: 85 }, 'go', 'main.1 | ~/main.go | :85 | /home/ada/p/main.go:85'],
    ['Elixir', { function: 'show/2', module: 'Shop.Orders', filename: 'lib/orders.ex', line: 9 }, 'elixir', 'Orders.show/2 | ~/lib/orders.ex | :9 | lib/orders.ex:9'],
    ['the frame of another language than the event', { function: 'f', module: 'a.b', filename: 'b.py', line: 1, platform: 'python' }, 'java', 'f | ~/b.py | :1 | b.py:1'],
  ])('%s', (_, frame, platform, want) => {
    const { call, path, at, title } = frameWhere(frame, '/home/ada/p', platform)
    expect([call, path, at, title].join(' | ')).toBe(want)
  })
})
