// The HTTP request a span stands for, read from its attributes (semantic conventions, old and new names).
import type { AttributeValue, NameValue, Request, SpanDetails, SpanSummary } from '../wire/model.gen.ts'

export function requestOf(span: SpanSummary, details: SpanDetails): Request | undefined {
  const { attributes } = details
  const text = (...keys: string[]) => {
    for (const key of keys) {
      const v = attributes[key]
      if (typeof v === 'string' && v !== '') return v
    }
    return undefined
  }
  const method = text('http.request.method', 'http.method', 'http.request_method', 'method')
  const url = text('url.full', 'http.url', 'url') ?? fromParts(attributes)
  if (url === undefined || !/^https?:\/\//.test(url) || (method === undefined && !(span.op ?? '').startsWith('http'))) return undefined
  const headers: NameValue[] = []
  for (const [key, value] of Object.entries(attributes)) {
    const name = /^http\.request\.header\.(.+)$/.exec(key)?.[1]
    if (name === undefined) continue
    for (const v of Array.isArray(value) ? value : [value]) if (typeof v === 'string') headers.push({ name: name.replaceAll('_', '-'), value: v })
  }
  return { method: method ?? 'GET', url, headers }
}

function fromParts(attributes: { [key: string]: AttributeValue }): string | undefined {
  const { 'url.scheme': scheme, 'url.path': path, 'url.query': query, 'server.address': host, 'server.port': port } = attributes
  if (typeof scheme !== 'string' || typeof host !== 'string') return undefined
  return `${scheme}://${host}${typeof port === 'number' ? `:${port}` : ''}${typeof path === 'string' ? path : '/'}${typeof query === 'string' && query !== '' ? `?${query}` : ''}`
}
