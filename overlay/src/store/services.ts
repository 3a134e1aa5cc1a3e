// A colour for every service: given in order of first appearance, kept for the session. From the ninth on colours repeat,
// with a hatch.
import { effect, type ReadonlySignal } from '@preact/signals-core'
import type { ServiceMark } from '../lib/marks.ts'
import type { TraceSummary } from '../wire/model.gen.ts'

const COLOURS = 8

export type Services = ReturnType<typeof createServices>

export function createServices(traces: ReadonlySignal<readonly TraceSummary[]>) {
  const marks = new Map<string, ServiceMark>()
  const mark = (name: string): ServiceMark => {
    let known = marks.get(name)
    if (known === undefined) {
      known = { colour: (marks.size % COLOURS) + 1, hatch: marks.size >= COLOURS }
      marks.set(name, known)
    }
    return known
  }
  // Oldest trace first, so that every view gives a service the colour its trace gives it.
  const dispose = effect(() => {
    for (const trace of traces.value.toReversed()) for (const name of trace.services) mark(name)
  })
  return {
    mark,
    dispose,
    /** Names the services of a trace in its own order, before its rows ask one by one. */
    meet: (names: readonly string[]) => {
      for (const name of names) mark(name)
    },
    /** Services in the traces that are listed, for filters. */
    known: () => [...new Set(traces.peek().flatMap((trace) => trace.services))].sort(),
  }
}
