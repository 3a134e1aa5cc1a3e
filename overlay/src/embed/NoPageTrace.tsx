import { Check, CircleDashed, X } from 'lucide-preact'
import { Icon } from '../ui/Icon.tsx'
import { useApp } from '../views/context.ts'

const BROWSER = /browser|react|vue|svelte|angular|next|nuxt|remix|astro|ember|solid|capacitor|javascript$|web/i

/** What has to be there for a page to have a trace, each ticked from what was really seen (overlay-spec.md section 11). */
export function NoPageTrace({ close }: { close: () => void }) {
  const app = useApp()
  const services = app.feed.lists.services.value
  const fromBrowser = services.filter((s) => BROWSER.test(s.sdk.name))
  const rows: [boolean, string, string][] = [
    [sdkHere(), 'An SDK is loaded in this page', 'Load the Sentry or OpenTelemetry SDK before the first request of the page.'],
    [fromBrowser.length > 0, 'An SDK in a browser has sent something here', `Let it send to the Collector: DSN or OTLP endpoint, as under SDKs.`],
    [fromBrowser.some((s) => (s.counts['spans'] ?? s.counts['span'] ?? 0) > 0), 'It has sent spans', 'Turn browser tracing on, with a sample rate of 1.0.'],
    [services.some((s) => (s.propagation?.length ?? 0) > 0), 'A trace went from one process to the next', 'Let the server write its trace into the page: <meta name="sentry-trace"> or <meta name="traceparent">.'],
  ]
  return (
    <section class="nopage" aria-label="Why this page has no trace">
      <div class="flex items-center"><b class="grow">This page sent no trace yet</b><button class="btn ghost icon small" aria-label="Close" onClick={close}><Icon of={X} size={14} /></button></div>
      <ul>
        {rows.map(([seen, what, how]) => (
          <li key={what} class="flex gap-8 items-start"><Icon of={seen ? Check : CircleDashed} size={14} class={seen ? 'text-ok' : 't3'} /><span>{what}<span class="sr">{seen ? ': yes' : ': not seen'}</span>{!seen && <span class="t3 block">{how}</span>}</span></li>
        ))}
      </ul>
    </section>
  )
}

function sdkHere(): boolean {
  const page = globalThis as { __SENTRY__?: unknown } & Record<symbol, unknown>
  return page.__SENTRY__ !== undefined || page[Symbol.for('opentelemetry.js.api.1')] !== undefined
}
