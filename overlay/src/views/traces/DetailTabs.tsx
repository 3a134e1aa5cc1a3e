import { Copy } from 'lucide-preact'
import type { Turn } from '../../lib/conversation.ts'
import { curl, isSensitive } from '../../lib/curl.ts'
import { delta, duration } from '../../lib/format.ts'
import { layOutSql } from '../../lib/sql.ts'
import { nsBetween, parseTime } from '../../lib/time.ts'
import type { SpanNode } from '../../lib/tree.ts'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { KeyValues } from '../../ui/KeyValues.tsx'
import type { AttributeValue, LogSummary, Request, SpanDetails, Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

type Entries = [string, AttributeValue][]

/** What the overview shows of the attributes, by what a span is; the rest is in its own tab. */
const GROUPS: { title: string; keys: RegExp }[] = [
  { title: 'Request', keys: /^(http\.|url\.|net\.peer|server\.|network\.protocol|retry\.|user_agent)/ },
  { title: 'Database', keys: /^db\./ },
  { title: 'Messaging', keys: /^messaging\./ },
  { title: 'RPC', keys: /^rpc\./ },
  { title: 'AI', keys: /^gen_ai\./ },
  { title: 'Code', keys: /^code\./ },
]
/** Attributes an overview shows when no group fits. */
const SOME = 8

export function OverviewTab({ trace, node, details, logs, request }: {
  trace: Trace
  node: SpanNode
  details: SpanDetails | undefined
  logs: readonly LogSummary[]
  request: Request | undefined
}) {
  const app = useApp()
  const { span } = node
  const copy = (text: string, what: string) => void app.copy(text, what)
  const hides = useHides()
  const entries: Entries = Object.entries(details?.attributes ?? {})
  const groups = GROUPS.map((g) => ({ title: g.title, entries: entries.filter(([key]) => g.keys.test(key)) })).filter((g) => g.entries.length > 0)
  const said = entries.find(([key, v]) => (key === 'db.query.text' || key === 'db.statement') && typeof v === 'string')?.[1]
  const laid = typeof said === 'string' ? layOutSql(said) : undefined
  const statement = laid === undefined || (said === span.name && !laid.includes('\n')) ? undefined : laid
  const resource = details?.resource?.attributes ?? {}
  const sdk = [resource['telemetry.sdk.name'], resource['telemetry.sdk.language'], resource['telemetry.sdk.version']].filter((v) => v !== undefined).join(' ')
  const pid = resource['process.pid']
  return (
    <>
      {(span.status_message ?? '') !== '' && <p class="text-err text-12 mb-10 wrap-anywhere">{span.status_message}</p>}
      {span.warnings?.map((warning) => <p key={warning} class="text-warn text-12 mb-10">{warning}</p>)}
      {(span.n_plus_one ?? 0) > 0 && <p class="text-warn text-12 mb-10">{span.n_plus_one} equal calls follow each other. One call could fetch them all.</p>}
      {(span.gap_ns ?? 0) > 0 && <p class="t3 text-12 mb-10">{duration(span.gap_ns!)} of it without instrumentation: nothing says what happened.</p>}
      {span.also_reported?.map((id) => (
        <p key={id} class="t3 text-12 mb-10">The {span.origin === 'sentry' ? 'OpenTelemetry' : 'Sentry'} SDK of this process reports the same call: <button class="link mono" onClick={() => app.setParams({ span: id })}>{trace.spans.find((s) => s.span_id === id)?.name ?? id}</button></p>
      ))}
      {details === undefined && <p class="t3" role="status">Loading…</p>}
      {statement !== undefined && <pre class="card mono px-12 py-8 mb-4 wrap-anywhere whitespace-pre-wrap">{statement}</pre>}
      {groups.map((group) => (
        <section key={group.title}>
          <h3 class="h3 mt-4">{group.title}<span class="grow" />
            {group.title === 'Request' && request !== undefined && <button class="btn ghost small" onClick={() => copy(curl(request, app.settings.value.mask), 'curl')}><Icon of={Copy} size={12} />curl</button>}
          </h3>
          <KeyValues entries={group.entries} onCopy={copy} hides={hides} />
        </section>
      ))}
      {details !== undefined && groups.length === 0 && entries.length > 0 && (
        <section><h3 class="h3 mt-4">Attributes</h3><KeyValues entries={entries.slice(0, SOME)} onCopy={copy} hides={hides} /></section>
      )}
      {logs.length > 0 && <section><h3 class="h3">Logs</h3><LogsTab logs={logs.slice(-6)} trace={trace} /></section>}
      <section>
        <h3 class="h3">Source</h3>
        <KeyValues
          entries={[
            ...(sdk === '' ? [] : [['SDK', sdk] as const]),
            ['process', pid === undefined ? span.service : `${span.service} · pid ${String(pid)}`],
            ...(details?.scope?.name === undefined || details.scope.name === '' ? [] : [['library', `${details.scope.name} ${details.scope.version ?? ''}`.trim()] as const]),
            ['span id', span.span_id],
            ...(span.parent_span_id === undefined ? [] : [['parent', span.parent_span_id] as const]),
            ['started', span.start_time],
          ]}
          onCopy={copy}
        />
      </section>
    </>
  )
}

// Names whose values nobody should read over a shoulder.
function useHides(): (name: string) => boolean {
  const { mask } = useApp().settings.value
  return (name) => isSensitive(name, mask) && !COUNTS.test(name)
}
/** A number of tokens is no token. */
const COUNTS = /^gen_ai\.|\.(count|size|length|id)$/

export function AttributesTab({ details, onFilter }: { details: SpanDetails; onFilter: (key: string, value: string, exclude: boolean) => void }) {
  const app = useApp()
  const hides = useHides()
  const entries = Object.entries(details.attributes)
  if (entries.length === 0) return <p class="t3">This span has no attributes.</p>
  return (
    <>
      <KeyValues entries={entries} onCopy={(text, what) => void app.copy(text, what)} onFilter={onFilter} hides={hides} />
      {(details.dropped_attributes ?? 0) > 0 && <p class="t3 mt-8">The SDK dropped {details.dropped_attributes} more.</p>}
    </>
  )
}

/** What was said to a model and what it answered. Text, never rendered as anything else. */
export function ConversationTab({ turns }: { turns: readonly Turn[] }) {
  const app = useApp()
  return (
    <>
      {turns.map((turn, i) => (
        <section key={i} class="mb-12">
          <h3 class="h3 mt-0">{turn.role}<span class="grow" /><button class="btn ghost icon small" aria-label={`Copy what ${turn.role} said`} title="Copy" onClick={() => void app.copy(turn.text, 'Message')}><Icon of={Copy} size={12} /></button></h3>
          <p class="whitespace-pre-wrap wrap-anywhere text-12">{turn.text}</p>
        </section>
      ))}
    </>
  )
}

export function LogsTab({ logs, trace }: { logs: readonly LogSummary[]; trace: Trace }) {
  const app = useApp()
  const start = parseTime(trace.start_time)
  return (
    <div>
      {[...logs].sort((a, b) => (a.time < b.time ? -1 : 1)).map((log) => (
        <button key={log.id} class="logline w-full" title={log.message} onClick={() => app.go({ view: 'logs', ids: [], params: { at: String(log.id), q: `trace:${trace.trace_id}` } })}>
          <span class="t3">{delta(nsBetween(start, parseTime(log.time))).replace(/\u00a0ms$/, '')}</span>
          <span class={`lvl ${log.level}`}>{log.level === 'warning' ? 'warn' : log.level}</span>
          <span class="trunc">{log.message}</span>
        </button>
      ))}
    </div>
  )
}

export function EventsTab({ trace, details }: { trace: Trace; details: SpanDetails }) {
  const app = useApp()
  const start = parseTime(trace.start_time)
  return (
    <>
      {details.events?.map((event, i) => (
        <section key={i} class="mb-12">
          <h3 class="h3 mt-0">▵ {event.name}<span class="grow" /><span class="t3 num font-normal">{delta(nsBetween(start, parseTime(event.time)))}</span></h3>
          <KeyValues entries={Object.entries(event.attributes ?? {})} onCopy={(text, what) => void app.copy(text, what)} />
        </section>
      ))}
    </>
  )
}

export function LinksTab({ details }: { details: SpanDetails }) {
  const app = useApp()
  return (
    <>
      {details.links?.map((link, i) => (
        <section key={i} class="mb-12">
          <button class="link mono" onClick={() => app.go({ view: 'traces', ids: [link.trace_id], params: { span: link.span_id } })}>↗ {link.trace_id} {link.span_id}</button>
          <KeyValues entries={Object.entries(link.attributes ?? {})} onCopy={(text, what) => void app.copy(text, what)} />
        </section>
      ))}
    </>
  )
}

export function ResourceTab({ details }: { details: SpanDetails }) {
  const app = useApp()
  const copy = (text: string, what: string) => void app.copy(text, what)
  return (
    <>
      {details.resource === undefined ? <p class="t3">No resource came with this span.</p> : <KeyValues entries={Object.entries(details.resource.attributes)} onCopy={copy} />}
      {details.scope !== undefined && (
        <section>
          <h3 class="h3">Instrumentation scope</h3>
          <KeyValues entries={[['name', details.scope.name], ['version', details.scope.version ?? ''], ...Object.entries(details.scope.attributes ?? {})]} onCopy={copy} />
        </section>
      )}
    </>
  )
}

export function RawTab({ span }: { span: unknown }) {
  const app = useApp()
  return (
    <>
      <button class="btn small mb-8" onClick={() => void app.copy(JSON.stringify(span, null, 2), 'JSON')}><Icon of={Copy} size={12} />Copy JSON</button>
      <JsonTree value={span} />
    </>
  )
}
