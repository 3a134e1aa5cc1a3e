import { ChevronDown, ChevronRight } from 'lucide-preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { logFields } from '../../lib/fields.ts'
import { clock, count, plural } from '../../lib/format.ts'
import { gapKey, isGap, withGaps, type GapRow } from '../../lib/gaps.ts'
import { painted } from '../../lib/ansi.ts'
import { formatRange, parseRange, type Range } from '../../lib/histogram.ts'
import { withoutAnsi } from '../../lib/text.ts'
import { parseTime } from '../../lib/time.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Menu } from '../../ui/Menu.tsx'
import { memo, useStable } from '../../ui/memo.ts'
import { QueryBox } from '../../ui/QueryBox.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import { Top } from '../../ui/Top.tsx'
import { useWindow } from '../../ui/useWindow.ts'
import type { Level, LogSummary } from '../../wire/model.gen.ts'
import { useApp, useRowHeight } from '../context.ts'
import { useMatches } from '../matches.ts'
import { useSession } from '../session.ts'
import { FirstRun } from '../parts/firstRun.ts'
import { gapCells, GapRows } from '../parts/gaps.ts'
import { NoMatch } from '../parts/nothing.ts'
import { SessionButton } from '../parts/SessionButton.tsx'
import { Histogram } from './Histogram.tsx'
import { LogDetails } from './LogDetails.tsx'

const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal']
/** CSS pixels from the end within which the list still follows. */
const NEAR_END = 30

const logKey = (l: LogSummary): string => String(l.id)
const lineKey = (line: LogSummary | GapRow): string => (isGap(line) ? gapKey(line) : logKey(line))

/** The logs of all services, oldest first, following the newest while one looks at it. */
export function LogsView() {
  const app = useApp()
  const params = app.place.value.params
  const { records, all, showAll, ready } = useSession('logs', app.feed.lists.logs.value, (l) => l.id)
  const query = params['q'] ?? ''
  const { terms, test, asking, records: matching } = useMatches('logs', query, logFields, records, logKey)
  const least = LEVELS.indexOf((params['level'] ?? 'trace') as Level)
  const range = useMemo(() => parseRange(params['range']), [params['range']])
  const setRange = (next: Range | undefined) => app.setParams({ range: formatRange(next), at: '' })
  const found = useMemo(
    () => matching.filter((l) => (least <= 0 || LEVELS.indexOf(l.level) >= least) && (test === undefined || test(l))).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id - b.id)),
    [matching, test, least],
  )
  const rows = useMemo(() => (range === undefined ? found : found.filter((l) => {
    const at = parseTime(l.time).ms
    return at >= range[0] && at < range[1]
  })), [found, range])
  const nothing = ready && records.length === 0
  const counts = app.feed.counts.value
  const utc = app.settings.value.time === 'utc'
  const bare = nothing && params['session'] === undefined && counts.traces === 0 && counts.issues === 0
  return (
    <>
      <Top title="Logs">
        {!bare && (
          <>
            {records.length > 0 && <span class="chip num">{plural(rows.length, 'log')}</span>}
            {range !== undefined && <button class="chip ok num" title="Only this range of time. Show all" onClick={() => setRange(undefined)}>{clock(range[0], utc).slice(0, 8)}–{clock(range[1], utc).slice(0, 8)} ✕</button>}
            <span class="grow" />
            <LevelMenu records={records} least={Math.max(0, least)} />
            <div class="flex w-[380px] min-w-[120px]"><QueryBox value={query} terms={terms} fields={logFields} records={() => records} hint="level:error  service:orders  logger:http" onChange={(q) => app.setParams({ q })} /></div>
            <SessionButton all={all} showAll={showAll} />
            <button class="btn ghost" onClick={app.clear}>Clear</button>
          </>
        )}
      </Top>
      <GapRows placed={rows.length > 0} />
      {!ready && records.length === 0 ? <Loading label="Loading logs" />
        : bare ? <FirstRun />
          : nothing ? <Empty title="No logs in this session" text="Sentry SDKs send logs with enableLogs: true, OpenTelemetry SDKs with a log exporter: OTEL_LOGS_EXPORTER=otlp." />
            : rows.length === 0 && asking ? <Loading label="Searching" />
              : (
                <>
                  {found.length > 0 && <div class="histline"><Histogram rows={found} filter={`${query} ${all} ${least}`} range={range} onRange={setRange} /></div>}
                  {rows.length > 0 ? <LogList rows={rows} utc={utc} />
                    : found.length > 0 ? <Empty title="No logs in this range of time" text="There are others before or after it."><button class="btn" onClick={() => setRange(undefined)}>All times</button></Empty>
                      : terms.length === 0 ? <Empty title={`No logs from ${LEVELS[Math.max(0, least)]} up`} text="There are others below."><button class="btn" onClick={() => app.setParams({ level: '' })}>All levels</button></Empty>
                        : <NoMatch what="log" terms={terms} all={all} showAll={showAll} />}
                </>
            )}
    </>
  )
}

