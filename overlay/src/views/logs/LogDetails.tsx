import { ArrowUpRight, Copy, X } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { clock } from '../../lib/format.ts'
import { withoutAnsi } from '../../lib/text.ts'
import { parseTime } from '../../lib/time.ts'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { KeyValues } from '../../ui/KeyValues.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import type { Log, LogSummary } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { ColumnGrip } from '../parts/ColumnGrip.tsx'

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
  return (
    <aside class="det" aria-label="Log details" style={{ width: `${width}px` }}>
      <ColumnGrip class="edge" label="Width of the details" value={width} min={320} max={720} direction={-1} onChange={(detailsWidth) => app.setSettings({ detailsWidth })} />
      <div class="dh pb-12" {...markProps(app.services.mark(row.service))}>
        <div class="flex gap-6 items-center">
          <Square mark={app.services.mark(row.service)} /><span class="t2 trunc">{row.service}</span>
          {row.logger !== undefined && <><span class="t3">·</span><span class="t3 trunc">{row.logger}</span></>}
          <span class="grow" />
          <button class="btn ghost icon" aria-label="Copy message" title="Copy message" onClick={() => copy(row.message, 'Message')}><Icon of={Copy} size={14} /></button>
          <button class="btn ghost icon" aria-label="Close" onClick={() => app.setParams({ at: '' })}><Icon of={X} size={14} /></button>
        </div>
        <div class="num text-12 mt-6"><span class={`lvl ${row.level}`}>{row.level}</span><span class="t3"> · {clock(parseTime(row.time).ms)}</span></div>
      </div>
      <div class="body scroll border-t border-line" role="region" aria-label="Log" tabIndex={0}>
        <pre class="mono whitespace-pre-wrap wrap-anywhere">{withoutAnsi(row.message)}</pre>
        <div class="flex gap-6 mt-12 flex-wrap">
          {row.trace_id !== undefined && <button class="btn" onClick={() => app.go({ view: 'traces', ids: [row.trace_id!], params: row.span_id === undefined ? {} : { span: row.span_id } })}><Icon of={ArrowUpRight} size={14} />Open trace</button>}
          {row.event_id !== undefined && <button class="btn" onClick={() => app.go({ view: 'errors', ids: ['-', row.event_id!], params: {} })}><Icon of={ArrowUpRight} size={14} />Open error</button>}
        </div>
        {failed && <p class="t3 mt-12">Its attributes could not be read. It may have made room for newer logs.</p>}
        {full !== undefined && (
          <>
            {typeof body === 'object' && body !== null && <><h3 class="h3">Body</h3><JsonTree value={body} /></>}
            {Object.keys(full.attributes).length > 0 && <><h3 class="h3">Attributes</h3><KeyValues entries={Object.entries(full.attributes)} onCopy={copy} /></>}
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
