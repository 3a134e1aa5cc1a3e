import { CircleAlert, Copy, ExternalLink, X } from 'lucide-preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { conversation } from '../../lib/conversation.ts'
import { curl } from '../../lib/curl.ts'
import { editorLink, mapPath } from '../../lib/editor.ts'
import { count, delta, duration } from '../../lib/format.ts'
import { shortPath } from '../../lib/paths.ts'
import { requestOf } from '../../lib/spanRequest.ts'
import type { SpanNode } from '../../lib/tree.ts'
import { Icon } from '../../ui/Icon.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Menu } from '../../ui/Menu.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import type { EventSummary, SpanDetails, Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { ColumnGrip } from '../parts/ColumnGrip.tsx'
import { AttributesTab, ConversationTab, EventsTab, LinksTab, LogsTab, OverviewTab, RawTab, ResourceTab } from './DetailTabs.tsx'

/** The span that is selected. Its attributes are asked for when it is; the summary is there at once. */
export function Details({ trace, node, events, onClose, onFilter }: {
  trace: Trace
  node: SpanNode
  events: readonly EventSummary[]
  onClose: () => void
  onFilter: (key: string, value: string, exclude: boolean) => void
}) {
  const app = useApp()
  const { span } = node
  const details = useDetails(trace, node)
  const logs = app.feed.lists.logs.value.filter((log) => log.span_id === span.span_id && log.trace_id === trace.trace_id)
  const tab = app.place.value.params['tab'] ?? 'overview'
  const request = details === 'failed' || details === undefined ? undefined : requestOf(span, details)
  const have = details === 'failed' ? undefined : details
  const turns = useMemo(() => conversation(have?.attributes ?? {}), [have])
  const tabs = [
    { id: 'overview', label: 'Overview' },
    ...(turns.length > 0 ? [{ id: 'conversation', label: 'Conversation' }] : []),
    { id: 'attributes', label: <>Attributes {have === undefined ? '' : count(Object.keys(have.attributes).length)}</> },
    ...(logs.length > 0 ? [{ id: 'logs', label: `Logs ${logs.length}` }] : []),
    ...((have?.events?.length ?? 0) > 0 ? [{ id: 'events', label: `Events ${have!.events!.length}` }] : []),
    ...((have?.links?.length ?? 0) > 0 ? [{ id: 'links', label: `Links ${have!.links!.length}` }] : []),
    { id: 'resource', label: 'Resource' },
    { id: 'raw', label: 'Raw' },
  ]
  const asCurl = () => (request === undefined ? false : void app.copy(curl(request, app.settings.peek().mask), 'curl'))
  useKeys({ 'y c': asCurl })
  const at = tabs.some((t) => t.id === tab) ? tab : 'overview'
  const width = app.settings.value.detailsWidth
  return (
    <aside class="det" aria-label="Span details" style={{ width: `${width}px` }}>
      <ColumnGrip class="edge" label="Width of the details" value={width} min={320} max={720} direction={-1} onChange={(detailsWidth) => app.setSettings({ detailsWidth })} />
      <div class="dh" {...markProps(app.services.mark(span.service))}>
        <div class="flex gap-6 items-center">
          <Square mark={app.services.mark(span.service)} />
          <span class="t2 trunc">{span.service}</span><span class="t3">·</span><span class="t3 trunc">{span.op ?? span.kind}</span>
          <span class="grow" />
          <Menu
            class="btn ghost icon" name="Copy" label={<Icon of={Copy} size={14} />}
            items={[
              ...(request === undefined ? [] : [{ label: <>As curl<span class="grow" /><span class="kbd">y c</span></>, run: asCurl }]),
              { label: 'Span as JSON', run: () => void app.copy(JSON.stringify({ ...span, ...have }, null, 2), 'JSON') },
              { label: 'Link to the span', run: () => void app.copy(app.linkTo(), 'Link') },
              { label: 'For agent, as Markdown', run: () => void import('../../lib/agent.ts').then((m) => app.copy(m.agentSpan(trace, node, have, app.linkTo()), 'Markdown')) },
              { label: 'Span id', run: () => void app.copy(span.span_id, 'Span id') },
            ]}
          />
          <button class="btn ghost icon" aria-label="Close" onClick={onClose}><Icon of={X} size={14} /></button>
        </div>
        <h2>{span.name}</h2>
        <div class="t2 num text-12">{duration(span.duration_ns)} · {duration(span.self_ns)} self · starts at {delta(Math.round(node.start / 1e6) * 1e6) === '0' ? '0 ms' : delta(node.start)}</div>
      </div>
      <Tabs label="Span" tabs={tabs} at={at} onPick={(id) => app.setParams({ tab: id === 'overview' ? '' : id })} />
      <div class="body scroll" role="tabpanel" aria-label={at} tabIndex={0}>
        {at === 'overview' && events.map((event) => <ErrorCard key={event.event_id} event={event} />)}
        {details === 'failed' ? <p class="t3">The details of this span could not be read. Its trace may have made room for newer ones.</p>
          : at === 'overview' ? <OverviewTab trace={trace} node={node} details={details} logs={logs} request={request} />
            : at === 'logs' ? <LogsTab logs={logs} trace={trace} />
              : details === undefined ? <p class="t3" role="status">Loading…</p>
                : at === 'conversation' ? <ConversationTab turns={turns} />
                : at === 'attributes' ? <AttributesTab details={details} onFilter={onFilter} />
                  : at === 'events' ? <EventsTab trace={trace} details={details} />
                    : at === 'links' ? <LinksTab details={details} />
                      : at === 'resource' ? <ResourceTab details={details} />
                        : <RawTab span={{ ...span, ...details }} />}
      </div>
    </aside>
  )
}

function ErrorCard({ event }: { event: EventSummary }) {
  const app = useApp()
  const issue = app.feed.lists.issues.value.find((i) => i.issue_id === event.issue_id)
  const where = event.culprit === undefined ? undefined : /^(.*?)(:\d+(?::\d+)?)?$/.exec(event.culprit)
  const link = event.culprit === undefined ? undefined : editorLink(app.settings.value.editor, mapPath(event.culprit, app.settings.value.pathMap))
  return (
    <div class="card e px-14 py-12 mb-12">
      <div class="flex gap-8 items-center text-err font-semibold">
        <Icon of={CircleAlert} size={14} /><span class="trunc">{event.title}</span><span class="grow" />
        {(issue?.count ?? 0) > 1 && <span class="chip err">×{count(issue!.count)}</span>}
      </div>
      {event.value !== undefined && <div class="t2 text-12 mt-3 mb-10 wrap-anywhere line-clamp-4">{event.value}</div>}
      {where != null && <div class="mono text-12 wrap-anywhere">{shortPath(where[1]!)}<span class="t3">{where[2]}</span></div>}
      <div class="flex gap-6 mt-10">
        <button class="btn pri" onClick={() => app.go({ view: 'errors', ids: [event.issue_id ?? '-', event.event_id], params: {} })}>Open error</button>
        {link !== undefined && <a class="btn" href={link}><Icon of={ExternalLink} size={14} />Editor</a>}
      </div>
    </div>
  )
}

function useDetails(trace: Trace, node: SpanNode): SpanDetails | 'failed' | undefined {
  const app = useApp()
  const key = `${trace.trace_id} ${node.id} ${node.span.open === true ? trace.version : ''}`
  const [failed, setFailed] = useState<string | undefined>(undefined)
  const [, paint] = useState(0)
  useEffect(() => {
    if (app.spanDetails.get(key) !== undefined) return
    let stale = false
    app.api.span(trace.trace_id, node.id).then(
      (details) => {
        app.spanDetails.put(key, details)
        if (!stale) paint((n) => n + 1)
      },
      () => !stale && setFailed(key),
    )
    return () => {
      stale = true
    }
  }, [key])
  return app.spanDetails.get(key) ?? (failed === key ? 'failed' : undefined)
}
