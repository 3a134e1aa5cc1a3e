import { describe, expect, it } from 'vitest'
import type { TraceSummary } from '../wire/model.gen.ts'
import { createPageTrace, samePage, traceIdOf } from './pageTrace.ts'

const A = 'a'.repeat(32)
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 14, 0, seconds)).toISOString()
const trace = (id: string, url: string, seconds: number, root_op = 'pageload') => ({ trace_id: id, url, start_time: at(seconds), root_op }) as TraceSummary

describe('the trace a page declares', () => {
  it.each([
    [`${A}-1234567890123456-1`, A], [`${A}-1234567890123456`, A], [`00-${A}-1234567890123456-01`, A], [` "00-${A.toUpperCase()}-1234567890123456-00"`, A],
    ['', undefined], [undefined, undefined], [`${A}0-1234567890123456`, undefined], ['0'.repeat(32), undefined], ['nonsense', undefined],
  ])('%j', (value, id) => expect(traceIdOf(value)).toBe(id))
})

it('a fragment and a slash at the end make no other page, a query does', () => {
  expect(samePage('http://a/x/#top', 'http://a/x')).toBe(true)
  expect(samePage('http://a/x?q=1', 'http://a/x')).toBe(false)
  expect(samePage(undefined, '')).toBe(false)
})

describe('following the page', () => {
  const follow = (declared?: string) => {
    let href = 'http://a/one'
    const page = createPageTrace({ declared, href: () => href, since: Date.parse(at(10)) })
    return { page, visit: (to: string) => void (href = to) }
  }

  it('takes its load, and not that of another tab, another page or an earlier visit', () => {
    const { page } = follow()
    expect(page.look([trace('old', 'http://a/one', 0), trace('other', 'http://a/two', 11)])).toBe(false)
    expect(page.look([trace('load', 'http://a/one#x', 10)])).toBe(true)
    expect(page.id()).toBe('load')
    expect(page.look([trace('load', 'http://a/one#x', 10)])).toBe(false)
  })
  it('keeps what was declared when the load arrives, and leaves it for a navigation', () => {
    const { page, visit } = follow('declared')
    page.look([trace('load', 'http://a/one', 11)])
    expect(page.id()).toBe('declared')
    visit('http://a/two')
    page.look([trace('nav', 'http://a/two', 20, 'navigation')])
    expect(page.id()).toBe('nav')
  })
  it('does not go back to an older navigation, in whatever order traces arrive', () => {
    const { page, visit } = follow()
    visit('http://a/two')
    page.look([trace('late', 'http://a/two', 30, 'navigation'), trace('early', 'http://a/two', 20, 'navigation')])
    expect(page.id()).toBe('late')
  })
})
