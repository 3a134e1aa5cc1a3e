import { ArrowUpRight, Copy, X } from 'lucide-preact'
import type { ComponentProps } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { painted } from '../../lib/ansi.ts'
import { isSensitive } from '../../lib/curl.ts'
import { clock } from '../../lib/format.ts'
import { formatQuery, parseQuery } from '../../lib/query.ts'
import { parseTime } from '../../lib/time.ts'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { KeyValues } from '../../ui/KeyValues.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Menu } from '../../ui/Menu.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import type { Log, LogSummary } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { ColumnGrip } from '../parts/ColumnGrip.tsx'
import type { LogTrace as Trace } from './LogTrace.tsx'

const LogTrace = lazy<ComponentProps<typeof Trace>>('', () => import('./LogTrace.tsx').then((m) => m.LogTrace))

/** One log in full. Its attributes are asked for when it is selected. */
export function LogDetails({ row }: { row: LogSummary }) {
  const app = useApp()
  const [log, setLog] = useState<Log | undefined>(undefined)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let stale = false
    setFailed(false)
    app.api.log(row.id).then((found) => !stale && setLog(found), () => !stale && setFailed(true))
    return () => {
      stale = true
    }
  }, [row.id])
  const full = log?.id === row.id ? log : undefined
  const width = app.settings.value.detailsWidth
  const copy = (text: string, what: string) => void app.copy(text, what)
  const body = full?.body
  const link = () => copy(app.linkTo({ view: 'logs', ids: [], params: { at: String(row.id) } }), 'Link')
  const json = () => copy(JSON.stringify(full ?? row, null, 2), 'JSON')
  const agent = () => void import('../../lib/agent.ts').then((m) => copy(m.agentLog(full ?? { ...row, body: row.message, attributes: {} }, app.linkTo()), 'Markdown'))
  useKeys({ 'y j': json, 'y l': link, 'y m': agent })
  const filter = (key: string, value: string, exclude: boolean) =>
    app.setParams({ q: formatQuery([...parseQuery(app.place.peek().params['q'] ?? ''), { key: `attr.${key}`, compare: '=', values: [value], negate: exclude }]) })
  const hides = (name: string) => isSensitive(name, app.settings.value.mask)
  return (
    <aside class="det" aria-label="Log details" style={{ width: `${width}px` }}>
      <ColumnGrip class="edge" label="Width of the details" value={width} min={320} max={720} direction={-1} onChange={(detailsWidth) => app.setSettings({ detailsWidth })} />
      <div class="dh pb-12" {...markProps(app.services.mark(row.service))}>
        <div class="flex gap-6 items-center">
          <Square mark={app.services.mark(row.service)} /><span class="t2 trunc">{row.service}</span>
          {row.logger !== undefined && <><span class="t3">·</span><span class="t3 trunc">{row.logger}</span></>}
          <span class="grow" />
          <Menu
            class="btn ghost icon" name="Copy" label={<Icon of={Copy} size={14} />}
            items={[
              { label: 'Message', run: () => copy(row.message, 'Message') }, { label: <>As JSON<span class="grow" /><span class="kbd">y j</span></>, run: json },
              { label: <>Link<span class="grow" /><span class="kbd">y l</span></>, run: link }, { label: <>For agent, as Markdown<span class="grow" /><span class="kbd">y m</span></>, run: agent },
            ]}
          />
          <button class="btn ghost icon" aria-label="Close" onClick={() => app.setParams({ at: '' })}><Icon of={X} size={14} /></button>
        </div>
        <div class="num text-12 mt-6"><span class={`lvl ${row.level}`}>{row.level}</span><span class="t3"> · {clock(parseTime(row.time).ms, app.settings.value.time === 'utc')}</span></div>
      </div>
      <div class="body scroll border-t border-line" role="region" aria-label="Log" tabIndex={0}>
        <pre class="mono whitespace-pre-wrap wrap-anywhere">{painted(row.message).map((p, i) => (p.tone === '' ? p.text : <span key={i} class={p.tone}>{p.text}</span>))}</pre>
        {row.event_id !== undefined && <button class="btn mt-12" onClick={() => app.go({ view: 'errors', ids: ['-', row.event_id!], params: {} })}><Icon of={ArrowUpRight} size={14} />Open error</button>}
        {row.trace_id !== undefined && <LogTrace row={row} trace={row.trace_id} open={() => app.go({ view: 'traces', ids: [row.trace_id!], params: row.span_id === undefined ? {} : { span: row.span_id } })} />}
        {failed && <p class="t3 mt-12">Its attributes could not be read. It may have made room for newer logs.</p>}
        {full !== undefined && (
          <>
            {typeof body === 'object' && body !== null && <><h3 class="h3">Body</h3><JsonTree value={body} /></>}
            {Object.keys(full.attributes).length > 0 && <><h3 class="h3">Attributes</h3><KeyValues entries={Object.entries(full.attributes)} onCopy={copy} hides={hides} onFilter={filter} /></>}
            <h3 class="h3">Source</h3>
            <KeyValues
              entries={[
                ...(full.severity_text === undefined ? [] : [['severity', `${full.severity_text} (${full.severity_number ?? 0})`] as const]),
                ...(full.event_name === undefined ? [] : [['event name', full.event_name] as const]),
                ...(full.trace_id === undefined ? [] : [['trace id', full.trace_id] as const]),
                ...(full.span_id === undefined ? [] : [['span id', full.span_id] as const]),
                ...(full.scope?.name === undefined ? [] : [['library', `${full.scope.name} ${full.scope.version ?? ''}`.trim()] as const]),
                ['time', full.time],
              ]}
              onCopy={copy}
            />
            {full.resource !== undefined && <><h3 class="h3">Resource</h3><KeyValues entries={Object.entries(full.resource.attributes)} onCopy={copy} /></>}
          </>
        )}
      </div>
    </aside>
  )
}
