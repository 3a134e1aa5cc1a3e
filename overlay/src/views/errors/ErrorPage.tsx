import { ArrowDown, ArrowUp, Eye, EyeOff, Link, Pin, Sparkle } from 'lucide-preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { curl } from '../../lib/curl.ts'
import { linkOfError } from '../../lib/editor.ts'
import { ago, clock, count } from '../../lib/format.ts'
import { parseTime } from '../../lib/time.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useKeys } from '../../ui/keys.ts'
import { useStable } from '../../ui/memo.ts'
import { ServiceChip } from '../../ui/Service.tsx'
import { Top } from '../../ui/Top.tsx'
import { ApiError } from '../../wire/api.ts'
import type { Event, EventSummary, Issue, IssueDetails, Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { useOpened } from '../opened.ts'
import { Before } from './Before.tsx'
import { Rail } from './Rail.tsx'
import { Stack } from './Stack.tsx'

/** Before this many milliseconds after opening, an error that is not here yet is waited for. */
const PATIENCE = 5000

/** One error: what broke, where, what happened before it. */
export function ErrorPage({ issueId, eventId }: { issueId: string; eventId: string | undefined }) {
  const app = useApp()
  const listed = app.feed.lists.issues.value.find((i) => i.issue_id === issueId)
  const found = useIssue(issueId, listed?.count)
  const fetched = found === 'gone' ? undefined : found
  const issue: Issue | undefined = listed ?? fetched
  const id = eventId ?? issue?.last_event
  const opened = useOpened(app.feed.events, id, (prefix) => app.api.event(prefix).then((event) => event.event_id))
  const event = opened?.state === 'ready' ? opened.value : undefined
  const trace = useOpened(app.feed.traces, event?.trace_id)
  const back = () => app.go({ view: 'errors', ids: [], params: app.kept() })
  const waited = app.now.value - useFirst(app.now.value) > PATIENCE
  useKeys({ Escape: back })

  if (event !== undefined) return <Ready event={event} issue={issue} details={fetched} trace={trace?.state === 'ready' ? trace.value : undefined} back={back} />
  return (
    <>
      <Top crumbs={{ label: 'Errors', go: back }} title={issue?.title ?? 'Error'} />
      {opened?.state === 'failed' ? <Empty title="This error could not be read" text={opened.text}><button class="btn" onClick={back}>All errors</button></Empty>
        : opened?.state === 'gone' || (id === undefined && (waited || found === 'gone')) ? (
          <Empty title="Not in the buffer any more" text={<>This error was never received, or made room for newer ones.{issue !== undefined && ` Its group had ${count(issue.count)} events, the last ${ago(parseTime(issue.last_time).ms, app.now.value)} ago.`}</>}>
            <button class="btn" onClick={back}>All errors</button>
          </Empty>
        ) : <Loading label="Waiting for the error to arrive…" rows={14} />}
    </>
  )
}

function useFirst<T>(value: T): T {
  return useState(value)[0]
}

// The group with its newest events; asked for again when it grows, but not for every event of a storm.
function useIssue(id: string, size: number | undefined): IssueDetails | 'gone' | undefined {
  const app = useApp()
  const [details, setDetails] = useState<IssueDetails | { issue_id: string; gone: true } | undefined>(undefined)
  useEffect(() => {
    if (id === '-') return
    let stale = false
    const timer = setTimeout(() => {
      app.api.issue(id).then(
        (found) => !stale && setDetails(found),
        (fault: unknown) => !stale && fault instanceof ApiError && fault.status === 404 && setDetails({ issue_id: id, gone: true }),
      )
    }, details === undefined ? 0 : 1000)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [id, size])
  if (details?.issue_id !== id) return undefined
  return 'gone' in details ? 'gone' : details
}

function Ready({ event, issue, details, trace, back }: {
  event: Event
  issue: Issue | undefined
  details: IssueDetails | undefined
  trace: Trace | undefined
  back: () => void
}) {
  const app = useApp()
  const siblings = newestFirst(app.feed.lists.events.value.filter((e) => e.issue_id === event.issue_id), details?.events ?? [])
  const at = siblings.findIndex((e) => e.event_id === event.event_id)
  const total = Math.max(issue?.total_count ?? 0, siblings.length, 1)
  const step = (by: number) => {
    const to = siblings[at + by]
    if (to !== undefined) app.settle({ view: 'errors', ids: [event.issue_id ?? '-', to.event_id], params: app.place.peek().params })
  }
  const everyLog = app.feed.lists.logs.value
  const logs = useSame(useMemo(() => (event.trace_id === undefined ? [] : everyLog.filter((log) => log.trace_id === event.trace_id)), [everyLog, event.trace_id]))
  const [only, setOnly] = useState<string | undefined>(undefined)
  const pick = useStable((letter: string) => setOnly(letter === only ? undefined : letter))
  const pinned = issue?.pinned === true
  const when = parseTime(event.time).ms
  const link = () => void app.copy(app.linkTo({ view: 'errors', ids: [event.issue_id ?? '-', event.event_id], params: {} }), 'Link')
  const json = () => void app.copy(JSON.stringify(event, null, 2), 'JSON')
  const agent = () => void import('../../lib/agent.ts').then((m) => app.copy(m.agentError(event, trace, logs, app.linkTo(), app.settings.peek().mask), 'Markdown'))
  const openTrace = useStable(() => {
    if (event.trace_id !== undefined) app.go({ view: 'traces', ids: [event.trace_id], params: event.span_id === undefined ? {} : { span: event.span_id } })
  })
  const pin = () => issue !== undefined && app.pin({ issue_id: issue.issue_id }, !pinned)
  const hide = () => {
    if (issue === undefined) return
    if (issue.hidden === true) return void app.showIssue(issue.issue_id)
    void app.hideIssue(issue)
    back()
  }
  useKeys({
    'y l': link, 'y j': json, 'y m': agent, t: openTrace, '*': () => void pin(),
    'y c': () => (event.request === undefined ? false : void app.copy(curl(event.request, app.settings.peek().mask), 'curl')),
    o: () => {
      const { editor, pathMap } = app.settings.peek()
      const to = linkOfError(event, editor, pathMap)
      if (to === undefined) app.say('No frame names a file of this machine. A path map in the settings can change that')
      else location.assign(to)
    },
    j: () => step(1), k: () => step(-1),
  })
  const title = event.exceptions[0]?.type ?? event.title
  const told = event.exceptions.length > 0 ? event.exceptions[0]!.value : event.message?.formatted !== event.title ? event.message?.formatted : event.value
  const message = told === title ? undefined : told
  return (
    <>
      <Top crumbs={{ label: 'Errors', go: back }} title={title}>
        <span class="chip num">{at < 0 ? count(total) : `${count(total - at)} of ${count(total)}`}</span>
        <button class="btn ghost icon" aria-label="Newer" title="Newer (k)" disabled={at <= 0} onClick={() => step(-1)}><Icon of={ArrowUp} size={14} /></button>
        <button class="btn ghost icon" aria-label="Older" title="Older (j)" disabled={at < 0 || at >= siblings.length - 1} onClick={() => step(1)}><Icon of={ArrowDown} size={14} /></button>
        <span class="grow" />
        {issue !== undefined && <button class={`btn ${pinned ? 'on' : 'ghost'}`} aria-pressed={pinned} onClick={pin}><Icon of={Pin} size={14} />{pinned ? 'Pinned' : 'Pin'}</button>}
        {issue !== undefined && <button class="btn ghost" title={issue.hidden === true ? 'Show this group again' : 'Hide this group for this session'} onClick={hide}><Icon of={issue.hidden === true ? Eye : EyeOff} size={14} />{issue.hidden === true ? 'Show again' : 'Hide'}</button>}
        <button class="btn ghost" onClick={link}><Icon of={Link} size={14} />Link</button>
        <button class="btn ghost" onClick={json}>JSON</button>
        <button class="btn" onClick={agent}><Icon of={Sparkle} size={14} />Copy for agent</button>
      </Top>
      <div class="two">
        <div class="col scroll" role="region" aria-label="Error" tabIndex={0}>
          <div class="flex gap-6 mb-9 flex-wrap">
            <span class={`chip ${event.level === 'warning' ? 'warn' : event.level === 'error' || event.level === 'fatal' ? 'err' : ''}`}>{event.handled === undefined ? event.level : event.handled ? 'handled' : 'unhandled'}</span>
            <ServiceChip name={event.service} mark={app.services.mark(event.service)} />
            {event.release !== undefined && <span class="chip max" title={event.release}>release {event.release}</span>}
            {event.environment !== undefined && <span class="chip">env {event.environment}</span>}
            {event.transaction !== undefined && <span class="chip max" title={event.transaction}>{event.transaction}</span>}
            <span class="chip num" title={event.time}>{clock(when)} · {ago(when, app.now.value)}{ago(when, app.now.value) === 'now' ? '' : ' ago'}</span>
            {event.also_seen_as?.map((also) => <span key={also.event_id} class="chip" title={also.event_id}>also as {also.source.replace('_', ' ')}</span>)}
          </div>
          <h2 class="title wrap-anywhere">{title}</h2>
          {message !== undefined && message !== '' && <p class="t2 mt-3 wrap-anywhere whitespace-pre-wrap max-h-[180px] scroll" role="region" aria-label="Message" tabIndex={0}>{message}</p>}
          {event.warnings?.map((warning) => <p key={warning} class="text-warn text-12 mt-6">{warning}</p>)}
          <Stack event={event} />
          <Before event={event} trace={trace} logs={logs} only={only} pick={pick} />
        </div>
        <Rail event={event} issue={issue} trace={trace} openTrace={openTrace} only={only} pick={pick} />
      </div>
    </>
  )
}

/** The list of before, when the new one holds the same: what is made of it stays. */
function useSame<T>(list: readonly T[]): readonly T[] {
  const last = useRef(list)
  if (list.length !== last.current.length || list.some((x, i) => x !== last.current[i])) last.current = list
  return last.current
}

function newestFirst(live: readonly EventSummary[], fetched: readonly EventSummary[]): EventSummary[] {
  const all = new Map(fetched.map((e) => [e.event_id, e]))
  for (const e of live) all.set(e.event_id, e)
  return [...all.values()].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : a.event_id < b.event_id ? 1 : -1))
}
