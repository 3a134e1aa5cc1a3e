import { Pause, Play } from 'lucide-preact'
import { count, duration } from '../lib/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { useApp } from '../views/context.ts'

/** Milliseconds of connecting after which the address tried is shown. */
const SLOW = 3000

/** The footer of the sidebar: how the line to the Collector is doing (overlay-spec.md section 10). */
export function LiveState() {
  const app = useApp()
  const { feed } = app
  const paused = feed.paused.value
  const missed = feed.gaps.value.reduce((sum, gap) => sum + gap.missed, 0)
  return (
    <div class="live" role="status">
      {paused ? <PausedText /> : <LinkText />}
      <span class="grow" />
      <button class="btn ghost icon" aria-label={paused ? 'Resume' : 'Pause'} title={`${paused ? 'Resume' : 'Pause'} (p)`} onClick={() => feed.setPaused(!paused)}>
        <Icon of={paused ? Play : Pause} size={14} class="filled" />
      </button>
      {missed > 0 && <button class="chip warn" title="Dismiss" onClick={feed.dismissGaps}>Missed {count(missed)} items</button>}
    </div>
  )
}

function PausedText() {
  const { feed } = useApp()
  return <><span class="dot warn" /><span class="l num">Paused{feed.waiting.value > 0 && <span class="t3"> · {count(feed.waiting.value)} waiting</span>}</span></>
}

function LinkText() {
  const app = useApp()
  const link = app.feed.link.value
  switch (link.kind) {
    case 'open':
      return <><span class="dot" /><span class="l">Live{app.feed.rate.value > 0 && <span class="t3 num"> {count(app.feed.rate.value)}/s</span>}</span></>
    case 'connecting': {
      const slow = app.now.value - link.since > SLOW
      return <><span class="dot off wait" /><span class="l">Connecting…{slow && <span class="t3 block">{link.url}</span>}</span></>
    }
    case 'waiting': {
      const left = Math.max(0, link.until - app.now.value)
      return (
        <>
          <span class="dot warn" />
          <button class="l" title="Try now" onClick={app.feed.retry}>Reconnecting {left < 1000 ? 'now' : `in ${duration(Math.ceil(left / 1000) * 1e9)}`}</button>
        </>
      )
    }
    case 'incompatible':
      return <><span class="dot err" /><span class="l text-err">{link.text}</span></>
  }
}
