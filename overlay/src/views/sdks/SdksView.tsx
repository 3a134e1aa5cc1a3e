import { ago, clock, count, plural } from '../../lib/format.ts'
import { apart, itemCount } from '../../lib/processes.ts'
import { parseTime } from '../../lib/time.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { KeyValues } from '../../ui/KeyValues.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Square } from '../../ui/Service.tsx'
import { Top } from '../../ui/Top.tsx'
import type { Place } from '../../lib/url.ts'
import type { Service } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { useSession } from '../session.ts'
import { FirstRun } from '../parts/firstRun.ts'

/** Milliseconds without data after which a process counts as quiet. */
const QUIET = 60_000

/** A card for every process that sends, with what its developer may want to mend. */
export function SdksView({ place }: { place: Place }) {
  const app = useApp()
  const { records, ready } = useSession('services', app.feed.lists.services.value, (s) => s.id)
  const wanted = place.ids[0]
  const shown = records.filter((s) => wanted === undefined || s.id === wanted)
  shown.sort((a, b) => (b.findings?.length ?? 0) - (a.findings?.length ?? 0) || (a.last_time < b.last_time ? 1 : -1))
  const own = apart(records)
  const findings = shown.reduce((sum, s) => sum + (s.findings?.length ?? 0), 0)
  const bare = ready && records.length === 0
  return (
    <>
      <Top title="SDKs">
        {shown.length > 0 && <span class="chip num">{plural(shown.length, 'process', 'processes')}</span>}
        {findings > 0 && <span class="chip warn num">{plural(findings, 'finding')}</span>}
        {wanted !== undefined && <button class="chip" onClick={() => app.go({ view: 'sdks', ids: [], params: {} })}>{shown[0]?.service ?? wanted} ✕</button>}
      </Top>
      {!ready && records.length === 0 ? <Loading label="Loading SDKs" />
        : bare ? <FirstRun />
          : shown.length === 0 ? <Empty title="Not in the buffer any more" text="No process with this id sends data now."><button class="btn" onClick={() => app.go({ view: 'sdks', ids: [], params: {} })}>All SDKs</button></Empty>
            : <Scroll label="Processes that send" class="grow"><div class="cards">{shown.map((s) => <Card key={s.id} service={s} own={own.get(s.id)} />)}</div></Scroll>}
    </>
  )
}

/** own: what tells it apart from others of its name. */
function Card({ service: s, own }: { service: Service; own: string | undefined }) {
  const app = useApp()
  const last = parseTime(s.last_time).ms
  const quiet = app.now.value - last > QUIET
  const entries: [string, string][] = []
  const put = (name: string, value: string | number | undefined) => value !== undefined && value !== '' && entries.push([name, String(value)])
  put('process', [s.pid === undefined ? undefined : `pid ${s.pid}`, s.command].filter(Boolean).join(' · '))
  put('runtime', s.runtime)
  put('host', [s.host, s.os].filter(Boolean).join(' · '))
  put('release', s.release ?? s.version)
  put('environment', s.environment)
  put('instance', s.instance)
  put('sampling', s.sample_rate)
  put('propagation', s.propagation?.join(', '))
  put('first seen', clock(parseTime(s.first_time).ms))
  const dropped = Object.entries(s.dropped).filter(([, n]) => n > 0)
  return (
    <article class="card" aria-label={own === undefined ? s.service : `${s.service}, ${own}`}>
      <div class="px-14 pt-12 pb-8">
        <div class="flex items-center gap-8">
          <Square mark={app.services.mark(s.service)} /><b class="trunc">{s.service}</b>
          <span class="chip tiny">{s.origin === 'sentry' ? 'Sentry SDK' : 'OpenTelemetry SDK'}</span>
          <span class="grow" />
          <span class={`dot ${quiet ? 'off' : ''}`} /><span class="t3 num text-11">{ago(last, app.now.value)}</span>
        </div>
        {own !== undefined && <div class="text-12 mt-4 trunc" title="What tells it apart from others of this name">{own}</div>}
        <div class="t2 mono mt-4 trunc" title={s.sdk.name}>{s.sdk.name === '' ? 'unknown SDK' : s.sdk.name} {s.sdk.version}</div>
        <div class="flex flex-wrap gap-4 mt-8">
          {Object.entries(s.counts).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]).map(([type, n]) => <span key={type} class="chip num">{itemCount(n, type)}</span>)}
          {dropped.map(([reason, n]) => <span key={reason} class="chip warn num" title="Dropped">{count(n)} dropped: {reason.replaceAll('_', ' ')}</span>)}
        </div>
      </div>
      <div class="px-14 pb-8"><KeyValues entries={entries} onCopy={(text, what) => void app.copy(text, what)} /></div>
      {s.findings?.map((finding) => (
        <div key={finding.code} class="finding"><div class="text-warn font-medium">{finding.text}</div><div class="t2">{finding.fix}</div></div>
      ))}
    </article>
  )
}
