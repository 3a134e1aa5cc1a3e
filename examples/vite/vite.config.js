import { defineConfig } from 'vite'

const collector = process.env.SPOTLIGHT_URL ?? 'http://localhost:8970'

export default defineConfig({
  server: {
    // The Collector under a path of this page, so that its policy may stay closed.
    proxy: { '/__spotlight': { target: collector, ws: true, rewrite: (path) => path.replace(/^\/__spotlight/, '') } },
    headers: { 'Content-Security-Policy': "connect-src 'self'" },
  },
})
