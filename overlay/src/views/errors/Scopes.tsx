import { TriangleAlert } from 'lucide-preact'
import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import { badgeOf, contextSummary, isFrom, layerOf, legend, overrides, provenanceOf, spanOf, story, userConflict, userText } from '../../lib/provenance.ts'
import { Icon } from '../../ui/Icon.tsx'
import { JsonTree } from '../../ui/JsonTree.tsx'
import { valueText } from '../../ui/KeyValues.tsx'
import type { AttributeValue, Attributes, Event, Provenance, Shadowed } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { Badge } from './Badge.tsx'

/** Values shown of one section before "more". */
const MANY = 60

/** The layers that values and breadcrumbs came from: a legend, and a filter. */
export function Layers({ event, only, pick }: { event: Event; only: string | undefined; pick: (letter: string) => void }) {
  const badges = legend(event)
  return (
    <>
      {badges.length > 0 && (
        <div class="flex flex-wrap items-center mt-14 -ml-8 text-12" role="group" aria-label="Where values came from">
          {badges.map((b) => (
            <button key={b.letter} class={`btn small ${only === b.letter ? 'on' : 'ghost'}`} aria-pressed={only === b.letter} title={`Only what came from: ${b.name}`} onClick={() => pick(b.letter)}><span class={`sc ${b.letter}`}>{b.letter}</span>{b.name}</button>
          ))}
        </div>
      )}
      {event.scope_truncated === true && <Caution>Its scopes were cut: a span or its request set more than the Collector keeps (64 keys of a field, 8 KiB of a span). The nearest values are here.</Caution>}
    </>
  )
}

function Caution({ children }: { children: preact.ComponentChildren }) {
  return <p class="text-warn text-12 mt-8 flex gap-6"><span class="shrink-0 mt-2"><Icon of={TriangleAlert} size={12} /></span><span class="wrap-anywhere first-letter:uppercase">{children}</span></p>
}

/** One section of values, each with the badge of its scope. */
export function Leaves({ event, title, path, values, only }: { event: Event; title: string; path: string; values: Attributes; only: string | undefined }) {
  const [all, setAll] = useState(false)
  const entries = flat(values).filter((entry) => isFrom(event, `${path}.${entry.key}`, only))
  if (entries.length === 0) return null
  const shown = all ? entries : entries.slice(0, MANY)
  return (
    <section>
      <h3 class="h3">{title}</h3>
      <dl>{shown.map((entry) => <Leaf key={entry.key} event={event} path={`${path}.${entry.key}`} name={entry.key} value={valueText(entry.value)} />)}</dl>
      {shown.length < entries.length && <button class="link text-12 mt-6" onClick={() => setAll(true)}>Show {entries.length - shown.length} more</button>}
    </section>
  )
}

/** A value, its badge, and what it hides. */
export function Leaf({ event, path, name, value }: { event: Event; path: string; name: string; value: string }) {
  const app = useApp()
  const [open, setOpen] = useState(false)
  const p = provenanceOf(event, path)
  const shown = value === '' ? <span class="t3">empty</span> : value
  return (
    <>
      <div class="tg">
        <dt title={name}>{p === undefined ? <span class="w-15 shrink-0" /> : <Badge layer={layerOf(p)} title={story(p, value)} />}<span class="trunc">{name}</span></dt>
        <dd><button class="trunc" title={`${story(p, value)}\nClick to copy`} onClick={() => void app.copy(value, name)}>{shown}</button><Overrides p={p} value={value} open={open} toggle={() => setOpen(!open)} /></dd>
      </div>
      {open && <Hidden event={event} value={value} values={p?.shadowed ?? []} />}
    </>
  )
}

/** "overrides I": opens the list of what a value hides. */
export function Overrides({ p, value, open, toggle }: { p: Provenance | undefined; value: string; open: boolean; toggle: () => void }) {
  const text = overrides(p, value)
  return text === undefined ? null : <button class="t3 shrink-0 font-ui hover:underline" aria-expanded={open} title="Show what other scopes say" onClick={toggle}>{text}</button>
}

