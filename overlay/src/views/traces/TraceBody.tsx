import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { spanFields } from '../../lib/fields.ts'
import { count } from '../../lib/format.ts'
import { unlessWhole, type Zoom } from '../../lib/geometry.ts'
import { compileQuery, formatQuery } from '../../lib/query.ts'
import { flatten, type Row } from '../../lib/rows.ts'
import { ancestors, buildTree, deeperThan, type SpanNode, type Tree } from '../../lib/tree.ts'
import { formatIds, formatZoom, parseIds, parseZoom } from '../../lib/url.ts'
import { useKeys } from '../../ui/keys.ts'
import { QueryBox } from '../../ui/QueryBox.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import type { EventSummary, LogMark, Trace, TraceSpan } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { Waterfall } from './Waterfall.tsx'

/** Comes with the first trace that is opened; its place is kept. */
const Minimap = lazy('', () => import('./Minimap.tsx').then((m) => m.Minimap))
const Flame = lazy('the flame graph', () => import('./Flame.tsx').then((m) => m.Flame))
const SpanTable = lazy('the table', () => import('./SpanTable.tsx').then((m) => m.SpanTable))
const TraceLogs = lazy('the logs', () => import('./TraceLogs.tsx').then((m) => m.TraceLogs))
const TraceRaw = lazy('the raw trace', () => import('./TraceRaw.tsx').then((m) => m.TraceRaw))
const Details = lazy('details', () => import('./Details.tsx').then((m) => m.Details))

/** Spans above which a trace starts folded to this depth (MUST-TRC-2). */
const HUGE = 20_000
const HUGE_DEPTH = 2
/** Folded ids that still fit into a URL. */
const FOLDS_IN_URL = 40

