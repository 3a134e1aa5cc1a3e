import { Copy, Link, Pin, Sparkle, X } from 'lucide-preact'
import { useMemo } from 'preact/hooks'
import { shortId } from '../../lib/format.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useKeys } from '../../ui/keys.ts'
import { lazy } from '../../ui/lazy.tsx'
import { Top } from '../../ui/Top.tsx'
import type { Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { useOpened } from '../opened.ts'
import { TraceBody } from './TraceBody.tsx'

/** Comes with the first trace that is opened; its place is kept. */
const TraceFacts = lazy('', () => import('./TraceFacts.tsx').then((m) => m.TraceFacts))

/** One trace: header, facts, minimap, waterfall, details. */
export function TracePage({ id }: { id: string }) {
  const app = useApp()
  const opened = useOpened(app.feed.traces, id, (prefix) => app.api.trace(prefix).then((trace) => trace.trace_id))
  const back = () => app.go({ view: 'traces', ids: [], params: app.kept() })
  if (opened?.state === 'ready') return <Ready trace={opened.value} back={back} />
  return (
    <>
      <Top crumbs={{ label: 'Traces', go: back }} title={shortId(id)} />
      {opened === undefined || opened.state === 'loading' ? <Loading label="Loading the trace" rows={16} />
        : opened.state === 'gone' ? (
          <Empty title="Not in the buffer any more" text={<>Trace <span class="mono">{id}</span> was never received, or made room for newer ones. Pinned traces stay.</>}>
            <button class="btn" onClick={back}>All traces</button>
          </Empty>
        ) : (
          <Empty title="This trace could not be read" text={opened.text}><button class="btn" onClick={back}>All traces</button></Empty>
        )}
    </>
  )
}

function Ready({ trace, back }: { trace: Trace; back: () => void }) {
  const app = useApp()
  const pinned = trace.pinned === true
  useMemo(() => app.services.meet(trace.services), [trace])
  const link = () => void app.copy(app.linkTo(), 'Link')
  const json = () => void app.copy(JSON.stringify(trace, null, 2), 'JSON')
  const agent = () => void import('../../lib/agent.ts').then((m) => app.copy(m.agentTrace(trace, app.linkTo()), 'Markdown'))
  const pin = () => app.pin({ trace_id: trace.trace_id }, !pinned)
  useKeys({ 'y l': link, 'y j': json, 'y m': agent, '*': pin, Escape: () => (app.place.peek().params['span'] === undefined ? back() : app.setParams({ span: '' })) })
  return (
    <>
      <Top crumbs={{ label: 'Traces', go: back }} title={trace.root_name}>
        <button class="chip mono" title={`Copy ${trace.trace_id}`} onClick={() => void app.copy(trace.trace_id, 'Trace id')}>{shortId(trace.trace_id)}</button>
        {trace.open === true && <span class="chip"><span class="dot wait" />running</span>}
        <span class="grow" />
        <button class={`btn ${pinned ? 'on' : 'ghost'}`} aria-pressed={pinned} onClick={pin}><Icon of={Pin} size={14} />{pinned ? 'Pinned' : 'Pin'}</button>
        <button class="btn ghost" onClick={link}><Icon of={Link} size={14} />Link</button>
        <button class="btn ghost" onClick={json}><Icon of={Copy} size={14} />JSON</button>
        <button class="btn" onClick={agent}><Icon of={Sparkle} size={14} />Copy for agent</button>
        <button class="btn ghost icon" aria-label="Close" onClick={back}><Icon of={X} size={14} /></button>
      </Top>
      <div class="min-h-62 flex-none"><TraceFacts trace={trace} /></div>
      <TraceBody trace={trace} />
    </>
  )
}
