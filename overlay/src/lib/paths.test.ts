import { describe, expect, it } from 'vitest'
import { shortPath } from './paths.ts'

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
    ['http://localhost:5173/node_modules/.vite/deps/react-dom_client.js?v=0b2c1a3d', '', 'pkg:react-dom/client.js'],
    ['http://localhost:5173/node_modules/.vite/deps/@sentry_react.js?v=3b1d', '', 'pkg:@sentry/react.js'],
    ['http://localhost:5173/node_modules/.vite/deps/chunk-WERSD76P.js?v=0b2c1a3d', '', 'pkg:.vite/chunk-WERSD76P.js'],
    ['/srv/node_modules/.pnpm/@nestjs+core@11.1.0_x/node_modules/@nestjs/core/router.js', '', 'pkg:@nestjs/core@11.1.0/router.js'],
    ['/home/ada/go/pkg/mod/google.golang.org/grpc@v1.80.0/server.go', '', 'pkg:google.golang.org/grpc@v1.80.0/server.go'],
    ['/usr/local/go/src/net/http/server.go', '', 'pkg:net/http/server.go'],
    ['/home/ada/.venv/lib/python3.14/site-packages/flask/app.py', '', 'pkg:flask/app.py'],
    ['/usr/lib/python3.14/asyncio/base_events.py', '', 'pkg:asyncio/base_events.py'],
    ['/usr/lib/ruby/gems/3.4.0/gems/rack-3.1.0/lib/rack.rb', '', 'pkg:rack@3.1.0/lib/rack.rb'],
    ['/srv/vendor/symfony/http-kernel/Kernel.php', '', 'pkg:symfony/http-kernel/Kernel.php'],
    ['internal/acquirer/client.go', '', '~/internal/acquirer/client.go'],
    ['file:///home/ada/shop/src/a.mjs', '/home/ada/shop', '~/src/a.mjs'],
    ['file:///C:/code/shop/src/a.mjs', 'C:/code/shop', '~/src/a.mjs'],
    ['C:\\code\\shop\\main.go', 'C:/code/shop', '~/main.go'],
    ['/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/panicking.rs', '', 'pkg:core/src/panicking.rs'],
    ['/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/std/src/../../backtrace/src/backtrace/mod.rs', '', 'pkg:backtrace/src/backtrace/mod.rs'],
    ['/home/ada/.cargo/registry/src/index.crates.io-6f17d22bba15001f/tokio-1.45.0/src/task.rs', '', 'pkg:tokio@1.45.0/src/task.rs'],
    ['/usr/local/lib/ruby/3.4.0/monitor.rb', '', 'pkg:monitor.rb'],
    ['chrome-extension://abcdef/content.js', '', 'chrome-extension://abcdef/content.js'],
  ])('%s', (path, root, short) => {
    expect(shortPath(path, root)).toBe(short)
    expect(shortPath(path, root)).not.toMatch(/\/(home|Users)\/|\\/)
  })
})
