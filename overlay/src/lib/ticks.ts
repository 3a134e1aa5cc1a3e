// Ticks of a time axis.

const STEPS = [1, 2, 5]

/** Round steps between from and to (nanoseconds), about as many as asked for. from itself is a tick when it is a multiple. */
export function ticks(from: number, to: number, about: number): { step: number; at: number[] } {
  const span = to - from
  if (!(span > 0) || about < 1) return { step: 1, at: [] }
  const raw = span / about
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = Math.max(1, (STEPS.find((s) => s * power >= raw * 0.9) ?? 10) * power)
  const at: number[] = []
  for (let i = Math.ceil(from / step); i * step < to && at.length < 100; i++) at.push(i * step)
  return { step, at }
}
