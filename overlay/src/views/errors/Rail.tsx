import { Copy } from 'lucide-preact'
import { Fragment } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { curl, isMasked, isSensitive } from '../../lib/curl.ts'
import { bytes, clockMinutes, count, duration } from '../../lib/format.ts'
import { badgeOf, contextSummary, legend, overrides, provenanceOf, story } from '../../lib/provenance.ts'
import { parseTime } from '../../lib/time.ts'
import { buildTree } from '../../lib/tree.ts'
import { drawTrace } from '../../ui/drawTrace.ts'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { KeyValues, valueText } from '../../ui/KeyValues.tsx'
import { Spark } from '../../ui/Spark.tsx'
import { useTheme } from '../../ui/useTheme.ts'
import type { AttributeValue, Attributes, Event, Issue, NameValue, Request, Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** Beside the stack: the request, who and what was set, the environment, and the trace. */
export function Rail({ event, issue, trace, openTrace }: { event: Event; issue: Issue | undefined; trace: Trace | undefined; openTrace: () => void }) {
  const app = useApp()
  const copy = (text: string, what: string) => void app.copy(text, what)
  const [only, setOnly] = useState<string | undefined>(undefined)
  const rest: [string, Attributes | undefined][] = [['Extra', event.extra], ['Attributes', event.attributes], ['Other', event.other]]
  return (
    <aside class="rail scroll" aria-label="Context" tabIndex={0}>
      {event.trace_id !== undefined && <MiniTrace trace={trace} id={event.trace_id} open={openTrace} />}
      {event.request !== undefined && <RequestCard request={event.request} />}
      <Layers event={event} only={only} pick={(letter) => setOnly(letter === only ? undefined : letter)} />
      <Leaves event={event} title="Tags" path="tags" values={event.tags} only={only} />
      <Leaves event={event} title="User" path="user" values={event.user} only={only} />
      <Contexts event={event} only={only} />
      {issue !== undefined && issue.spark.length > 0 && (
        <section>
          <h3 class="h3">{issue.count > 0 ? 'Same error in this session' : 'Same error in all sessions'}<span class="grow" /><span class="t3 num font-medium">{count(issue.count || issue.total_count)}</span></h3>
          <Spark values={issue.spark} tone={issue.level === 'warning' ? 'warn' : ''} floor={5} wide height={30} label={`${count(issue.count)} in this session`} />
          <div class="t3 num flex text-11 mt-4"><span>{issue.spark_time === undefined ? '5 min ago' : clockMinutes(parseTime(issue.spark_time).ms - issue.spark.length * 15_000)}</span><span class="grow" /><span>{issue.spark_time === undefined || app.now.value - parseTime(issue.spark_time).ms < 60_000 ? 'now' : clockMinutes(parseTime(issue.spark_time).ms)}</span></div>
        </section>
      )}
      {(event.attachments?.length ?? 0) > 0 && (
        <section>
          <h3 class="h3">Attachments</h3>
          {event.attachments!.map((item) => (
            <a key={item.id} class="flex gap-8 text-12 py-4 link" href={`/api/v1/attachments/${item.id}`} download><span class="trunc">{item.title || item.type}</span><span class="t3 num">{bytes(item.size)}</span></a>
          ))}
        </section>
      )}
      {rest.map(([title, values]) => values !== undefined && Object.keys(values).length > 0 && (
        <section key={title}><h3 class="h3">{title}</h3><KeyValues entries={Object.entries(values)} onCopy={copy} /></section>
      ))}
      <Environment event={event} />
    </aside>
  )
}

function MiniTrace({ trace, id, open }: { trace: Trace | undefined; id: string; open: () => void }) {
  const app = useApp()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme(box)
  const tree = useMemo(() => (trace === undefined ? undefined : buildTree(trace)), [trace])
  useEffect(() => {
    if (canvas.current !== null && tree !== undefined) drawTrace(canvas.current, tree, { width: canvas.current.clientWidth, height: 44, pad: 0, mark: app.services.mark, theme })
  }, [tree, theme])
  return (
    <div ref={box} class="card px-13 py-11">
      <div class="flex items-center gap-8"><b class="text-12 trunc">{trace?.root_name ?? <span class="mono t3">{id.slice(0, 16)}…</span>}</b><span class="grow" />{trace !== undefined && <span class="t3 num text-11">{duration(trace.duration_ns)}</span>}</div>
      {tree !== undefined && tree.byId.size > 0 ? <canvas ref={canvas} class="block w-full h-44 my-8" aria-hidden="true" /> : <p class="t3 text-12 my-8">{trace === undefined ? 'Its trace is not here' : 'No spans were received for it'}</p>}
      <button class="btn w-full justify-center" onClick={open}>Open trace <span class="kbd">T</span></button>
    </div>
  )
}

/** Headers shown before "+ 11 headers". */
const HEADERS = 2

function RequestCard({ request }: { request: Request }) {
  const app = useApp()
  const [all, setAll] = useState(false)
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set())
  const headers = request.headers ?? []
  const rank = (h: NameValue) => (/^(content-type|traceparent|sentry-trace)$/i.test(h.name) ? 0 : 1)
  const ordered = all ? headers : [...headers].sort((a, b) => rank(a) - rank(b)).slice(0, HEADERS)
  const body = request.data === undefined || request.data === null || request.data === '' ? undefined : request.data
  const size = body === undefined ? '' : `body ${bytes(new TextEncoder().encode(valueText(body)).length)}`
  const more = [headers.length > ordered.length ? `${headers.length - ordered.length} headers` : '', all ? '' : size].filter(Boolean).join(', ')
  const value = (h: NameValue) => (isSensitive(h.name) && !isMasked(h.value) && !revealed.has(h.name)
    ? <button class="t3" title="Show the value" onClick={() => setRevealed(new Set([...revealed, h.name]))}>••••••</button> : h.value)
  return (
    <section>
      <h3 class="h3">Request<span class="grow" /><button class="btn ghost small" onClick={() => void app.copy(curl(request), 'curl')}><Icon of={Copy} size={12} />curl</button></h3>
      <div class="card req">
        <div><span class="k-key">{request.method ?? 'GET'}</span> {request.url}</div>
        {(request.query?.length ?? 0) > 0 && all && request.query!.map((q, i) => <div key={i} class="t2">?{q.name}={q.value}</div>)}
        {ordered.map((h, i) => <div key={i} class={`t2 ${all ? '' : 'trunc'}`} title={isSensitive(h.name) ? undefined : h.value}>{h.name.toLowerCase()}: {value(h)}</div>)}
        {all && request.cookies?.map((c, i) => <div key={`c${i}`} class="t2">cookie {c.name}: {value({ ...c, name: `cookie ${c.name}` })}</div>)}
        {all && body !== undefined && <div class="mt-6">{typeof body === 'object' ? <JsonTree value={body} /> : <pre class="whitespace-pre-wrap">{String(body)}</pre>}</div>}
        {more !== '' && <button class="t3" onClick={() => setAll(true)}>+ {more}</button>}
      </div>
    </section>
  )
}

