import { useRef } from 'preact/hooks'

/** A vertical edge one can drag, or move with the arrow keys. Values in CSS pixels. */
export function ColumnGrip({ class: className, label, value, min, max, direction = 1, onChange }: {
  class: string
  label: string
  value: number
  min: number
  max: number
  /** -1 where pulling to the left makes it wider. */
  direction?: 1 | -1
  onChange: (value: number) => void
}) {
  const from = useRef<{ x: number; value: number } | undefined>(undefined)
  const clamp = (n: number) => Math.round(Math.max(min, Math.min(max, n)))
  return (
    <div
      class={className} role="separator" aria-orientation="vertical" aria-label={label} aria-valuenow={value} aria-valuemin={min} aria-valuemax={max} tabIndex={0}
      onPointerDown={(event) => {
        from.current = { x: event.clientX, value }
        event.currentTarget.setPointerCapture(event.pointerId)
        event.preventDefault()
      }}
      onPointerMove={(event) => from.current !== undefined && onChange(clamp(from.current.value + direction * (event.clientX - from.current.x)))}
      onPointerUp={() => {
        from.current = undefined
      }}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowLeft' ? -16 : event.key === 'ArrowRight' ? 16 : 0
        if (step === 0) return
        event.preventDefault()
        event.stopPropagation()
        onChange(clamp(value + direction * step))
      }}
    />
  )
}
