// Traces drawn as text, for tests: one line per span, indented under its parent.
//
//   name start-end flags        times in milliseconds
//   name@service                its service, else "app"
//   ?name                       its parent was not received: the line above it with a ! is the missing one
//   !id                         a missing parent
import type { Trace, TraceSpan } from '../src/wire/model.gen.ts'

const ms = (n: number) => Math.round(n * 1e6)
const T0 = Date.UTC(2026, 10, 21, 12)
export const time = (at: number) => `${new Date(T0 + Math.floor(at)).toISOString().slice(0, -1)}${String(ms(at) % 1_000_000).padStart(6, '0')}Z`

export function picture(...lines: string[]): Trace {
  const spans: TraceSpan[] = []
  const missing: Trace['missing_parents'] = []
  const stack: string[] = []
  for (const line of lines) {
    const depth = line.search(/\S/) / 2
    const [head, range = '0-10', ...flags] = line.trim().split(/\s+/)
    stack.length = depth
    const parent = stack[depth - 1]
    if (head!.startsWith('!')) {
      stack[depth] = head!.slice(1)
      missing.push({ span_id: head!.slice(1), depth, children: 1, start_time: time(0) })
      continue
    }
    const [name, service = 'app'] = head!.split('@') as [string, string?]
    const [from, to] = range.split('-').map(Number) as [number, number]
    stack[depth] = name
    const flag = (key: string) => flags.find((f) => f.startsWith(`${key}=`))?.slice(key.length + 1)
    spans.push({
      span_id: name, name, kind: 'internal', status: flags.includes('error') ? 'error' : 'ok', service: service!, origin: 'otel', start_time: time(from),
      duration_ns: ms(to - from), depth, self_ns: ms(to - from), ...(parent === undefined ? {} : { parent_span_id: parent }),
      ...(flag('fold') === undefined ? {} : { fold_key: flag('fold')! }), ...(flag('op') === undefined ? {} : { op: flag('op')! }),
      ...(flag('clock') === undefined ? {} : { clock_offset_ns: ms(Number(flag('clock'))) }),
    })
  }
  const end = Math.max(1, ...spans.map((s) => s.duration_ns))
  return {
    trace_id: 'f'.repeat(32), root_name: spans[0]?.name ?? '', root_service: spans[0]?.service ?? '', start_time: time(0), duration_ns: end, last_time: time(1000),
    status: 'ok', span_count: spans.length, error_count: 0, services: [...new Set(spans.map((s) => s.service))], origins: ['otel'], complete: true, session: 1,
    spans, missing_parents: missing, events: [], version: 1,
  }
}