function Badge({ event, path, value }: { event: Event; path: string; value: string }) {
  const p = provenanceOf(event, path)
  if (p === undefined) return null
  const badge = badgeOf(p.layer)
  return <span class={`sc ${badge.letter}`} title={story(p, value)} aria-label={`from ${badge.name}`}>{badge.letter}</span>
}

// The layers the values came from: a legend, and a filter.
function Layers({ event, only, pick }: { event: Event; only: string | undefined; pick: (letter: string) => void }) {
  const badges = legend(event, 'tags', 'user', 'contexts')
  if (badges.length === 0) return null
  return (
    <div class="flex gap-4 flex-wrap items-center mt-14 text-12" role="group" aria-label="Where values came from">
      {badges.map((b) => (
        <button key={b.letter} class={`btn small ${only === b.letter ? 'on' : 'ghost'}`} aria-pressed={only === b.letter} title={`Only what came from: ${b.name}`} onClick={() => pick(b.letter)}><span class={`sc ${b.letter}`}>{b.letter}</span>{b.name}</button>
      ))}
    </div>
  )
}

const isFrom = (event: Event, path: string, only: string | undefined): boolean => {
  if (only === undefined) return true
  const p = provenanceOf(event, path)
  return p !== undefined && badgeOf(p.layer).letter === only
}

