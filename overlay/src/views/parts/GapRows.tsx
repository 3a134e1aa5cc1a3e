import { useEffect, useState } from 'preact/hooks'
import { clock } from '../../lib/format.ts'
import { gapKey, gapText, type Gap } from '../../lib/gaps.ts'
import { probe } from '../../wire/probe.ts'
import { useApp } from '../context.ts'

/** Gaps shown: the newest. */
const SHOWN = 3
/** Attempts in vain after which it is asked why. */
const IN_VAIN = 2

/** What keeps the line down, above the list; and what was missed, where the list has no place for it. */
export function GapRows({ placed }: { placed: boolean }) {
  const app = useApp()
  return (
    <>
      <TroubleRow />
      {!placed && app.feed.gaps.value.slice(-SHOWN).map((gap) => <div key={gapKey({ gap })} class="gap"><GapCells gap={gap} /></div>)}
    </>
  )
}

/** What was missed; in a row of a list, in its place there. */
export function GapCells({ gap, inRow = false }: { gap: Gap; inRow?: boolean }) {
  const role = inRow ? 'gridcell' : undefined
  const app = useApp()
  const utc = app.settings.value.time === 'utc'
  const [from, to] = [clock(gap.from, utc).slice(0, 8), clock(gap.at, utc).slice(0, 8)]
  return (
    <>
      <span role={role} class="num">{from === to ? to : `${from}–${to}`}</span>
      <span role={role} class="grow trunc" title={gapText(gap)}>{gapText(gap)}. The lists are complete again</span>
      <span role={role}><button
        class="link" onClick={(event) => {
          event.stopPropagation()
          app.feed.dismissGaps()
        }}
      >Dismiss</button></span>
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
