// Nothing moves under the pointer: while a list is being looked at, its rows keep their order, and what is new waits.

/** The rows to show while held: those of before that are still there, in their order; the others are waiting, and counted where counts says so. */
export function holdOrder<T>(before: readonly string[], now: readonly T[], key: (row: T) => string, counts: (row: T) => boolean = () => true): { rows: T[]; waiting: number } {
  const byKey = new Map(now.map((row) => [key(row), row]))
  const rows: T[] = []
  for (const id of before) {
    const row = byKey.get(id)
    if (row === undefined) continue
    rows.push(row)
    byKey.delete(id)
  }
  let waiting = 0
  for (const row of byKey.values()) waiting += Number(counts(row))
  return { rows, waiting }
}

/** The order with what the user unfolded put below its row at once: it was asked for, so it moves nothing unexpectedly. */
export function unfold<T>(before: readonly string[], now: readonly T[], key: (row: T) => string, under: (row: T) => string | undefined): string[] {
  const known = new Set(before)
  const below = new Map<string, string[]>()
  for (const row of now) {
    const parent = under(row)
    if (parent === undefined || known.has(key(row))) continue
    const list = below.get(parent)
    if (list === undefined) below.set(parent, [key(row)])
    else list.push(key(row))
  }
  return before.flatMap((id) => [id, ...(below.get(id) ?? [])])
}