/** Values of other scopes, nearest first, with the span that set each; those that are not the same were hidden. */
export function Hidden({ event, name, value, values }: { event: Event; name?: string; value: string; values: readonly Shadowed[] }) {
  return (
    <>
      {values.map((s, i) => {
        const own = valueText(s.value)
        const text = typeof s.value === 'object' ? userText(s.value) || own : own
        return (
          <div key={i} class="tg hid">
            <dt><Badge layer={layerOf(s)} title={badgeOf(layerOf(s)).name} /><span class="trunc">{name ?? (own === value ? 'same' : 'hidden')}</span></dt>
            <dd><span class="trunc" title={own}>{own === value || name !== undefined ? text : <s>{text}</s>}</span><Origin event={event} origin={s.origin} /></dd>
          </div>
        )
      })}
    </>
  )
}

// Where a hidden value was set: a span can be opened.
function Origin({ event, origin }: { event: Event; origin: string }) {
  const app = useApp()
  const span = spanOf(origin)
  if (span === '' || event.trace_id === undefined) return origin === '' ? null : <span class="t3 shrink-0 font-ui">{origin.replace(/:.*/, '')}</span>
  return <button class="link shrink-0 font-ui" title={`Open span ${span}`} onClick={() => app.go({ view: 'traces', ids: [event.trace_id!], params: { span } })}>span {span.slice(0, 6)}</button>
}

/** The user, and a mark when the spans of the request do not agree on who that is. */
export function User({ event, only }: { event: Event; only: string | undefined }) {
  const conflict = userConflict(event)
  if (conflict === undefined) return <Leaves event={event} title="User" path="user" values={event.user} only={only} />
  const entries = flat(event.user).filter((entry) => isFrom(event, `user.${entry.key}`, only))
  const others = conflict.others.filter((s) => only === undefined || badgeOf(layerOf(s)).letter === only)
  if (entries.length === 0 && others.length === 0 && only !== undefined) return null
  return (
    <section>
      <h3 class="h3">User<span class="chip warn tiny" title={conflict.text}>conflict</span></h3>
      <dl>
        {entries.length === 0 && <div class="tg"><dt><span class="w-15 shrink-0" />user</dt><dd><span class="t3 font-ui">nobody for sure</span></dd></div>}
        {entries.map((entry) => <Leaf key={entry.key} event={event} path={`user.${entry.key}`} name={entry.key} value={valueText(entry.value)} />)}
        <Hidden event={event} name={entries.length === 0 ? 'named' : 'also named'} value="" values={others} />
      </dl>
      <Caution>{conflict.text}</Caution>
    </section>
  )
}

/** The contexts, a line each; opened as a tree. */
export function Contexts({ event, only }: { event: Event; only: string | undefined }) {
  const [open, setOpen] = useState<string | undefined>(undefined)
  const entries = Object.entries(event.contexts).filter(([, v]) => typeof v !== 'object' || v === null || Object.keys(v).length > 0).filter(([name]) => isFrom(event, `contexts.${name}`, only))
  if (entries.length === 0) return null
  return (
    <section>
      <h3 class="h3">Contexts</h3>
      <dl>
        {entries.map(([name, value]) => {
          const p = provenanceOf(event, `contexts.${name}`)
          const text = contextSummary(name, value)
          const hides = overrides(p, value)
          return (
            <Fragment key={name}>
              <div class="tg">
                <dt>{p === undefined ? <span class="w-15 shrink-0" /> : <Badge layer={layerOf(p)} title={story(p, text)} />}<button class="trunc" aria-expanded={open === name} onClick={() => setOpen(open === name ? undefined : name)}>{name}</button></dt>
                <dd><span class="trunc" title={text}>{text}</span>{hides !== undefined && <span class="t3 shrink-0 font-ui" title={story(p, text)}>{hides}</span>}</dd>
              </div>
              {open === name && <div class="py-6 pl-20"><dt class="sr">{name}</dt><dd><JsonTree value={value} depth={1} />{(p?.shadowed?.length ?? 0) > 0 && p!.shadowed!.map((s, i) => <div key={i} class="mt-6 t3 text-12">hidden, from {badgeOf(layerOf(s)).name}:<JsonTree value={s.value} depth={1} /></div>)}</dd></div>}
            </Fragment>
          )
        })}
      </dl>
    </section>
  )
}

/** Objects one level down become dotted names. */
function flat(values: Attributes): { key: string; value: AttributeValue }[] {
  return Object.entries(values).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !('$bytes' in value)
      ? Object.entries(value).map(([k, v]) => ({ key: `${key}.${k}`, value: v })) : [{ key, value }])
}
