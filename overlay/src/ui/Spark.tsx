/** Bars of a small history, oldest first. The text says the same. */
export function Spark({ values, tone = '', label, wide = false, height = 24, floor = 0 }: {
  values: readonly number[]
  tone?: '' | 'warn' | 'calm'
  label: string
  wide?: boolean
  height?: number
  /** The least that is a full bar: one event in five minutes should not look like a storm. */
  floor?: number
}) {
  const max = Math.max(floor, ...values) || 1
  return (
    <div class={`spark ${tone} ${wide ? 'wide' : ''}`} role="img" aria-label={label} style={{ height: `${height}px` }}>
      {values.map((v, i) => <i key={i} class={v === 0 ? 'z' : ''} style={{ height: `${v <= 0 ? 2 : Math.max(3, Math.round((v / max) * (height - 2)))}px` }} />)}
    </div>
  )
}
