// Finding a command by typing some of its letters.

/**
 * How well a text fits what was typed, smaller is better; undefined: not at all. Every word must be in it: as it is (best at
 * the beginning of a word), else its letters in this order.
 */
export function fit(text: string, typed: string): number | undefined {
  const lower = text.toLowerCase()
  let sum = 0
  for (const word of typed.toLowerCase().split(/\s+/)) {
    if (word === '') continue
    const at = lower.indexOf(word)
    if (at === 0) continue
    if (at > 0) {
      const begins = new RegExp(`(^|[^a-z0-9])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).test(lower)
      sum += begins ? 1 : 3
      continue
    }
    const spread = scattered(lower, word)
    if (spread === undefined) return undefined
    sum += 10 + spread
  }
  return sum
}

// How many other letters stand between the letters of a word; undefined when they are not there in this order.
function scattered(text: string, word: string): number | undefined {
  let from = -1
  let first = 0
  for (const c of word) {
    const at = text.indexOf(c, from + 1)
    if (at < 0) return undefined
    if (from < 0) first = at
    from = at
  }
  return from - first + 1 - word.length
}
