import { useEffect, useRef, useState } from 'preact/hooks'
import { plural } from '../lib/format.ts'
import { gapText } from '../lib/gaps.ts'
import { useApp } from '../views/context.ts'

/** Milliseconds between two announcements: who listens wants to hear something else too. */
const EVERY = 5000

/** Says new errors, and what was missed, to those who do not see them arrive. Traces are silent. */
export function Announcer() {
  const app = useApp()
  const unseen = app.unseen.count.value
  const [text, setText] = useState('')
  const said = useRef({ count: unseen, at: 0 })
  useEffect(() => {
    const more = unseen - said.current.count
    if (more <= 0) {
      said.current.count = unseen
      return
    }
    const timer = setTimeout(() => {
      said.current = { count: unseen, at: app.clockNow() }
      setText(plural(more, 'new error'))
    }, Math.max(0, said.current.at + EVERY - app.clockNow()))
    return () => clearTimeout(timer)
  }, [unseen])
  const gap = app.feed.gaps.value.at(-1)
  useEffect(() => gap && setText(gapText(gap)), [gap])
  return <div class="sr" aria-live="polite">{text}</div>
}
