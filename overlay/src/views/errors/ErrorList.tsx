import { ChevronDown, CircleAlert, Eye, EyeOff, Info, OctagonAlert, Pin, TriangleAlert } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { ago, count, plural } from '../../lib/format.ts'
import { issueFields } from '../../lib/fields.ts'
import { withGaps } from '../../lib/gaps.ts'
import { parseTime } from '../../lib/time.ts'
import { Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Bindings } from '../../ui/keys.ts'
import { lazy } from '../../ui/lazy.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { QueryBox } from '../../ui/QueryBox.tsx'
import { ServiceChip } from '../../ui/Service.tsx'
import { Spark } from '../../ui/Spark.tsx'
import { Top } from '../../ui/Top.tsx'
import { VList } from '../../ui/VList.tsx'
import type { EventSummary, Issue, Level } from '../../wire/model.gen.ts'
import { useApp, useRowHeight } from '../context.ts'
import { useSession } from '../session.ts'
import { FirstRun } from '../parts/firstRun.ts'
import { useMatches } from '../matches.ts'
import { gapCells, GapRows } from '../parts/gaps.ts'
import { AllHidden, NoErrors, NoMatch } from '../parts/nothing.ts'
import { PageFilter } from '../parts/pages.ts'
import { usePage } from '../page.ts'
import { EarlierHidden, SessionButton } from '../parts/SessionButton.tsx'

type Row = { kind: 'issue'; issue: Issue } | { kind: 'event'; event: EventSummary; issue: Issue }

/** time: of sorting by it, for what stands between rows. */
const SORTS: { id: string; label: string; compare: (a: Issue, b: Issue) => number; time?: (issue: Issue) => string }[] = [
  { id: '', label: 'Last seen', compare: (a, b) => (a.last_time < b.last_time ? 1 : -1), time: (i) => i.last_time },
  { id: 'count', label: 'Events', compare: (a, b) => b.count - a.count },
  { id: 'first', label: 'First seen', compare: (a, b) => (a.first_time < b.first_time ? 1 : -1), time: (i) => i.first_time },
]
/** Events listed below an expanded group. */
const EXPANDED = 20

// With the first group that is opened in the list.
const EventCells = lazy('', () => import('./EventCells.tsx').then((m) => m.EventCells))

const issueKey = (i: Issue): string => i.issue_id

