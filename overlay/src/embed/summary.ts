// What the closed overlay knows: the page's trace, and how many groups of errors are new. A fraction of the store, because
// this is loaded with every page.
import type { Issue, Lists, TraceSummary } from '../wire/model.gen.ts'
import { keepSeen, seen } from './memory.ts'
import type { PageTrace } from './pageTrace.ts'

/** Traces kept that may be this page's; more arrive than anybody navigates. */
const TRACES = 100
const ISSUES = 1000

export type Summary = ReturnType<typeof createSummary>

export function createSummary(page: PageTrace) {
  const traces = new Map<string, TraceSummary>()
  const issues = new Map<string, Issue>()
  const marks = seen()

  const put = <T>(map: Map<string, T>, id: string, record: T, limit: number) => {
    map.delete(id)
    map.set(id, record)
    for (const oldest of map.keys()) {
      if (map.size <= limit) return
      if (oldest !== page.id()) map.delete(oldest)
    }
  }
  const take = (lists: Lists, whole: boolean) => {
    if (whole || lists.removed?.all === true) {
      traces.clear()
      issues.clear()
    }
    for (const trace of lists.traces?.toReversed() ?? []) put(traces, trace.trace_id, trace, TRACES)
    for (const issue of lists.issues?.toReversed() ?? []) put(issues, issue.issue_id, issue, ISSUES)
    for (const id of lists.removed?.traces ?? []) traces.delete(id)
    for (const id of lists.removed?.issues ?? []) issues.delete(id)
    page.look(traces.values())
  }
  return {
    take,
    page: () => page.id(),
    trace: () => traces.get(page.id() ?? ''),
    /** Whether a group of errors has its newest event in this page's trace. */
    pageErrors: () => {
      const id = page.id()
      if (id !== undefined) for (const issue of issues.values()) if (issue.last_trace === id && issue.hidden !== true) return true
      return false
    },
    unseen: () => {
      let n = 0
      for (const issue of issues.values()) if (issue.hidden !== true && marks.get(issue.issue_id) !== issue.last_time) n++
      return n
    },
    /** The user has seen what there is. */
    saw: () => {
      for (const issue of issues.values()) {
        marks.delete(issue.issue_id)
        marks.set(issue.issue_id, issue.last_time)
      }
      keepSeen(marks)
    },
  }
}
