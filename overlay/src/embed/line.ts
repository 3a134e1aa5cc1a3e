// The connection of the closed overlay. It ends when the overlay opens, which brings a better one, and begins again after.
import { FrameDelta, FrameHello, FrameSnapshot, type Lists, type ServerFrame } from '../wire/model.gen.ts'
import { connect } from '../wire/socket.ts'

export type LineState = 'connecting' | 'open' | 'lost' | 'blocked'

export interface Line { close: () => void; retry: () => void }

export function openLine(endpoint: string, onState: (state: LineState) => void, onLists: (lists: Lists, whole: boolean) => void): Line {
  let store: string | undefined
  return connect({
    url: `${endpoint.replace(/^http/, 'ws')}/ws`,
    decode,
    mark: () => undefined, // what was missed meanwhile is in the snapshot
    onState: (state) => {
      if (state.kind === 'open') onState('open')
      else if (state.kind === 'waiting' || state.kind === 'incompatible') onState('lost')
    },
    onFrame: (frame) => {
      if (frame.type === FrameHello && frame.status !== undefined) {
        if (store !== undefined && store !== frame.status.store_id) onLists({}, true)
        store = frame.status.store_id
      } else if (frame.type === FrameSnapshot) onLists(frame.snapshot ?? {}, true)
      else if (frame.type === FrameDelta && frame.delta !== undefined) onLists(frame.delta, false)
    },
  })
}

// Traces and issues are all that the closed overlay reads, and of them the few fields that summary.ts names. The open one
// has a reader that looks at everything (wire/decode).
function decode(text: string): ServerFrame | undefined {
  try {
    const frame = JSON.parse(text) as ServerFrame | null
    if (typeof frame?.type !== 'string') return undefined
    for (const lists of [frame.snapshot, frame.delta]) {
      if (typeof lists !== 'object' || lists === null) continue
      lists.traces = records(lists.traces, 'trace_id', 'start_time')
      lists.issues = records(lists.issues, 'issue_id', 'last_time')
      const { removed } = lists
      if (typeof removed !== 'object' || removed === null) continue
      if (!Array.isArray(removed.traces)) delete removed.traces
      if (!Array.isArray(removed.issues)) delete removed.issues
    }
    return frame
  } catch {
    return undefined
  }
}

const records = <T>(list: T[] | undefined, ...texts: (keyof T)[]): T[] =>
  Array.isArray(list) ? list.filter((record) => texts.every((key) => typeof record?.[key] === 'string')) : []
