import { Copy } from 'lucide-preact'
import { addresses, snippets } from '../../lib/snippets.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { useApp } from '../context.ts'
import { Receivers } from './Receivers.tsx'

/** Nothing was ever received: how to change that, with the real addresses. */
export function FirstRun() {
  return (
    <div class="scroll flex grow" role="region" aria-label="Nothing received yet" tabIndex={0}>
      <div class="empty">
        <Logo size={34} />
        <h2 class="title mt-14 mb-4">Nothing received yet</h2>
        <p class="t2">The collector is listening. Point an SDK at it and the first trace appears here.</p>
        <Snippets />
      </div>
    </div>
  )
}

/** Snippets with the real addresses, to choose from and to copy; which receivers there are; a test. */
export function Snippets() {
  const app = useApp()
  const status = app.feed.status.value
  const at = addresses(status?.endpoints ?? [])
  const all = snippets(at)
  const chosen = all.find((s) => s.id === app.settings.value.snippet) ?? all.find((s) => s.id === 'otel-env')!
  const choose = (snippet: string) => app.setSettings({ snippet })
  const onKey = (event: KeyboardEvent) => {
    const at = all.indexOf(chosen)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = (to + all.length) % all.length
    choose(all[next]!.id)
    ;((event.currentTarget as HTMLElement).children[next] as HTMLElement | undefined)?.focus()
  }
  return (
    <>
      <div class="snip">
        <div class="th">
          <div class="flex flex-wrap grow" role="tablist" aria-label="SDK" onKeyDown={onKey}>
            {all.map((s) => (
              <button key={s.id} role="tab" aria-selected={s === chosen} tabIndex={s === chosen ? 0 : -1} class={`btn ${s === chosen ? 'on' : 'ghost'}`} onClick={() => choose(s.id)}>{s.label}</button>
            ))}
          </div>
          <button class="btn ghost" onClick={() => void app.copy(chosen.text, chosen.label)}><Icon of={Copy} size={14} />Copy</button>
        </div>
        <pre class="scroll" role="region" tabIndex={0} aria-label={chosen.label}>{chosen.text.split('\n').map((line, i) => <SnippetLine key={i} line={line} />)}</pre>
      </div>
      <div class="flex flex-wrap gap-18 mt-16 text-12 t2">
        <Receivers />
        <span class="grow" />
        <button class="link" onClick={() => void app.test('trace')}>Send a test trace</button>
      </div>
    </>
  )
}

function SnippetLine({ line }: { line: string }) {
  if (/^\s*(#|\/\/)/.test(line)) return <div class="k-com">{line}</div>
  const assigned = /^([A-Z][A-Z0-9_]*=)(.*)$/.exec(line)
  if (assigned !== null) return <div>{assigned[1]}<span class="k-str">{assigned[2]}</span></div>
  const parts = line.split(/("[^"]*"|'[^']*')/)
  return <div>{line === '' ? ' ' : parts.map((part, i) => (i % 2 === 1 ? <span key={i} class="k-str">{part}</span> : part))}</div>
}
