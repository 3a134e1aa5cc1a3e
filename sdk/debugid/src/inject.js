// Gives a script and its source map one debug ID (RFC 0081). The rules, and so the bytes that come out, are those of the
// debugid command (translate/sourcemap/inject.go): a snippet on a line of its own in front of the first code, a comment
// above sourceMappingURL, debugId in the map.
import { createHash } from 'node:crypto'

const COMMENT = '//# debugId='
const MARKER = 'sentry-dbid-'

/**
 * @param {string} code the script
 * @param {string | null} map the text of its source map; null when it has none outside the script
 * @returns {{ code: string, map: string | null, debugId: string, changed: boolean } | null} null when there is no map at
 *   all: an ID that no map has resolves nothing
 */
export function inject(code, map) {
  const inline = map === null ? inlineMap(code) : null
  const input = map ?? inline
  if (input === null) return null
  const own = scriptDebugId(code)
  const parsed = parseMap(input)
  if (own) {
    if (map === null || mapDebugId(parsed) === own) return { code, map, debugId: own, changed: false }
    return { code, map: writeMap(map, parsed, own, -1), debugId: own, changed: true }
  }
  const debugId = mapDebugId(parsed) || deriveId(code, input)
  const { line, prologue } = insertion(code)
  const shifted = writeMap(input, parsed, debugId, line)
  let out = map === null ? replaceInline(code, shifted) : code
  out = withComment(withSnippet(out, line, prologue, debugId), debugId)
  return { code: out, map: map === null ? null : shifted, debugId, changed: true }
}

