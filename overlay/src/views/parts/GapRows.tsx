import { useEffect, useState } from 'preact/hooks'
import { count, clock } from '../../lib/format.ts'
import { probe } from '../../wire/probe.ts'
import { useApp } from '../context.ts'

const REASONS: { [reason: string]: string } = {
  slow_client: 'this page could not keep up',
  expired: 'the line was down for longer than the collector remembers',
  restarted: 'the collector restarted',
}
/** Gaps shown: the newest. */
const SHOWN = 3
/** Attempts in vain after which it is asked why. */
const IN_VAIN = 2

/** What was missed, and why, and what keeps the line down, above the list it is missing from. */
export function GapRows() {
  const app = useApp()
  const utc = app.settings.value.time === 'utc'
  return (
    <>
      <TroubleRow />
      {app.feed.gaps.value.slice(-SHOWN).map((gap, i, all) => {
        const reason = REASONS[gap.reason] ?? (gap.reason || 'the line was down')
        return (
          <div key={`${gap.at} ${gap.reason}`} class="gap" role="status">
            <span class="num">{clock(gap.at, utc).slice(0, 8)}</span>
            <span class="grow">{gap.missed > 0 ? `Missed ${count(gap.missed)} items: ${reason}` : reason.charAt(0).toUpperCase() + reason.slice(1)}. The lists are complete again</span>
            {i === all.length - 1 && <button class="link" onClick={app.feed.dismissGaps}>Dismiss</button>}
          </div>
        )
      })}
    </>
  )
}

// The line does not come back: why, as far as can be found out.
function TroubleRow() {
  const app = useApp()
  const link = app.feed.link.value
  const [text, setText] = useState<string | undefined>(undefined)
  const vain = link.kind === 'waiting' && link.attempt >= IN_VAIN ? link.attempt : 0
  useEffect(() => {
    if (vain === 0) return
    void app.probe(probe).then((trouble) => app.feed.link.peek().kind !== 'open' && setText(trouble.text))
  }, [vain])
  useEffect(() => {
    if (link.kind === 'open') setText(undefined)
  }, [link.kind])
  if (link.kind === 'incompatible') return <div class="gap" role="alert"><span class="grow">{link.text}. What you see may be incomplete: install the overlay and the collector of one version</span></div>
  if (text === undefined) return null
  return <div class="gap" role="alert"><span class="grow">{text}</span><button class="link" onClick={app.feed.retry}>Try now</button></div>
}