// From which severity on, with how many there are of each.
function LevelMenu({ records, least }: { records: readonly LogSummary[]; least: number }) {
  const app = useApp()
  const counts = useMemo(() => {
    const n = LEVELS.map(() => 0)
    for (const l of records) n[Math.max(0, LEVELS.indexOf(l.level))]!++
    return n
  }, [records])
  const label = (i: number) => (i === 0 ? 'All levels' : `${LEVELS[i]!.charAt(0).toUpperCase()}${LEVELS[i]!.slice(1)}${i === LEVELS.length - 1 ? '' : ' and up'}`)
  return (
    <Menu
      class={`btn ${least > 0 ? 'on' : ''}`} name="Least severity" label={<>{label(least)}<Icon of={ChevronDown} size={12} /></>}
      items={LEVELS.map((level, i) => ({
        label: <><span class={`lvl ${level}`}>{label(i)}</span><span class="grow" /><span class="t3 num">{count(counts[i]!)}</span></>, checked: i === least, run: () => app.setParams({ level: i === 0 ? '' : level }),
      }))}
    />
  )
}

function LogList({ rows, utc }: { rows: readonly LogSummary[]; utc: boolean }) {
  const app = useApp()
  const ROW = useRowHeight(26, 22)
  const scroller = useRef<HTMLDivElement>(null)
  const [follow, setFollow] = useState(app.settings.peek().follow && app.place.peek().params['at'] === undefined)
  const seen = useRef(rows.length)
  const selected = app.place.value.params['at']
  const gaps = app.feed.gaps.value
  const lines = useMemo(() => withGaps(rows, gaps, (row) => row.time, true), [rows, gaps])
  const at = selected === undefined ? -1 : lines.findIndex((line) => lineKey(line) === selected)
  const sight = useWindow({ count: lines.length, size: ROW, scroller, keep: at })
  const focus = useRef(false)

  const toEnd = () => {
    if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight
  }
  useLayoutEffect(() => {
    if (follow) {
      toEnd()
      seen.current = rows.length
    }
  }, [rows, follow])
  // Older logs leave at the top: what is being read stays where it is.
  const first = useRef(rows[0]?.id)
  useLayoutEffect(() => {
    const before = first.current
    first.current = rows[0]?.id
    if (follow || before === undefined || before === first.current || scroller.current === null) return
    const gone = seen.current - rows.length
    if (gone > 0) scroller.current.scrollTop -= gone * ROW
  }, [rows])
  useEffect(() => {
    if (at >= 0) sight.show(at)
  }, [selected])
  useLayoutEffect(() => {
    if (!focus.current) return
    focus.current = false
    scroller.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus({ preventScroll: true })
  })
  const select = (to: number) => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, to))]
    if (line === undefined) return
    setFollow(false)
    focus.current = true
    app.setParams({ at: lineKey(line) })
    sight.show(lines.indexOf(line))
  }
  const line = lines[at]
  const row = line === undefined || isGap(line) ? undefined : line
  useKeys({
    j: () => select(at < 0 ? lines.length - 1 : at + 1), ArrowDown: () => select(at < 0 ? lines.length - 1 : at + 1),
    k: () => select(at < 0 ? lines.length - 1 : at - 1), ArrowUp: () => select(at < 0 ? lines.length - 1 : at - 1),
    End: () => setFollow(true),
    Escape: () => (selected === undefined ? false : app.setParams({ at: '' })),
    t: () => {
      if (row?.trace_id === undefined) return false
      app.go({ view: 'traces', ids: [row.trace_id], params: row.span_id === undefined ? {} : { span: row.span_id } })
    },
  })
  const pick = useStable((row: LogSummary) => app.setParams({ at: String(row.id) === selected ? '' : String(row.id) }))
  const onScroll = () => {
    const element = scroller.current
    if (element === null) return
    const end = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_END
    if (end !== follow) setFollow(end)
    if (end) seen.current = rows.length
  }
  const waiting = Math.max(0, rows.length - seen.current)
  return (
    <div class="split">
      <div class="vlist flex flex-col">
        <div ref={scroller} class="scroll grow" onScroll={onScroll}>
          <div role="grid" aria-label="Logs" aria-rowcount={lines.length} class="space relative" style={{ height: `${sight.height}px` }}>
            {sight.indexes.map((index) => {
              const line = lines[index]!
              const focusable = index === (at < 0 ? lines.length - 1 : at)
              return isGap(line) ? (
                <div key={gapKey(line)} role="row" aria-rowindex={index + 1} aria-selected={index === at} tabIndex={focusable ? 0 : -1} class="pick absolute inset-x-0 top-0 gapline" style={{ transform: `translateY(${index * ROW}px)`, height: `${ROW}px` }}>{gapCells(line.gap)}</div>
              ) : <LogRow key={line.id} row={line} index={index} height={ROW} utc={utc} selected={index === at} focusable={focusable} onPick={pick} />
            })}
          </div>
        </div>
        {!follow && <button class="btn pill low" onClick={() => setFollow(true)}>↓ {waiting > 0 ? `${count(waiting)} new` : 'Follow'}</button>}
      </div>
      {row !== undefined && app.settings.value.details && <LogDetails row={row} />}
    </div>
  )
}

