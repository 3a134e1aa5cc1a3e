import { useEffect, useState } from 'preact/hooks'
import { metricFields } from '../../lib/fields.ts'
import { ago, count, plural, quantity } from '../../lib/format.ts'
import { compileQuery } from '../../lib/query.ts'
import { parseTime } from '../../lib/time.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { QueryBox } from '../../ui/QueryBox.tsx'
import { ServiceChip } from '../../ui/Service.tsx'
import { Spark } from '../../ui/Spark.tsx'
import { Top } from '../../ui/Top.tsx'
import { VList } from '../../ui/VList.tsx'
import type { Place } from '../../lib/url.ts'
import type { Metric } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** Every metric with its newest values, and its points as they came. */
export function MetricsView({ place }: { place: Place }) {
  const app = useApp()
  const list = app.feed.lists.metrics.value
  const query = place.params['q'] ?? ''
  const { terms, test } = compileQuery(query, metricFields)
  const rows = list.filter((m) => test === undefined || test(m)).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.service < b.service ? -1 : 1))
  const name = place.ids[0]
  const shape = `plain metrics ${name === undefined ? '' : 'beside'}`
  return (
    <>
      <Top title="Metrics">
        {list.length > 0 && <span class="chip num">{plural(list.length, 'metric')}</span>}
        <span class="grow" />
        {list.length > 0 && <div class="flex w-[380px] min-w-[120px]"><QueryBox value={query} terms={terms} fields={metricFields} records={() => list} hint="service:orders  type:histogram" onChange={(q) => app.setParams({ q })} /></div>}
      </Top>
      {!app.feed.ready.value && list.length === 0 ? <Loading label="Loading metrics" />
        : list.length === 0 ? <Empty title="No metrics in this session" text="OpenTelemetry SDKs send them with OTEL_METRICS_EXPORTER=otlp, Sentry SDKs with Sentry.metrics." />
          : rows.length === 0 ? <Empty title={`No match for ${query}`} text="No metric fits all of these terms."><button class="btn" onClick={() => app.setParams({ q: '' })}>Remove the filter</button></Empty>
            : (
              <div class="split">
                <div class="vlist flex flex-col">
                  <div class={`${shape} lhead`} aria-hidden="true"><span>Metric</span><span class="opt">Type</span><span class="opt">Unit</span><span class="opt">Service</span><span class="text-right opt">Series</span><span>Newest</span><span class="text-right">Last</span></div>
                  <VList
                    rows={rows} keyOf={(m) => `${m.service} ${m.name} ${m.type}`} size={32} label="Metrics" rowClass={shape}
                    onOpen={(m) => app.settle({ view: 'metrics', ids: [m.name], params: place.params })}
                  >
                    {(m) => (
                      <>
                        <span role="gridcell" class="trunc mono" title={m.name}>{m.name}</span>
                        <span role="gridcell" class="t3 trunc opt">{m.type.replace('_', ' ')}</span>
                        <span role="gridcell" class="t3 trunc opt">{m.unit}</span>
                        <span role="gridcell" class="min-w-0 opt"><ServiceChip name={m.service} mark={app.services.mark(m.service)} /></span>
                        <span role="gridcell" class="num t2 text-right opt">{count(m.series)}</span>
                        <span role="gridcell"><Spark values={m.spark ?? []} tone="calm" height={20} label={`last value ${m.last_value ?? 'unknown'}`} /></span>
                        <span role="gridcell" class="num t3 text-right">{m.last_value === undefined ? ago(parseTime(m.last_time).ms, app.now.value) : quantity(m.last_value, m.unit ?? '')}</span>
                      </>
                    )}
                  </VList>
                </div>
                {name !== undefined && <Points key={name} name={name} close={() => app.settle({ view: 'metrics', ids: [], params: place.params })} />}
              </div>
            )}
    </>
  )
}

function Points({ name, close }: { name: string; close: () => void }) {
  const app = useApp()
  const [metrics, setMetrics] = useState<Metric[] | 'gone' | undefined>(undefined)
  useEffect(() => {
    app.api.metric(name).then(setMetrics, () => setMetrics('gone'))
  }, [name])
  return (
    <aside class="det" aria-label="Metric details">
      <div class="dh pb-12"><h2 class="mono">{name}</h2><button class="btn mt-4" onClick={close}>Close</button></div>
      <div class="body scroll border-t border-line" role="region" aria-label="Points" tabIndex={0}>
        {metrics === undefined ? <p class="t3" role="status">Loading…</p>
          : metrics === 'gone' ? <p class="t3">Not in the buffer any more.</p>
            : <JsonTree value={metrics} />}
      </div>
    </aside>
  )
}