/** Everything below the facts: it owns how the trace is looked at, and keeps that in the URL. */
export function TraceBody({ trace }: { trace: Trace }) {
  const app = useApp()
  const params = app.place.value.params
  useEffect(() => Details.preload(), [])
  const raw = params['raw'] === '1'
  // What a tree is made of: a trace that only got a log or an error keeps its tree.
  const treeOf = useGrowth()
  const tree = useMemo(() => treeOf.current(trace, raw), [trace.spans, trace.missing_parents, trace.start_time, trace.duration_ns, trace.extent_ns, raw])
  const moved = useMemo(() => trace.clock_domains?.some((d) => d.offset_ns !== 0) === true || trace.spans.some((s) => (s.clock_offset_ns ?? 0) !== 0), [trace.clock_domains, trace.spans])
  const as = params['as'] ?? ''
  const whole = useMemo((): Zoom => [0, tree.extent], [tree.extent])
  const zoom = useMemo(() => parseZoom(params['z']) ?? whole, [params['z'], whole])
  const setZoom = (next: Zoom) => app.setParams({ z: formatZoom(unlessWhole(next, tree.extent)) })
  const critical = params['cp'] !== '0'
  const showLogs = params['logs'] !== '0'
  const only = params['only'] === '1'

  const huge = trace.span_count > HUGE
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => (params['fold'] === undefined && huge ? deeperThan(tree, HUGE_DEPTH) : parseIds(params['fold'])))
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const fold = (change: (set: Set<string>) => void) => {
    const next = new Set(folded)
    change(next)
    setFolded(next)
    app.setParams({ fold: next.size <= FOLDS_IN_URL ? formatIds(next) : '' })
  }
  const toggle = (row: Row) => {
    if (row.kind === 'group') {
      const next = new Set(opened)
      if (!next.delete(row.node.id)) next.add(row.node.id)
      setOpened(next)
    } else if (row.kind === 'span' || row.kind === 'missing') fold((set) => void (set.delete(row.node.id) || set.add(row.node.id)))
  }

  const query = params['q'] ?? ''
  const { terms, test } = useSpanQuery(trace, query)
  const errors = useMemo(() => errorsBySpan(trace.events, tree.byId, tree.roots[0]), [trace.events, tree])
  const logs = useMemo(() => logsBySpan(trace.logs ?? []), [trace.logs])
  const hides = only ? test : undefined
  const rows = useMemo(
    () => flatten(tree, { folded, opened, errors, ...(hides === undefined ? {} : { only: hides }) }),
    [tree, folded, opened, errors, hides],
  )
  const selected = params['span']
  const node = selected === undefined ? undefined : tree.byId.get(selected)
  const select = (id: string | undefined) => app.setParams({ span: id ?? '' })
  const reveal = (target: SpanNode) => {
    const above = ancestors(target)
    if (above.some((n) => folded.has(n.id))) fold((set) => above.forEach((n) => set.delete(n.id)))
    const groups = above.filter((n) => n.kind === 'group' && !opened.has(n.id))
    if (groups.length > 0) setOpened(new Set([...opened, ...groups.map((n) => n.id)]))
  }
  const toggleParam = (name: string, on: boolean) => () => app.setParams({ [name]: on ? '0' : '' })
  const setQuery = (q: string) => app.setParams({ q })
  const solo = (service: string, hide: boolean) => {
    const others = terms.filter((t) => t.key !== 'service')
    const same = terms.some((t) => t.key === 'service' && t.values[0] === service && t.negate === hide)
    setQuery(formatQuery(same ? others : [...others, { key: 'service', compare: '=', values: [service], negate: hide }]))
  }
  useKeys({ c: toggleParam('cp', critical), 0: () => setZoom(whole) })

  const detailsOpen = node !== undefined && app.settings.value.details
  return (
    <>
      <div class="h-62 flex-none"><Minimap tree={tree} zoom={zoom} onZoom={setZoom} /></div>
      <section class="filt" aria-label="Filter">
        <div class="seg" role="group" aria-label="Shown as">
          {SHAPES.map(([id, label]) => <button key={id} class={`btn ${as === id ? 'on' : 'ghost'}`} aria-pressed={as === id} onClick={() => app.setParams({ as: id })}>{label}</button>)}
        </div>
        <QueryBox value={query} terms={terms} fields={spanFields} records={() => [...tree.byId.values()]} hint="Filter spans: dur:>5ms  op:db  is:error" onChange={setQuery} />
        <div class="chips">
          {trace.services.map((name) => (
            <button
              key={name} class="chip svcb" {...markProps(app.services.mark(name))} title="Only this service; with Alt: without it"
              aria-pressed={terms.some((t) => t.key === 'service' && t.values[0] === name && t.negate) ? false : undefined}
              onClick={(event) => solo(name, event.altKey)}
            ><Square mark={app.services.mark(name)} />{name}</button>
          ))}
        </div>
        {test !== undefined && <button class={`btn ${only ? 'on' : ''}`} aria-pressed={only} onClick={() => app.setParams({ only: only ? '' : '1' })}>Only matches</button>}
        {as === '' && (
          <>
            <button class={`btn ${critical ? 'on' : ''}`} aria-pressed={critical} onClick={toggleParam('cp', critical)}>Critical path</button>
            <button class={`btn ${showLogs ? 'on' : ''}`} aria-pressed={showLogs} title="Logs as marks on the bars" onClick={toggleParam('logs', showLogs)}>Log marks</button>
          </>
        )}
        {(moved || raw) && <button class={`btn ${raw ? 'on' : ''}`} aria-pressed={raw} title="Every service at the time its own clock said" onClick={() => app.setParams({ raw: raw ? '' : '1', z: '' })}>Raw clocks</button>}
      </section>
      {huge && folded.size > FOLDS_IN_URL && (
        <div class="gap" role="status">
          <span class="grow">{count(trace.span_count)} spans: what lies deeper than {HUGE_DEPTH} levels is folded</span>
          <button class="link" onClick={() => fold((set) => set.clear())}>Unfold all</button>
        </div>
      )}
      <div class="split">
        {as === 'flame' ? <Flame tree={tree} zoom={zoom} onZoom={setZoom} selected={selected} onSelect={select} match={test} />
          : as === 'table' ? <SpanTable tree={tree} selected={selected} onSelect={select} match={test} />
          : as === 'logs' ? <TraceLogs trace={trace} onSelect={select} />
          : as === 'raw' ? <TraceRaw trace={trace} />
          : <Waterfall
          trace={trace} tree={tree} rows={rows} zoom={zoom} onZoom={setZoom} selected={selected} onSelect={select} onReveal={reveal} onToggle={toggle}
          onFold={fold} match={test} logs={showLogs ? logs : NO_LOGS} critical={critical} errors={errors}
        />}
        {detailsOpen && (
          <Details
            trace={trace} node={node} events={errors.get(node.id) ?? []} onClose={() => select(undefined)}
            onFilter={(key, value, exclude) => setQuery(formatQuery([...terms, { key: `attr.${key}`, compare: '=', values: [value], negate: exclude }]))}
          />
        )}
      </div>
    </>
  )
}