function Leaves({ event, title, path, values, only }: { event: Event; title: string; path: string; values: Attributes; only: string | undefined }) {
  const entries = flat(values).filter(([key]) => isFrom(event, `${path}.${key}`, only))
  if (entries.length === 0) return null
  return (
    <section>
      <h3 class="h3">{title}</h3>
      <dl>{entries.map(([key, value]) => <Leaf key={key} event={event} path={`${path}.${key}`} name={key} value={valueText(value)} />)}</dl>
    </section>
  )
}

function Leaf({ event, path, name, value }: { event: Event; path: string; name: string; value: string }) {
  const app = useApp()
  const hides = overrides(event.provenance[path])
  return (
    <div class="tg">
      <dt title={name}><Badge event={event} path={path} value={value} /><span class="trunc">{name}</span></dt>
      <dd><button class="trunc" title={`${story(event.provenance[path], value)}\nClick to copy`} onClick={() => void app.copy(value, name)}>{value}</button>{hides !== undefined && <span class="t3 shrink-0 font-ui">{hides}</span>}</dd>
    </div>
  )
}

function Contexts({ event, only }: { event: Event; only: string | undefined }) {
  const [open, setOpen] = useState<string | undefined>(undefined)
  const entries = Object.entries(event.contexts).filter(([, v]) => typeof v !== 'object' || v === null || Object.keys(v).length > 0).filter(([name]) => isFrom(event, `contexts.${name}`, only))
  if (entries.length === 0) return null
  return (
    <section>
      <h3 class="h3">Contexts</h3>
      <dl>
        {entries.map(([name, value]) => (
          <Fragment key={name}>
            <div class="tg">
              <dt><Badge event={event} path={`contexts.${name}`} value={contextSummary(name, value)} /><button class="trunc" aria-expanded={open === name} onClick={() => setOpen(open === name ? undefined : name)}>{name}</button></dt>
              <dd><span class="trunc" title={contextSummary(name, value)}>{contextSummary(name, value)}</span></dd>
            </div>
            {open === name && <div class="py-6 pl-20"><dt class="sr">{name}</dt><dd><JsonTree value={value} depth={1} /></dd></div>}
          </Fragment>
        ))}
      </dl>
    </section>
  )
}

function Environment({ event }: { event: Event }) {
  const app = useApp()
  const [all, setAll] = useState(false)
  const entries: [string, AttributeValue][] = []
  const put = (name: string, value: AttributeValue | undefined) => value !== undefined && value !== '' && entries.push([name, value])
  put('SDK', event.sdk === undefined ? undefined : `${event.sdk.name} ${event.sdk.version ?? ''}`.trim())
  put('server', event.server_name)
  put('release', event.release)
  put('dist', event.dist)
  put('logger', event.logger)
  put('recorded as', event.source.replace('_', ' '))
  put('event id', event.event_id)
  put('trace id', event.trace_id)
  const copy = (text: string, what: string) => void app.copy(text, what)
  const modules = Object.entries(event.modules ?? {})
  const resource = Object.entries(event.resource?.attributes ?? {})
  return (
    <section>
      <h3 class="h3">Environment</h3>
      <KeyValues entries={all ? [...entries, ...resource] : entries} onCopy={copy} />
      {!all && (modules.length > 0 || resource.length > 0) && (
        <button class="link text-12 mt-8" onClick={() => setAll(true)}>Show {[resource.length > 0 ? 'resource' : '', modules.length > 0 ? `${modules.length} modules` : ''].filter(Boolean).join(' and ')}</button>
      )}
      {all && modules.length > 0 && <><h3 class="h3">Modules</h3><KeyValues entries={modules} onCopy={copy} /></>}
    </section>
  )
}

/** Objects one level down become dotted names. */
function flat(values: Attributes): [string, AttributeValue][] {
  return Object.entries(values).flatMap(([key, value]): [string, AttributeValue][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !('$bytes' in value)
      ? Object.entries(value).map(([k, v]) => [`${key}.${k}`, v]) : [[key, value]])
}
