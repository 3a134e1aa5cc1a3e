import { count } from '../../lib/format.ts'
import { useApp } from '../context.ts'

/** Whether earlier sessions are hidden, and the way to show them. */
export function SessionButton({ all, showAll }: { all: boolean; showAll: (on: boolean) => void }) {
  const app = useApp()
  const one = app.place.value.params['session']
  const other = one !== undefined && !all && one !== String(app.session.value)
  if (other) return <button class="btn on" title="Back to the present session" onClick={() => showAll(false)}>Session #{one} ✕</button>
  return (
    <button class="btn" aria-pressed={!all} onClick={() => showAll(!all)}>
      {all ? 'All sessions' : `Session #${app.session.value} only`}
    </button>
  )
}

/** At the end of a list: what is hidden. */
export function EarlierHidden({ all, showAll }: { all: boolean; showAll: (on: boolean) => void }) {
  const app = useApp()
  const { earlier } = app.feed.counts.value
  const skipped = app.feed.skipped.value
  const beyond = skipped > 0 && <div class="t3 px-20 pt-14">{count(skipped)} older records of this session are in the collector and in no list of this page. A filter finds them too.</div>
  if (all || earlier === 0 || app.place.value.params['session'] !== undefined) return <>{beyond}</>
  return (
    <>
      {beyond}
      <div class="t3 px-20 py-14">
        {earlier === 1 ? '1 error or trace' : `${earlier} errors and traces`} from earlier sessions {earlier === 1 ? 'is' : 'are'} hidden.{' '}
        <button class="link" onClick={() => showAll(true)}>Show</button>
      </div>
    </>
  )
}