const LogRow = memo(function LogRow({ row, index, height, utc, selected, focusable, onPick }: { row: LogSummary; index: number; height: number; utc: boolean; selected: boolean; focusable: boolean; onPick: (row: LogSummary) => void }) {
  const app = useApp()
  const mark = app.services.mark(row.service)
  const newline = row.message.indexOf('\n')
  const text = newline < 0 ? row.message : `${row.message.slice(0, newline)} ⏎`
  return (
    <div
      role="row" aria-rowindex={index + 1} aria-selected={selected} tabIndex={focusable ? 0 : -1} class={`pick absolute inset-x-0 top-0 lg-row ${row.level}`}
      style={{ transform: `translateY(${index * height}px)` }} onClick={() => onPick(row)}
    >
      <span role="gridcell" class="t3 num">{clock(parseTime(row.time).ms, utc)}</span>
      <span role="gridcell" class={`lvl ${row.level}`}>{row.level === 'warning' ? 'warn' : row.level}</span>
      <span role="gridcell" class="opt" {...markProps(mark)}><Square mark={mark} /></span>
      <span role="gridcell" class="t3 trunc opt" title={row.logger}>{row.service}</span>
      <span role="gridcell" class="trunc" title={withoutAnsi(text)}>{row.logger !== undefined && row.logger !== row.service && <span class="t3">{row.logger}  </span>}{painted(text).map((p, i) => (p.tone === '' ? p.text : <span key={i} class={p.tone}>{p.text}</span>))}{row.fields !== undefined && <span class="t3">  {row.fields}</span>}</span>
      <span role="gridcell" class="opt">
        {row.trace_id !== undefined && (
          <button
            class="btn ghost icon small" aria-label="Open trace" title="Open trace (t)"
            onClick={(event) => {
              event.stopPropagation()
              app.go({ view: 'traces', ids: [row.trace_id!], params: row.span_id === undefined ? {} : { span: row.span_id } })
            }}
          ><Icon of={ChevronRight} size={14} /></button>
        )}
      </span>
    </div>
  )
})