export function ErrorList() {
  const app = useApp()
  const params = app.place.value.params
  const { records, all, showAll, ready } = useSession('issues', app.feed.lists.issues.value, (i) => i.issue_id)
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const query = params['q'] ?? ''
  const { terms, test, asking, records: found } = useMatches('issues', query, issueFields, records, issueKey)
  const page = usePage()
  const sort = SORTS.find((s) => s.id === (params['sort'] ?? '')) ?? SORTS[0]!
  const [showHidden, setShowHidden] = useState(false)
  const hidden = records.reduce((n, i) => n + Number(i.hidden === true), 0)
  const issues = found.filter((i) => (i.hidden !== true || showHidden) && (page === undefined || page.issue(i.issue_id, i.last_trace)) && (test === undefined || test(i)))
  issues.sort((a, b) => Number(b.pinned === true) - Number(a.pinned === true) || sort.compare(a, b))
  const rows = issues.flatMap((issue): Row[] => [
    { kind: 'issue', issue },
    ...(expanded.has(issue.issue_id)
      ? app.feed.lists.events.value.filter((e) => e.issue_id === issue.issue_id).slice(0, EXPANDED).map((event): Row => ({ kind: 'event', event, issue })) : []),
  ])
  const timeOf = sort.time
  const lines = timeOf === undefined ? rows : withGaps(rows, app.feed.gaps.value, (r) => (r.kind === 'event' || r.issue.pinned === true ? undefined : timeOf(r.issue)))
  const events = issues.reduce((sum, i) => sum + (all ? i.total_count : i.count), 0)
  const open = (row: Row) => app.go({ view: 'errors', ids: row.kind === 'issue' ? [row.issue.issue_id] : [row.issue.issue_id, row.event.event_id], params: app.kept() })
  const toggle = (term: string) => app.setParams({ q: ` ${query} `.includes(` ${term} `) ? ` ${query} `.replace(` ${term} `, ' ').trim() : `${query} ${term}`.trim() })
  const unhandled = ` ${query} `.includes(' is:unhandled ')
  const expand = (issue: Issue, on: boolean) => {
    const next = new Set(expanded)
    if (on) next.add(issue.issue_id)
    else next.delete(issue.issue_id)
    setExpanded(next)
  }
  const height = useRowHeight(58, 32)
  const keys = ({ issue }: Row): Bindings => ({
    '*': () => app.pin({ issue_id: issue.issue_id }, issue.pinned !== true),
    t: () => (issue.last_trace === undefined ? false : app.go({ view: 'traces', ids: [issue.last_trace], params: app.kept() })),
    'y l': () => void app.copy(app.linkTo({ view: 'errors', ids: [issue.issue_id], params: {} }), 'Link'),
    'y j': () => void app.copy(JSON.stringify(issue, null, 2), 'JSON'),
  })
  const counts = app.feed.counts.value
  const nothing = ready && records.length === 0
  const bare = nothing && params['session'] === undefined && counts.traces === 0 && counts.logs === 0
  return (
    <>
      <Top title="Errors">
        {!bare && (
          <>
            {issues.length > 0 && <span class="chip num">{plural(issues.length, 'group')} · {plural(events, 'event')}</span>}
            <span class="grow" />
            <PageFilter />
            <div class="flex w-[380px] min-w-[120px]"><QueryBox value={query} terms={terms} fields={issueFields} records={() => records} hint="service:payments  is:unhandled" onChange={(q) => app.setParams({ q })} /></div>
            {(unhandled || records.some((i) => i.unhandled === true)) && <button class={`btn ${unhandled ? 'on' : 'ghost'}`} aria-pressed={unhandled} title="Only errors that nobody caught" onClick={() => toggle('is:unhandled')}>Unhandled</button>}
            <Menu name={`Sort: ${sort.label}`} label={<>{sort.label}<Icon of={ChevronDown} size={12} class="t3" /></>} items={SORTS.map((s) => ({ label: s.label, checked: s === sort, run: () => app.setParams({ sort: s.id }) }))} />
            <SessionButton all={all} showAll={showAll} />
            <button class="btn ghost" onClick={app.clear}>Clear</button>
          </>
        )}
      </Top>
      <GapRows placed={rows.length > 0 && timeOf !== undefined} />
      {!ready && records.length === 0 ? <Loading label="Loading errors" />
        : bare ? <FirstRun />
          : nothing ? <NoErrors />
            : rows.length === 0 && query === '' && page === undefined ? (
              <AllHidden n={hidden} show={() => setShowHidden(true)} />
            ) : rows.length === 0 ? asking ? <Loading label="Searching" /> : <NoMatch what="error" terms={terms} all={all} showAll={showAll} /> : (
              <>
                <div class="eg head lhead" aria-hidden="true"><span /><span>Error</span><span class="opt">Last 5 min</span><span class="opt">Service</span><span class="text-right">Events</span><span class="text-right">Last seen</span></div>
                <VList
                  rows={lines} gap={gapCells} keyOf={(r) => (r.kind === 'issue' ? r.issue.issue_id : `${r.issue.issue_id} ${r.event.event_id}`)} epoch={app.feed.epoch.value} size={height} label="Errors" rowClass="eg" onOpen={open} keys={keys}
                  unfolded={expanded} under={(r) => (r.kind === 'event' ? r.issue.issue_id : undefined)}
                  after={<>{hidden > 0 && <Hidden n={hidden} shown={showHidden} show={setShowHidden} />}<EarlierHidden all={all} showAll={showAll} /></>}
                  onKey={(event, row) => {
                    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return
                    event.preventDefault()
                    expand(row.issue, event.key === 'ArrowRight')
                  }}
                >{(row) => (row.kind === 'issue' ? <IssueCells issue={row.issue} all={all} toggle={toggle} /> : <EventCells event={row.event} issue={row.issue} />)}</VList>
              </>
            )}
    </>
  )
}

