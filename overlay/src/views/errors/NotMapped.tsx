import { TriangleAlert } from 'lucide-preact'
import { useState } from 'preact/hooks'
import type { Unmapped } from '../../lib/unmapped.ts'
import { Icon } from '../../ui/Icon.tsx'
import { lazy } from '../../ui/lazy.tsx'

const HowToFix = lazy('how to fix it', () => import('./HowToFix.tsx').then((m) => m.HowToFix))

/** Why a frame is that of a bundle, and on request what to do about it. */
export function NotMapped({ reason, says, top = false }: { reason: Unmapped; says: string; top?: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <div class={`note ${top ? 'top' : ''}`}>
        <Icon of={TriangleAlert} size={12} />
        <span class="wrap-anywhere grow">{says}</span>
        <button class="btn small" aria-expanded={open} onClick={() => setOpen(!open)}>How to fix</button>
      </div>
      {open && <HowToFix reason={reason} />}
    </>
  )
}
