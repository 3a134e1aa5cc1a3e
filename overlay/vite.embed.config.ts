// The overlay for host pages: overlay.js for a script element, embed.js for the npm package, and what both load when the
// overlay is opened. Built after the standalone page, into the same folder.
import tailwindcss from '@tailwindcss/vite'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { cssGate } from './tools/css-gate.ts'
import { embedBudget } from './tools/embed-budget.ts'
import { firstLoad } from './tools/first-load.ts'

const at = (name: string) => resolve(import.meta.dirname, 'src/embed', name)
const entry = /\/embed\/(index|script)\.ts$/
const trigger = firstLoad()
const panel = firstLoad(/\/embed\/panel\.tsx$/)

export default defineConfig({
  plugins: [tailwindcss(), cssGate({ container: (id) => id.includes('/styles/app.css') }), trigger, panel, embedBudget()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    sourcemap: false,
    modulePreload: false, // it would write links into the head of the host page
    reportCompressedSize: false,
    // A library: exports are kept, and process.env.NODE_ENV is the business of the page's own bundler.
    lib: { entry: { embed: at('index.ts'), overlay: at('script.ts') }, formats: ['es'] },
    rolldownOptions: {
      output: {
        minify: true,
        comments: { annotation: false, legal: true, jsdoc: false },
        // What both need is loaded with the page already.
        codeSplitting: { groups: [{ name: 'trigger', test: (id) => trigger.has(id) && !entry.test(id), priority: 2 }, { name: 'panel', test: (id) => panel.has(id), priority: 1 }] },
        entryFileNames: '[name].js',
        chunkFileNames: (chunk) => `assets/embed/${chunk.name.replace(/[^a-zA-Z0-9-]/g, '')}-[hash].js`,
      },
    },
  },
})