const LEVEL_ICONS = { fatal: OctagonAlert, error: CircleAlert, warning: TriangleAlert, info: Info, debug: Info, trace: Info } satisfies Record<Level, unknown>

// The Collector names a place by the last parts of its path, never from the root of a disk.
const placeOf = (culprit: string): string => (!/[/\\]/.test(culprit) || /^(?:[a-z][\w-]+:(?!\/\/)|[<[~])/.test(culprit) ? culprit : `~/${culprit.replace(/^\w+:\/\/[^/]*\//, '').replace(/^\.?\//, '')}`)

function IssueCells({ issue, all, toggle }: { issue: Issue; all: boolean; toggle: (term: string) => void }) {
  const app = useApp()
  const where = placeOf(issue.culprit ?? '')
  const recent = issue.spark.reduce((sum, n) => sum + n, 0)
  return (
    <>
      <span role="gridcell" class={`lv ${issue.level} ${issue.unhandled === true ? 'un' : ''}`} title={`${issue.level}${issue.unhandled === true ? ', unhandled' : ''}`}><Icon of={LEVEL_ICONS[issue.level] ?? CircleAlert} /></span>
      <div role="gridcell" class="min-w-0">
        <div class="trunc"><b>{issue.title}</b> <span class="t2">{issue.value}</span></div>
        <div class="mono t3 trunc text-12" title={issue.culprit}>{where}</div>
      </div>
      <div role="gridcell" class="opt"><Spark values={issue.spark} floor={5} tone={issue.level === 'warning' ? 'warn' : ''} label={`${recent} in the last 5 minutes`} /></div>
      <span role="gridcell" class="opt min-w-0 flex gap-4 overflow-hidden">{issue.services.slice(0, 2).map((s) => (
        <button
          key={s} class="min-w-0 flex" title={`Only ${s}, or all again`}
          onClick={(event) => {
            event.stopPropagation()
            toggle(`service:${/\s/.test(s) ? `"${s}"` : s}`)
          }}
        ><ServiceChip name={s} mark={app.services.mark(s)} /></button>
      ))}</span>
      <span role="gridcell" class="cnt">{count(all ? issue.total_count : issue.count)}</span>
      <span role="gridcell" class="t3 num text-right relative">
        <span class="when">{ago(parseTime(issue.last_time).ms, app.now.value)}</span>
        <button
          class="hideb pin btn icon" aria-pressed={issue.pinned === true} aria-label={issue.pinned === true ? 'Unpin' : 'Pin'} title={`${issue.pinned === true ? 'Unpin' : 'Pin'} (*)`}
          onClick={(event) => {
            event.stopPropagation()
            app.pin({ issue_id: issue.issue_id }, issue.pinned !== true)
          }}
        ><Icon of={Pin} size={14} /></button>
        <button
          class="hideb btn icon" aria-label={issue.hidden === true ? 'Show this group again' : 'Hide this group'} title={issue.hidden === true ? 'Show this group again' : 'Hide this group for this session'}
          onClick={(event) => {
            event.stopPropagation()
            void (issue.hidden === true ? app.showIssue(issue.issue_id) : app.hideIssue(issue))
          }}
        ><Icon of={issue.hidden === true ? Eye : EyeOff} size={14} /></button>
      </span>
    </>
  )
}

// At the end of the list: what the user took out of it.
function Hidden({ n, shown, show }: { n: number; shown: boolean; show: (on: boolean) => void }) {
  return (
    <div class="t3 px-20 pt-14">
      {shown ? `${plural(n, 'group')} you hid ${n === 1 ? 'is' : 'are'} shown.` : `You hid ${plural(n, 'group')}.`}{' '}
      <button class="link" onClick={() => show(!shown)}>{shown ? 'Hide again' : 'Show'}</button>
    </div>
  )
}
