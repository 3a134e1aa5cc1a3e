import type { ComponentChildren } from 'preact'

/** One setting: its name, and its control. */
export function Row({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    <label class="setrow">
      <span><span class="font-medium">{label}</span>{hint !== undefined && <span class="t3 text-11 block">{hint}</span>}</span>
      <span>{children}</span>
    </label>
  )
}

/** Like Row, of several controls; of: the one its name belongs to. */
export function Group({ label, hint, of, children }: { label: string; hint: string; of?: string; children: ComponentChildren }) {
  return (
    <div class="setrow">
      <label for={of}><span class="font-medium">{label}</span><span class="t3 text-11 block">{hint}</span></label>
      <div>{children}</div>
    </div>
  )
}
