import { h } from 'preact'
import { useRef } from 'preact/hooks'
import { lazy } from '../../ui/lazy.tsx'
import { useApp } from '../context.ts'

const Rows = lazy<object>('', () => import('./GapRows.tsx').then((m) => m.GapRows))

/** See GapRows.tsx. While the line works and nothing was missed there is nothing to load. */
export function GapRows() {
  const { feed } = useApp()
  const { kind } = feed.link.value
  // From the first attempt in vain until the line is there again, through all attempts between.
  const down = useRef(false)
  down.current = kind !== 'open' && (down.current || kind !== 'connecting')
  return down.current || feed.gaps.value.length > 0 ? h(Rows, {}) : null
}