/** Milliseconds between two looks at the attributes of a trace that grows. */
const LOOK_AGAIN = 2000

// Rows come without attributes. A filter that asks for one has them fetched, once for the trace and again when it grows.
function useSpanQuery(trace: Trace, query: string) {
  const app = useApp()
  const compiled = useMemo(() => compileQuery(query, spanFields), [query])
  const asks = compiled.terms.some((term) => [term.key ?? '', ...(term.key === 'has' ? term.values : [])].some((name) => name.startsWith('attr.')))
  const [found, setFound] = useState<{ of: string; details: ReadonlyMap<string, TraceSpan> }>({ of: '', details: new Map() })
  const version = `${trace.trace_id} ${trace.span_count}`
  useEffect(() => {
    if (!asks || found.of === version) return
    let stale = false
    const timer = setTimeout(() => {
      app.api.traceWhole(trace.trace_id).then(
        (whole) => !stale && setFound({ of: version, details: new Map(whole.spans.map((span) => [span.span_id, span])) }),
        (fault: unknown) => !stale && app.say(fault instanceof Error ? fault.message : 'The attributes could not be read'),
      )
    }, found.of.startsWith(trace.trace_id) ? LOOK_AGAIN : 0)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [asks, version])
  const { terms, test } = compiled
  const whole = useMemo(() => (test === undefined || !asks ? test : (node: SpanNode) => {
    const span = found.details.get(node.id)
    return test(span === undefined ? node : { ...node, span: { ...node.span, attributes: span.attributes, resource: span.resource } })
  }), [test, asks, found])
  return { terms, test: whole }
}

// What makes the trees of a trace that grows comes after the first of them; until then, and should it not come, each is built.
function useGrowth(): { readonly current: (trace: Trace, raw: boolean) => Tree } {
  const treeOf = useRef<(trace: Trace, raw: boolean) => Tree>(buildTree)
  useEffect(() => void import('../../lib/growth.ts').then((m) => (treeOf.current = m.createGrowth()), () => {}), [])
  return treeOf
}

/** The same trace in five ways; the first is the default. The selection is one for all. */
const SHAPES = [['', 'Waterfall'], ['flame', 'Flame'], ['table', 'Table'], ['logs', 'Logs'], ['raw', 'Raw']] as const

const NO_LOGS: ReadonlyMap<string, readonly LogMark[]> = new Map()

function logsBySpan(logs: readonly LogMark[]): Map<string, LogMark[]> {
  const map = new Map<string, LogMark[]>()
  for (const log of logs) {
    if (log.span_id === undefined) continue
    const list = map.get(log.span_id)
    if (list === undefined) map.set(log.span_id, [log])
    else list.push(log)
  }
  return map
}

// An error whose span is not here is shown under the first row, so that none is missed.
function errorsBySpan(events: readonly EventSummary[], byId: ReadonlyMap<string, SpanNode>, first: { id: string } | undefined): Map<string, EventSummary[]> {
  const map = new Map<string, EventSummary[]>()
  for (const event of events) {
    const id = event.span_id !== undefined && byId.has(event.span_id) ? event.span_id : first?.id
    if (id === undefined) continue
    const list = map.get(id)
    if (list === undefined) map.set(id, [event])
    else list.push(event)
  }
  return map
}
