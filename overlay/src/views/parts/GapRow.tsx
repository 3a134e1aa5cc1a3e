import { count, clock } from '../../lib/format.ts'
import { useApp } from '../context.ts'

const REASONS: { [reason: string]: string } = {
  slow_client: 'this page could not keep up',
  expired: 'the line was down for longer than the collector remembers',
  restarted: 'the collector restarted',
}

/** What was missed, and why, above the list it is missing from. */
export function GapRows() {
  const app = useApp()
  const gap = app.feed.gaps.value[app.feed.gaps.value.length - 1]
  if (gap === undefined) return null
  const reason = REASONS[gap.reason] ?? (gap.reason || 'the line was down')
  return (
    <div class="gap" role="status">
      <span class="num">{clock(gap.at).slice(0, 8)}</span>
      <span class="grow">{gap.missed > 0 ? `Missed ${count(gap.missed)} items: ${reason}` : reason.charAt(0).toUpperCase() + reason.slice(1)}. The lists are complete again</span>
      <button class="link" onClick={app.feed.dismissGaps}>Dismiss</button>
    </div>
  )
}
