import { X } from 'lucide-preact'
import { Icon } from '../ui/Icon.tsx'
import { useApp } from '../views/context.ts'

/** One line about what was just done, and how to take it back. */
export function Toasts() {
  const app = useApp()
  const toast = app.toast.value
  if (toast === undefined || toast.until <= app.now.value) return null
  const close = () => {
    app.toast.value = undefined
  }
  return (
    <div class="toast" role="status">
      <span>{toast.text}</span>
      {toast.action !== undefined && (
        <button class="btn" onClick={() => {
          toast.action!.run()
          close()
        }}>{toast.action.label}</button>
      )}
      <button class="btn ghost icon" aria-label="Close" onClick={close}><Icon of={X} size={14} /></button>
    </div>
  )
}
