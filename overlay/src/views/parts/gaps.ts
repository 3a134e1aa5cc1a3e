import { h } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Gap } from '../../lib/gaps.ts'
import { lazy } from '../../ui/lazy.tsx'
import { useApp } from '../context.ts'

const Rows = lazy<{ placed: boolean }>('', () => import('./GapRows.tsx').then((m) => m.GapRows))
const Cells = lazy<{ gap: Gap; inRow: boolean }>('', () => import('./GapRows.tsx').then((m) => m.GapCells))

/** The cells of a row that stands for what was missed. */
export const gapCells = (gap: Gap) => h(Cells, { gap, inRow: true })

/** Milliseconds after the first line to the Collector; it has to be here before the line is lost, from where it comes. */
const PRELOAD = 2000

/** See GapRows.tsx; placed: the list below has the gaps between its rows. While the line works and nothing was missed there is nothing to show. */
export function GapRows({ placed = false }: { placed?: boolean }) {
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
  return down.current || (!placed && feed.gaps.value.length > 0) ? h(Rows, { placed }) : null
}
