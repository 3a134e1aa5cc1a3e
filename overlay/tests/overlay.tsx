// An overlay in a shadow root, as the page has it, over a socket and an API under the test's control.
import { render } from 'preact'
import { createApp, type App } from '../src/store/app.ts'
import { Page } from '../src/shell/Page.tsx'
import { Shell } from '../src/shell/Shell.tsx'
import { createKeys } from '../src/ui/keys.ts'
import { installSafeText } from '../src/ui/safeText.ts'
import { FakeSocket } from './fakeSocket.ts'

export interface Overlay {
  app: App
  socket: FakeSocket
  root: ShadowRoot
  /** All text, spaces joined. */
  text: () => string
  /** Lets effects, lazy chunks and answers arrive, and publishes what came. */
  settle: () => Promise<void>
  press: (key: string) => Promise<void>
  /** Waits until a text is there; views come in chunks of their own. */
  sees: (text: string | RegExp) => Promise<void>
  close: () => void
}

/** By path; a promise is an answer that takes its time. */
export type Answers = { [path: string]: unknown }

// happy-dom has no popovers: they are neither opened nor closed, their content is there.
HTMLElement.prototype.hidePopover ??= () => undefined

export async function openOverlay(path: string, answers: Answers = {}): Promise<Overlay> {
  installSafeText()
  FakeSocket.all.length = 0
  const host = document.createElement('otelcol-spotlight')
  document.body.append(host)
  const root = host.attachShadow({ mode: 'open' })
  const fetch = ((url: string) => {
    const asked = url.replace('http://collector.test', '').replace(/\?.*$/, '')
    return Promise.resolve(answers[asked]).then((answer) => asked in answers ? Response.json(answer) : Response.json({ error: `there is no ${asked}` }, { status: 404 }))
  }) as typeof globalThis.fetch
  const app = createApp({ endpoint: 'http://collector.test', mode: 'memory', start: path, open: FakeSocket.open, fetch })
  const keys = createKeys({ singleKeys: () => true })
  render(<Shell app={app} keys={keys}><Page /></Shell>, root)
  const socket = FakeSocket.all[0]!
  const settle = async () => {
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 15))
      app.feed.flush()
    }
  }
  await settle()
  return {
    app, socket, root, settle,
    text: () => (root.textContent ?? '').replace(/[\s\u00a0\u202f]+/g, ' '),
    sees: async (wanted) => {
      for (let i = 0; i < 40; i++) {
        const text = (root.textContent ?? '').replace(/[\s\u00a0\u202f]+/g, ' ')
        if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return
        await settle()
      }
      throw new Error(`never saw ${String(wanted)} in: ${(root.textContent ?? '').slice(0, 2000)}`)
    },
    press: async (key) => {
      keys.handle(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }))
      await settle()
    },
    close: () => {
      render(null, root)
      app.dispose()
      host.remove()
    },
  }
}

export const status = (more: object = {}) => ({
  version: '0.1.0', store_id: 's', seq: 1, session: { number: 7, start_time: '2026-11-21T14:01:00Z' },
  endpoints: [{ name: 'sentry', url: 'http://localhost:9969' }, { name: 'otlp_http', url: 'http://localhost:9318' }, { name: 'otlp_grpc', url: 'http://localhost:9317' }], ...more,
})

/** The handshake, and the first lists. */
export async function live(overlay: Overlay, snapshot: object = {}, more: object = {}): Promise<void> {
  overlay.socket.accept()
  overlay.socket.say({ type: 'hello', seq: 1, status: status(more) })
  overlay.socket.say({ type: 'snapshot', seq: 1, snapshot })
  await overlay.settle()
}
