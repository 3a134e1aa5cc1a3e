import { neededSources } from './policy.ts'
import type { Frame } from './panel.tsx'

/** The page's policy keeps the overlay from the Collector: the one directive to add, and the way without changing it. */
export function Blocked({ frame }: { frame: Frame }) {
  return (
    <div class="osp emb" role="dialog" aria-label="Spotlight" tabIndex={-1}>
      <header class="ehead"><b>Spotlight</b><span class="grow" /><button class="btn ghost" onClick={frame.close}>Close</button></header>
      <div class="scroll grow" tabIndex={0} role="region" aria-label="What to change">
        <div class="empty">
          <h1 class="title">Blocked by page policy</h1>
          <p class="t2 mt-6">The Content-Security-Policy of this page does not let the overlay connect to the Collector at {frame.endpoint}. Add this to its connect-src while you develop:</p>
          <pre class="policy" tabIndex={0}>connect-src {neededSources(frame.endpoint)}</pre>
          <p class="t2 mt-12">Or leave the policy as it is and let your development server pass a path on to the Collector, WebSockets included. With Vite:</p>
          <pre class="policy" tabIndex={0}>{`server: {
  proxy: { '/__spotlight': {
    target: '${frame.endpoint}', ws: true, rewrite: (path) => path.slice(12),
  } },
}`}</pre>
          <p class="t2 mt-6">Then give the overlay that path: <span class="mono">init({'{'} endpoint: '/__spotlight' {'}'})</span></p>
        </div>
      </div>
    </div>
  )
}
