// Terminal colours (ECMA-48 SGR) of log lines as spans of text: kept because people set them on purpose. Everything else a
// terminal would do is left out.

export interface Painted {
  text: string
  /** A class of styles/lists.css, "" for plain text. */
  tone: string
}

// eslint-disable-next-line no-control-regex
const SEQUENCE = /\u001b\[([0-9;?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g
const TONES = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', '']
/** Pieces of one line; a line of thousands of colours says no more. */
const MOST = 200

export function painted(text: string): Painted[] {
  if (!text.includes('\u001b')) return [{ text, tone: '' }]
  const out: Painted[] = []
  let colour = ''
  let bold = false
  let from = 0
  const put = (to: number) => {
    if (to <= from) return
    const tone = [colour === '' ? '' : `ansi-${colour}`, bold ? 'ansi-bold' : ''].filter(Boolean).join(' ')
    const last = out[out.length - 1]
    if (last !== undefined && (last.tone === tone || out.length >= MOST)) last.text += text.slice(from, to)
    else out.push({ text: text.slice(from, to), tone })
  }
  for (const m of text.matchAll(SEQUENCE)) {
    put(m.index)
    from = m.index + m[0].length
    if (m[2] !== 'm') continue
    const codes = (m[1] ?? '').split(';').map(Number)
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i]!
      if (code === 0) [colour, bold] = ['', false]
      else if (code === 1) bold = true
      else if (code === 22) bold = false
      else if (code === 39) colour = ''
      else if (code >= 30 && code <= 37) colour = TONES[code - 30]!
      else if (code >= 90 && code <= 97) colour = TONES[code - 90]!
      else if (code === 38) i += codes[i + 1] === 5 ? 2 : 4 // colours of a palette or by number: no tone of ours
    }
  }
  put(text.length)
  return out
}
