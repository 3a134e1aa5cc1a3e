import { useState } from 'preact/hooks'
import { bytes, clockMinutes, count } from '../../lib/format.ts'
import { isFrom } from '../../lib/provenance.ts'
import { parseTime } from '../../lib/time.ts'
import { memo } from '../../ui/memo.ts'
import { KeyValues } from '../../ui/KeyValues.tsx'
import { Spark } from '../../ui/Spark.tsx'
import type { AttributeValue, Event, Issue, Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { MiniTrace } from '../parts/MiniTrace.tsx'
import { RequestCard } from './Request.tsx'
import { Contexts, Layers, Leaf, Leaves, User } from './Scopes.tsx'

/** Beside the stack: the request, who and what was set, the environment, and the trace. */
export const Rail = memo(function Rail({ event, issue, trace, openTrace, only, pick }: {
  event: Event
  issue: Issue | undefined
  trace: Trace | undefined
  openTrace: () => void
  /** The badge of the one scope whose values are shown. */
  only: string | undefined
  pick: (letter: string) => void
}) {
  const app = useApp()
  const copy = (text: string, what: string) => void app.copy(text, what)
  return (
    <aside class="rail scroll" aria-label="Context" tabIndex={0}>
      {event.trace_id !== undefined && <MiniTrace trace={trace} id={event.trace_id} open={openTrace} />}
      {event.request !== undefined && isFrom(event, 'request', only) && <RequestCard event={event} request={event.request} />}
      <Layers event={event} only={only} pick={pick} />
      <Leaves event={event} title="Tags" path="tags" values={event.tags} only={only} />
      <User event={event} only={only} />
      <Contexts event={event} only={only} />
      {issue !== undefined && issue.spark.length > 0 && <Same issue={issue} />}
      {(event.attachments?.length ?? 0) > 0 && (
        <section>
          <h3 class="h3">Attachments</h3>
          {event.attachments!.map((item) => (
            <div key={item.id} class="flex gap-8 text-12 py-4">
              <button class="link trunc" title="Show it" onClick={() => app.go({ view: 'attachments', ids: [String(item.id)], params: {} })}>{item.title || item.type}</button><span class="t3 num shrink-0">{bytes(item.size)}</span>
              <span class="grow" /><a class="link shrink-0" href={app.api.base + app.api.itemPath(item.id)} download={item.title || item.type}>Download</a>
            </div>
          ))}
        </section>
      )}
      <Leaves event={event} title="Extra" path="extra" values={event.extra} only={only} />
      <Leaves event={event} title="Attributes" path="attributes" values={event.attributes} only={only} />
      {only === undefined && event.other !== undefined && Object.keys(event.other).length > 0 && <section><h3 class="h3">Other</h3><KeyValues entries={Object.entries(event.other)} onCopy={copy} /></section>}
      <Environment event={event} />
    </aside>
  )
})

// How often the same error came lately.
function Same({ issue }: { issue: Issue }) {
  const app = useApp()
  const end = issue.spark_time === undefined ? undefined : parseTime(issue.spark_time).ms
  return (
    <section>
      <h3 class="h3">{issue.count > 0 ? 'Same error in this session' : 'Same error in all sessions'}<span class="grow" /><span class="t3 num font-medium">{count(issue.count || issue.total_count)}</span></h3>
      <Spark values={issue.spark} tone={issue.level === 'warning' ? 'warn' : ''} floor={5} wide height={30} label={`${count(issue.count)} in this session`} />
      <div class="t3 num flex text-11 mt-4"><span>{end === undefined ? '5 min ago' : clockMinutes(end - issue.spark.length * 15_000)}</span><span class="grow" /><span>{end === undefined || app.now.value - end < 60_000 ? 'now' : clockMinutes(end)}</span></div>
    </section>
  )
}

function Environment({ event }: { event: Event }) {
  const app = useApp()
  const [all, setAll] = useState(false)
  const entries: [string, AttributeValue][] = []
  const put = (name: string, value: AttributeValue | undefined) => value !== undefined && value !== '' && entries.push([name, value])
  put('SDK', event.sdk === undefined ? undefined : `${event.sdk.name} ${event.sdk.version ?? ''}`.trim())
  put('dist', event.dist)
  put('logger', event.logger)
  put('caught by', mechanism(event))
  put('recorded as', event.source.replace('_', ' '))
  put('event id', event.event_id)
  put('trace id', event.trace_id)
  const copy = (text: string, what: string) => void app.copy(text, what)
  const modules = Object.entries(event.modules ?? {})
  const resource = Object.entries(event.resource?.attributes ?? {})
  return (
    <section>
      <h3 class="h3">Environment</h3>
      <dl>{([['release', 'release', event.release], ['environment', 'environment', event.environment], ['server', 'server_name', event.server_name]] as const).map(([name, path, value]) =>
        value !== undefined && value !== '' && <Leaf key={path} event={event} path={path} name={name} value={value} />)}</dl>
      <KeyValues entries={all ? [...entries, ...resource] : entries} onCopy={copy} />
      {!all && (modules.length > 0 || resource.length > 0) && (
        <button class="link text-12 mt-8" onClick={() => setAll(true)}>Show {[resource.length > 0 ? 'resource' : '', modules.length > 0 ? `${modules.length} modules` : ''].filter(Boolean).join(' and ')}</button>
      )}
      {all && modules.length > 0 && <Modules modules={modules} copy={copy} />}
    </section>
  )
}

// How the exception came to the SDK, when it was by more than being handed over.
function mechanism(event: Event): string | undefined {
  const { type, handled, synthetic } = event.exceptions[0]?.mechanism ?? {}
  if (type === undefined || type === 'generic' || type === 'chained') return undefined
  return [type, handled === false ? 'unhandled' : '', synthetic === true ? 'synthetic' : ''].filter(Boolean).join(', ')
}

/** Modules with fewer are found by reading. */
const SEARCHED = 12

function Modules({ modules, copy }: { modules: [string, AttributeValue][]; copy: (text: string, what: string) => void }) {
  const [wanted, setWanted] = useState('')
  const found = modules.filter(([name]) => name.toLowerCase().includes(wanted.toLowerCase()))
  return (
    <>
      <h3 class="h3">Modules<span class="grow" /><span class="t3 num font-medium">{count(modules.length)}</span></h3>
      {modules.length > SEARCHED && <input class="btn w-full mb-6" type="search" placeholder="Find a module" aria-label="Find a module" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />}
      {found.length > 0 ? <KeyValues entries={found.slice(0, 200)} onCopy={copy} /> : <p class="t3 text-12 mt-6">No module is called {wanted}</p>}
    </>
  )
}
