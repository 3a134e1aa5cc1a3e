import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** A modal dialog. The browser traps the focus, closes it on Escape, and gives the focus back to where it was. */
export function Sheet({ label, close, class: className = '', children }: { label: string; close: () => void; class?: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class={`sheet ${className}`} aria-label={label} onClose={close} onClick={(event) => event.target === dialog.current && dialog.current!.close()}>
      {children}
    </dialog>
  )
}
