// Text from strangers, made safe to read: what would hide, reorder or ring is shown as a mark instead. The raw text stays
// what is copied, searched and compared.

// Controls except tab and newline, bidirectional overrides and isolates, zero-width and tag characters, lone surrogates.
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g

/** The text with every character that would not be seen, or would change how others are seen, replaced by a visible mark. */
export function visible(text: string): string {
  UNSEEN.lastIndex = 0
  if (!UNSEEN.test(text)) return text
  return text.replace(/\r\n/g, '\n').replace(UNSEEN, mark)
}

function mark(c: string): string {
  const code = c.codePointAt(0)!
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd'
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g

/** Terminal colours and cursor movements removed. */
export function withoutAnsi(text: string): string {
  return text.includes('\u001b') ? text.replace(ANSI, '') : text
}

/** One line of at most max characters, with an ellipsis where it was cut. */
export function oneLine(text: string, max: number): string {
  const line = text.length > max * 4 ? text.slice(0, max * 4) : text
  const flat = line.replace(/\s+/g, ' ').trim()
  return flat.length <= max && line.length === text.length ? flat : `${flat.slice(0, max - 1)}…`
}

/** The address when a link to it is harmless (http and https only), else undefined. */
export function safeHref(url: unknown): string | undefined {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url)) return undefined
  try {
    const { protocol } = new URL(url)
    return protocol === 'http:' || protocol === 'https:' ? url : undefined
  } catch {
    return undefined
  }
}
