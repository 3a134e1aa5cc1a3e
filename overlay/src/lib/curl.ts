// A request as a curl command for a POSIX shell. What cannot or should not be repeated is left out, and the command says so.
import type { AttributeValue, NameValue, Request } from '../wire/model.gen.ts'

/** Headers that belong to one connection or that curl makes itself (RFC 9110 section 7.6.1). */
const HOP = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host',
  'content-length', 'proxy-connection', 'http2-settings',
])
const SENSITIVE = /authorization|cookie|token|secret|password|passwd|api[-_]?key|session|csrf|xsrf|signature|x-amz-security/i

export const isSensitive = (name: string, more = ''): boolean => SENSITIVE.test(name) || (more !== '' && namesOf(more).some((known) => known(name.toLowerCase())))

// "x-tenant, customer.*": names the user wants masked too; * stands for any text.
const namesOf = (more: string): ((name: string) => boolean)[] =>
  more.toLowerCase().split(/[\s,;]+/).filter((n) => n !== '').map((n) => {
    const [head = '', ...tail] = n.split('*')
    return tail.length === 0 ? (name) => name === n : (name) => name.startsWith(head) && name.endsWith(tail[tail.length - 1]!)
  })

/** Whether a value was already taken out before it reached us. */
export const isMasked = (value: string): boolean => /^\[?(filtered|redacted|masked|removed)\]?$/i.test(value.trim()) || /^[*•]{3,}$/.test(value)

/** mask: names of headers to leave out, beside those that always are; see isSensitive. */
export function curl(request: Request, mask = ''): string {
  const method = (request.method ?? 'GET').toUpperCase()
  const parts = ['curl']
  const left: string[] = []
  const body = bodyText(request.data)
  if (method === 'HEAD') parts.push('-I')
  else if (method !== (body === undefined ? 'GET' : 'POST')) parts.push(`-X ${quote(method)}`)
  parts.push(quote(urlOf(request)))
  for (const { name, value } of request.headers ?? []) {
    if (HOP.has(name.toLowerCase()) || name.startsWith(':')) continue
    if (isSensitive(name, mask) || isMasked(value)) left.push(name)
    else parts.push(`-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`)
  }
  if ((request.cookies?.length ?? 0) > 0 && !left.some((name) => name.toLowerCase() === 'cookie')) left.push('Cookie')
  if (body !== undefined) parts.push(`--data-raw ${quote(body)}`)
  const note = left.length === 0 ? '' : `# left out: ${left.map((name) => name.replace(/[^\x20-\x7e]/g, '?')).join(', ')}\n`
  return note + parts.join(' \\\n  ')
}

function urlOf(request: Request): string {
  const url = request.url ?? ''
  if (url.includes('?') || (request.query?.length ?? 0) === 0) return url
  return `${url}?${new URLSearchParams(request.query!.map((q: NameValue) => [q.name, q.value])).toString()}`
}

function bodyText(data: AttributeValue | undefined): string | undefined {
  if (data === undefined || data === null || data === '') return undefined
  return typeof data === 'string' ? data : JSON.stringify(data)
}

/** One word of a POSIX shell, whatever is in the text. NUL cannot be in an argument and is dropped. */
export function quote(text: string): string {
  const clean = text.replaceAll('\0', '')
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(clean)) return clean
  // Other controls are written out: an escape sequence must not reach the terminal it is pasted into. printf is in every
  // POSIX shell, $'…' is not; newlines at the end are put after it, because command substitution drops them.
  if (/[\x01-\x08\x0b-\x1f\x7f]/.test(clean)) {
    const end = /\n*$/.exec(clean)![0]
    const format = clean.slice(0, clean.length - end.length).replace(/[\\%]/g, '$&$&').replaceAll("'", `'\\''`)
      .replace(/[\x01-\x08\x0b-\x1f\x7f]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)
    return `"$(printf -- '${format}')${end}"`
  }
  return `'${clean.replaceAll("'", `'\\''`)}'`
}
