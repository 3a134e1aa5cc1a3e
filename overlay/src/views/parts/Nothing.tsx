import { plural } from '../../lib/format.ts'
import { formatQuery, type Term } from '../../lib/query.ts'
import { Empty } from '../../ui/Empty.tsx'
import { useApp } from '../context.ts'

/** A filter that leaves nothing: how to widen it, the smallest step first. */
export function NoMatch({ what, terms, all, showAll }: {
  /** What the list is of, in the singular. */
  what: string
  terms: readonly Term[]
  all: boolean
  showAll?: (on: boolean) => void
}) {
  const app = useApp()
  const { page } = app.place.value.params
  const last = terms[terms.length - 1]
  const query = formatQuery(terms)
  const wrong = terms.flatMap((term) => term.problem ?? [])
  const fits = `No ${what} of ${all ? 'any' : 'this'} session fits ${terms.length - wrong.length > 1 ? 'all of these terms' : 'this'}.`
  return (
    <Empty title={`No match for ${query === '' ? page ?? '' : query}`} text={wrong.length === 0 ? fits : <>{fits} Left out: {wrong.map((problem) => <span key={problem} class="block text-warn">{problem}</span>)}</>}>
      {last !== undefined && terms.length > 1 && <button class="btn" onClick={() => app.setParams({ q: formatQuery(terms.slice(0, -1)) })}>Without <span class="mono">{formatQuery([last])}</span></button>}
      {query !== '' && <button class="btn" onClick={() => app.setParams({ q: '', page: '' })}>Remove the filter</button>}
      {page !== undefined && <button class="btn" onClick={() => app.setParams({ page: '' })}>All pages</button>}
      {showAll !== undefined && !all && <button class="btn ghost" onClick={() => showAll(true)}>Search all sessions</button>}
    </Empty>
  )
}

/** Nothing to wait for: what turns tracing on. */
export function NoTraces() {
  const app = useApp()
  const seen = app.feed.lists.services.value.map((s) => s.sdk.name).filter((name) => name !== '')
  return (
    <Empty
      title={app.feed.counts.value.issues > 0 ? 'Errors arrive, but no spans' : 'No traces in this session'}
      text={seen.length === 0 ? 'Turn tracing on in the SDK: tracesSampleRate 1.0 for Sentry, an OTLP exporter for OpenTelemetry.'
        : `Turn tracing on in ${[...new Set(seen)].slice(0, 3).join(', ')}: set its traces sample rate to 1.0, locally only.`}
    >
      <button class="btn" onClick={() => void app.test('trace')}>Send a test trace</button>
    </Empty>
  )
}

export function NoErrors() {
  const app = useApp()
  const { spans, logs } = app.feed.counts.value
  return (
    <Empty title="No errors in this session" text={`${plural(spans, 'span')} and ${plural(logs, 'log')} were checked.`}>
      <button class="btn" onClick={() => void app.test('error')}>Throw a test error</button>
    </Empty>
  )
}

/** There are errors, and the user hid every one of them. */
export function AllHidden({ n, show }: { n: number; show: () => void }) {
  return (
    <Empty title="Every error of this session is hidden" text={`You hid ${plural(n, 'group')}. They stay hidden until the next session.`}>
      <button class="btn" onClick={show}>Show {n === 1 ? 'it' : 'them'}</button>
    </Empty>
  )
}