/** The canonical form of a debug ID, '' when the text is none. */
export function normalizeId(text) {
  const digits = String(text ?? '').trim().toLowerCase()
  const bare = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(digits) ? digits.replaceAll('-', '') : digits
  if (!/^[0-9a-f]{32}$/.test(bare)) return ''
  return bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The last valid debugId comment of a script, '' when it has none. */
export function scriptDebugId(code) {
  for (let at = code.lastIndexOf(COMMENT); at >= 0; at = at > 0 ? code.lastIndexOf(COMMENT, at - 1) : -1) {
    const id = normalizeId(code.slice(at + COMMENT.length).replace(/^ +/, '').split(/[ \t\r\n"'`;]/, 1)[0].slice(0, 36))
    if (id) return id
  }
  return ''
}

function mapDebugId(map) {
  return normalizeId(map.debugId) || normalizeId(map.debug_id)
}

/** The ID that sentry-cli 3.8 derives from the content of both. */
function deriveId(code, map) {
  const hash = createHash('sha1')
  for (const [label, text] of [['js', code], ['sourcemap', map]]) {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(bytes.length))
    hash.update(label).update(length).update(bytes)
  }
  const id = hash.digest().subarray(0, 16)
  id[6] = (id[6] & 0x0f) | 0x50
  id[8] = (id[8] & 0x3f) | 0x80
  return normalizeId(id.toString('hex'))
}

function sourceMappingURL(code) {
  const all = [...code.matchAll(/(?:\/\/|\/\*)[#@] sourceMappingURL=([^ \t\r\n]*)/g)]
  return all.at(-1)?.[1] ?? ''
}

function inlineMap(code) {
  const url = sourceMappingURL(code)
  if (!url.startsWith('data:') || !url.includes(',')) return null
  const [meta, payload] = [url.slice(5, url.indexOf(',')), url.slice(url.indexOf(',') + 1)]
  if (/;base64$/i.test(meta.trim())) return Buffer.from(payload, 'base64').toString()
  try {
    return decodeURIComponent(payload)
  } catch {
    return null
  }
}

function replaceInline(code, map) {
  const url = sourceMappingURL(code)
  const at = code.lastIndexOf(url)
  let meta = url.slice(0, url.indexOf(','))
  if (!meta.endsWith(';base64')) meta += ';base64'
  return code.slice(0, at) + meta + ',' + Buffer.from(map).toString('base64') + code.slice(at + url.length)
}

/** Finds the line in front of which the snippet goes, counted from 0, and the directives that stand on it. */
function insertion(code) {
  let i = code.startsWith('\ufeff') ? 1 : 0
  if (code.startsWith('#!', i)) i = lineAfter(code, i)
  let codeLine = i
  let first = -1
  const here = (end) => ({ line: countLines(code.slice(0, codeLine)), prologue: directives(code, first, end) })
  while (i < code.length) {
    const c = code[i]
    if (c === '\n') {
      codeLine = ++i
      first = -1
    } else if (c === ' ' || c === '\t' || c === '\r' || c === ';') {
      i++
    } else if (code.startsWith('//', i)) {
      const end = lineAfter(code, i)
      if (code.slice(i, end).includes('sourceMappingURL=') || end === code.length) return { line: countLines(code.slice(0, codeLine)), prologue: '' }
      codeLine = i = end
      first = -1
    } else if (code.startsWith('/*', i)) {
      const close = code.indexOf('*/', i + 2)
      if (close < 0) return { line: countLines(code.slice(0, codeLine)), prologue: '' }
      const comment = code.slice(i, close + 2)
      const newline = comment.lastIndexOf('\n')
      if (newline >= 0) {
        codeLine = i + newline + 1
        first = -1
        if (/^[ \t]*[^ \t\r\n]/.test(code.slice(i + comment.length))) return { line: countLines(code.slice(0, i)), prologue: '' }
      }
      i += comment.length
    } else if (c === '"' || c === "'") {
      const end = directiveEnd(code, i)
      if (end < 0) return here(i)
      if (first < 0) first = i
      i = end
    } else {
      return here(i)
    }
  }
  return { line: countLines(code.slice(0, codeLine)), prologue: '' }
}

/** Where a directive that starts at i ends, -1 when the string there is part of an expression. */
function directiveEnd(code, i) {
  const quote = code[i]
  let end = i + 1
  for (; end < code.length; end++) {
    if (code[end] === '\\') end++
    else if (code[end] === '\n') break
    else if (code[end] === quote) {
      end++
      break
    }
  }
  end = Math.min(end, code.length)
  const rest = code.slice(end).replace(/^[ \t]+/, '')
  if (rest !== '' && !/^[;\n\r}]/.test(rest) && !rest.startsWith('//')) return -1
  if (/^[\n\r]/.test(rest)) {
    const next = rest.replace(/^[ \t\r\n]+/, '')
    if (/^[.,+\-*/%=<>&|^?:([`]/.test(next) && !next.startsWith('//') && !next.startsWith('/*')) return -1
  }
  return end
}

function directives(code, first, end) {
  if (first < 0) return ''
  const text = code.slice(first, end).replace(/[ \t\r\n]+$/, '')
  return text.endsWith(';') ? text : text + ';'
}

function lineAfter(code, i) {
  const at = code.indexOf('\n', i)
  return at < 0 ? code.length : at + 1
}

function countLines(text) {
  return text.split('\n').length - 1
}

function newlineOf(code) {
  const at = code.indexOf('\n')
  return at > 0 && code[at - 1] === '\r' ? '\r\n' : '\n'
}

function snippet(id) {
  return (
    '!function(){try{var e="undefined"!=typeof window?window:"undefined"!=typeof global?global:"undefined"!=typeof globalThis?globalThis:' +
    '"undefined"!=typeof self?self:{},n=(new e.Error).stack;n&&(e._sentryDebugIds=e._sentryDebugIds||{},e._sentryDebugIds[n]="' +
    `${id}",e._sentryDebugIdIdentifier="${MARKER}${id}")}catch(e){}}();`
  )
}

function withSnippet(code, line, prologue, id) {
  let at = 0
  for (let n = 0; n < line; n++) at = lineAfter(code, at)
  if (at === 0 && code.startsWith('\ufeff')) at = 1
  const newline = newlineOf(code)
  const gap = at > 1 && code[at - 1] !== '\n' ? newline : ''
  return code.slice(0, at) + gap + prologue + snippet(id) + newline + code.slice(at)
}

function withComment(code, id) {
  const newline = newlineOf(code)
  const comment = COMMENT + id + newline
  const tail = code.replace(/[ \t\r\n]+$/, '')
  const start = tail.lastIndexOf('\n') + 1
  if (/^\/\/[#@] sourceMappingURL=/.test(tail.slice(start))) return code.slice(0, start) + comment + code.slice(start)
  return code + (code !== '' && !code.endsWith('\n') ? newline : '') + comment
}

function parseMap(text) {
  const map = JSON.parse(text.replace(/^\ufeff/, '').replace(/^\)\]\}.*\n/, ''))
  if (typeof map !== 'object' || map === null || (typeof map.mappings !== 'string' && !Array.isArray(map.sections))) {
    throw new Error('the source map has neither mappings nor sections')
  }
  return map
}

/** The text of a map with the ID in it and everything from a line on moved down by one; line -1 moves nothing. */
function writeMap(text, map, id, line) {
  const prefix = /^(?:\ufeff)?(\)\]\}.*\n)?/.exec(text)?.[1] ?? ''
  const out = { ...map }
  if (line >= 0) shift(out, line)
  if ('debug_id' in out) out.debug_id = id
  out.debugId = id
  return prefix + JSON.stringify(out)
}

function shift(map, line) {
  if (typeof map.mappings === 'string') {
    let at = 0
    for (let n = 0; n < line; n++) {
      const next = map.mappings.indexOf(';', at)
      if (next < 0) return
      at = next + 1
    }
    map.mappings = map.mappings.slice(0, at) + ';' + map.mappings.slice(at)
  }
  if (Array.isArray(map.sections)) {
    map.sections = map.sections.map((section) => {
      if (section.offset.line >= line) return { ...section, offset: { ...section.offset, line: section.offset.line + 1 } }
      const inner = { ...section.map }
      shift(inner, line - section.offset.line)
      return { ...section, map: inner }
    })
  }
}
