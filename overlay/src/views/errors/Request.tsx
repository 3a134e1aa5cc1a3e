import { Copy } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { curl, isMasked, isSensitive } from '../../lib/curl.ts'
import { bytes, plural } from '../../lib/format.ts'
import { badgeOf, layerOf, provenanceOf, story } from '../../lib/provenance.ts'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { valueText } from '../../ui/KeyValues.tsx'
import type { AttributeValue, Event, NameValue, Request } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { Badge } from './Badge.tsx'
import { Hidden, Overrides } from './Scopes.tsx'

/** Lines of each part before "+ 11 headers", and characters of the body. */
const FEW: { [part in Part]: number } = { query: 4, headers: 2, cookies: 1, env: 1, other: 0 }
const BODY = 160

type Part = 'query' | 'headers' | 'cookies' | 'env' | 'other'

/** The request during which it happened: a little of everything it has, all of it when asked for. */
export function RequestCard({ event, request }: { event: Event; request: Request }) {
  const app = useApp()
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState(false)
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set())
  const p = provenanceOf(event, 'request')
  const line = `${request.method ?? 'GET'} ${request.url ?? ''}`
  const rank = (h: NameValue) => (/^(content-type|traceparent|sentry-trace)$/i.test(h.name) ? 0 : 1)
  const headers = request.headers ?? []
  const parts: { [part in Part]: NameValue[] } = {
    query: request.query ?? [], headers: all ? headers : [...headers].sort((a, b) => rank(a) - rank(b)), cookies: request.cookies ?? [],
    env: pairs(request.env), other: pairs(request.other),
  }
  const body = request.data === undefined || request.data === null || request.data === '' ? undefined : request.data
  const text = useMemo(() => (body === undefined ? '' : valueText(body)), [body])
  const masked = Object.values(parts).some((list) => list.some((x) => isMasked(x.value)))
  const show = (part: Part) => (all ? parts[part] : parts[part].slice(0, FEW[part]))
  const left = (Object.keys(FEW) as Part[]).map((part) => [part, parts[part].length - show(part).length] as const).filter(([, n]) => n > 0)
  const more = [...left.map(([part, n]) => (part === 'query' ? plural(n, 'parameter') : part === 'env' ? `${n} of env` : part === 'other' ? `${n} more` : plural(n, part.slice(0, -1)))), text.length > 30 ? 'body' : ''].filter(Boolean).join(', ')
  const { mask } = app.settings.value
  const value = (part: Part, { name, value: v }: NameValue) => {
    const id = `${part} ${name}`
    if (isMasked(v)) return <span class="t3">{v}</span>
    return (isSensitive(name, mask) || part === 'cookies') && !revealed.has(id) ? <button class="t3" title="Show the value" onClick={() => setRevealed(new Set([...revealed, id]))}>••••••</button> : v
  }
  const row = (part: Part, before: string, between: string) => show(part).map((x, i) => (
    <div key={`${part}${i}`} class={`t2 ${all ? '' : 'trunc'}`} title={isSensitive(x.name, mask) || part === 'cookies' ? undefined : x.value}>
      <Own event={event} path={`request.${part}.${x.name}`} value={x.value} />{before !== '' && <span class="t3">{before}</span>}{part === 'headers' ? x.name.toLowerCase() : x.name}{between}{value(part, x)}
    </div>
  ))
  return (
    <section>
      <h3 class="h3">
        {p !== undefined && <Badge layer={layerOf(p)} title={story(p, line)} />}Request<span class="font-normal text-11"><Overrides p={p} value={line} open={open} toggle={() => setOpen(!open)} /></span>
        <span class="grow" /><button class="btn ghost small" onClick={() => void app.copy(curl(request, mask), 'curl')}><Icon of={Copy} size={12} />curl</button>
      </h3>
      {open && <dl class="mb-6"><Hidden event={event} value={line} values={p?.shadowed ?? []} /></dl>}
      <div class="card req">
        <div><Own event={event} path="request.url" value={line} /><span title={request.url}><span class="k-key">{request.method ?? 'GET'}</span> {parts.query.length > 0 ? request.url?.replace(/\?[^#]*/, '') : request.url}</span></div>
        {row('query', '?', '=')}
        {row('headers', '', ': ')}
        {row('cookies', 'cookie ', '=')}
        {body !== undefined && <Body event={event} body={body} text={text} all={all} />}
        {row('env', 'env ', '=')}
        {row('other', '', ': ')}
        {(more !== '' || all) && <button class="t3 hover:underline" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Show less' : `+ ${more}`}</button>}
      </div>
      {masked && <p class="t3 text-11 mt-6">{why(p === undefined ? 'event' : badgeOf(layerOf(p)).name, event)}</p>}
    </section>
  )
}

// The badge of a part, where the Collector knows one of its own.
function Own({ event, path, value }: { event: Event; path: string; value: string }) {
  const p = event.provenance[path]
  return p === undefined ? null : <span class="mr-4"><Badge layer={layerOf(p)} title={story(p, value)} /></span>
}

function Body({ event, body, text, all }: { event: Event; body: AttributeValue; text: string; all: boolean }) {
  const size = useMemo(() => bytes(new TextEncoder().encode(text).length), [text])
  return (
    <div class={all ? 'mt-6' : 'trunc'}>
      <Own event={event} path="request.data" value={text.slice(0, BODY)} /><span class="t3">body {size} </span>
      {!all ? <span class="t2">{text.slice(0, BODY)}</span> : <Read body={body} />}
    </div>
  )
}

// A body as what it is: an object or JSON as a tree, a form as lines, else text.
function Read({ body }: { body: AttributeValue }) {
  const value = useMemo(() => parsed(body), [body])
  if (typeof value === 'object') return <JsonTree value={value} />
  const text = String(value)
  const form = /^[\w.[\]%+-]+=[^&\s]*(?:&[\w.[\]%+-]+=[^&\s]*)*$/.test(text.slice(0, LONG)) ? [...new URLSearchParams(text)] : []
  return form.length > 0 ? <>{form.map(([name, v], i) => <div key={i} class="t2">{name}={isSensitive(name) ? '••••••' : v}</div>)}</> : <Text text={text} />
}

function parsed(body: AttributeValue): AttributeValue {
  if (typeof body !== 'string' || body.length > 10 * LONG || !/^\s*[[{]/.test(body)) return body
  try {
    return JSON.parse(body) as AttributeValue
  } catch {
    return body // it only looks like JSON
  }
}

/** Characters of a body that are put into the page at once. */
const LONG = 20_000

function Text({ text }: { text: string }): ComponentChildren {
  const [whole, setWhole] = useState(false)
  const cut = !whole && text.length > LONG
  return <pre class="whitespace-pre-wrap">{cut ? text.slice(0, LONG) : text}{cut && <button class="link" onClick={() => setWhole(true)}> … Show all {bytes(text.length)}</button>}</pre>
}

const pairs = (values: { [key: string]: AttributeValue } | undefined): NameValue[] => Object.entries(values ?? {}).map(([name, value]) => ({ name, value: valueText(value) }))

// Who took a value out, and what brings it back: the SDK for what came with the event, else the Collector.
function why(layer: string, event: Event): string {
  if (layer === 'event' || layer === 'additional') return `[Filtered]: ${event.sdk?.name ?? 'the SDK'} took the value out before it was sent. For development, turn on send_default_pii (sendDefaultPii) in its init.`
  return '[Filtered]: the Collector hides credentials. To see them, set exporters::spotlight::scopes::send_default_pii to true.'
}
