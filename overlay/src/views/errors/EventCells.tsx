import { ago } from '../../lib/format.ts'
import { parseTime } from '../../lib/time.ts'
import { ServiceChip } from '../../ui/Service.tsx'
import type { EventSummary, Issue } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** One event of a group that is opened. Equal events differ by little: only what differs from the group's newest is bright. */
export function EventCells({ event, issue }: { event: EventSummary; issue: Issue }) {
  const app = useApp()
  const [before, own, after] = difference(event.value ?? '', issue.value ?? '')
  return (
    <>
      <span role="gridcell" />
      <div role="gridcell" class="min-w-0 pl-12">
        <div class="trunc t3">{before}<b class="text-tx-1">{own}</b>{after}{(event.value ?? '') === '' && event.title}</div>
        <div class="mono t3 trunc text-12">{event.event_id.slice(0, 8)}{event.release === undefined ? '' : ` · ${event.release}`}</div>
      </div>
      <span role="gridcell" class="opt" />
      <span role="gridcell" class="opt"><ServiceChip name={event.service} mark={app.services.mark(event.service)} /></span>
      <span role="gridcell" />
      <span role="gridcell" class="t3 num text-right">{ago(parseTime(event.time).ms, app.now.value)}</span>
    </>
  )
}

/** A text in three parts: what it shares with another at its start, what is its own, what it shares at its end. Words stay whole. */
function difference(text: string, other: string): [string, string, string] {
  if (text === other) return [text, '', '']
  const inWord = (at: number) => /^\w\w$/.test(text.slice(at - 1, at + 1))
  let start = 0
  while (start < text.length && text[start] === other[start]) start++
  let end = 0
  while (end < text.length - start && end < other.length - start && text[text.length - 1 - end] === other[other.length - 1 - end]) end++
  while (start > 0 && inWord(start)) start--
  while (end > 0 && inWord(text.length - end)) end--
  return [text.slice(0, start), text.slice(start, text.length - end), text.slice(text.length - end)]
}
