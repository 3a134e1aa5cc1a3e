import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vitest/config'
import { cssGate } from './tools/css-gate.ts'
import { firstLoad } from './tools/first-load.ts'
import { sizeBudget } from './tools/size-budget.ts'

// The Collector to develop against; `npm run mock` starts a stand-in on the same port.
const collector = process.env['SPOTLIGHT_COLLECTOR'] ?? 'http://localhost:8970'

const first = firstLoad()

export default defineConfig({
  plugins: [tailwindcss(), cssGate(), first, sizeBudget()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // The build is committed and compared byte for byte in CI, so nothing in it may depend on the machine or the time.
    sourcemap: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'first', test: (id) => first.has(id) }] },
        // go:embed and some proxies are unhappy with names that begin with an underscore.
        entryFileNames: 'assets/app-[hash].js',
        chunkFileNames: (chunk) => `assets/${chunk.name.replace(/[^a-zA-Z0-9-]/g, '')}-[hash].js`,
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: {
    proxy: { '/api': collector, '/ws': { target: collector, ws: true } },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.{ts,tsx}'],
    pool: 'threads',
    testTimeout: 30_000, // property tests on a shared machine
  },
})
