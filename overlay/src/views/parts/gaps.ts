import { h } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { lazy } from '../../ui/lazy.tsx'
import { useApp } from '../context.ts'

const Rows = lazy<object>('', () => import('./GapRows.tsx').then((m) => m.GapRows))

/** Milliseconds after the first line to the Collector; it has to be here before the line is lost, from where it comes. */
const PRELOAD = 2000

/** See GapRows.tsx. While the line works and nothing was missed there is nothing to show. */
export function GapRows() {
  const { feed } = useApp()
  const { kind } = feed.link.value
  useEffect(() => {
    if (kind !== 'open') return
    const timer = setTimeout(Rows.preload, PRELOAD)
    return () => clearTimeout(timer)
  }, [kind])
  // From the first attempt in vain until the line is there again, through all attempts between.
  const down = useRef(false)
  down.current = kind !== 'open' && (down.current || kind !== 'connecting')
  return down.current || feed.gaps.value.length > 0 ? h(Rows, {}) : null
}
