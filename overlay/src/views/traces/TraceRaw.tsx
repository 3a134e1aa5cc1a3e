import { Copy } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import type { Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** A trace as the JSON API gives it, with the attributes of every span. */
export function TraceRaw({ trace }: { trace: Trace }) {
  const app = useApp()
  const [whole, setWhole] = useState<Trace | 'failed' | undefined>(undefined)
  useEffect(() => {
    let stale = false
    app.api.traceWhole(trace.trace_id).then((found) => !stale && setWhole(found), () => !stale && setWhole('failed'))
    return () => {
      stale = true
    }
  }, [trace.trace_id, trace.span_count])
  if (whole === undefined) return <Loading label="Loading the trace" />
  if (whole === 'failed') return <Empty title="This trace could not be read" text="It may have made room for newer ones." />
  return (
    <Scroll label="Raw trace" class="grow p-16">
      <button class="btn small mb-8" onClick={() => void app.copy(JSON.stringify(whole, null, 2), 'JSON')}><Icon of={Copy} size={12} />Copy JSON</button>
      <JsonTree value={whole} />
    </Scroll>
  )
}
