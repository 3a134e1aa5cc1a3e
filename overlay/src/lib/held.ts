// Nothing moves under the pointer: while a list is being looked at, its rows keep their order, and what is new waits.

/** The rows to show while held: those of before that are still there, in their order; the others are counted as waiting. */
export function holdOrder<T>(before: readonly string[], now: readonly T[], key: (row: T) => string): { rows: T[]; waiting: number } {
  const byKey = new Map(now.map((row) => [key(row), row]))
  const rows: T[] = []
  for (const id of before) {
    const row = byKey.get(id)
    if (row === undefined) continue
    rows.push(row)
    byKey.delete(id)
  }
  return { rows, waiting: byKey.size }
}
