import { signal } from '@preact/signals-core'
import { describe, expect, it } from 'vitest'
import type { Place } from '../lib/url.ts'
import type { Issue } from '../wire/model.gen.ts'
import { createUnseen } from './unseen.ts'

const issue = (id: string, total: number, more: Partial<Issue> = {}) => ({ issue_id: id, level: 'error', session: 2, total_count: total, ...more }) as Issue
const memory = (): Storage => {
  const map = new Map<string, string>()
  return { getItem: (k: string) => map.get(k) ?? null, setItem: (k: string, v: string) => void map.set(k, v) } as Storage
}
function setup(storage = memory()) {
  const issues = signal<Issue[]>([])
  const place = signal<Place>({ view: 'traces', ids: [], params: {} })
  const storeId = signal<string | undefined>('one')
  return { issues, place, storeId, storage, unseen: createUnseen({ issues, session: signal(2), place, storeId, storage }) }
}

describe('unseen errors', () => {
  it('are errors of this session that are not hidden; warnings are none', () => {
    const { issues, unseen } = setup()
    issues.value = [issue('a', 1), issue('b', 1, { level: 'warning' }), issue('c', 1, { hidden: true }), issue('d', 1, { session: 1 }), issue('e', 3, { level: 'fatal' })]
    expect(unseen.count.value).toBe(2)
  })
  it('are seen on the list, and one on its own page', () => {
    const { issues, place, unseen } = setup()
    issues.value = [issue('a', 1), issue('b', 1)]
    place.value = { view: 'errors', ids: ['a'], params: {} }
    expect(unseen.count.value).toBe(1)
    place.value = { view: 'errors', ids: [], params: {} }
    expect(unseen.count.value).toBe(0)
  })
  it('are unseen again when they happen again elsewhere', () => {
    const { issues, place, unseen } = setup()
    issues.value = [issue('a', 1)]
    place.value = { view: 'errors', ids: [], params: {} }
    place.value = { view: 'logs', ids: [], params: {} }
    issues.value = [issue('a', 2)]
    expect(unseen.count.value).toBe(1)
  })
  it('are not seen while nobody looks', () => {
    const { issues, place, unseen } = setup()
    unseen.looking.value = false
    place.value = { view: 'errors', ids: [], params: {} }
    issues.value = [issue('a', 1)]
    expect(unseen.count.value).toBe(1)
    unseen.looking.value = true
    expect(unseen.count.value).toBe(0)
  })
  it('are remembered over a reload, and new after a restart of the Collector', () => {
    const first = setup()
    first.issues.value = [issue('a', 1)]
    first.place.value = { view: 'errors', ids: [], params: {} }
    const second = setup(first.storage)
    second.issues.value = [issue('a', 1)]
    expect(second.unseen.count.value).toBe(0)
    second.storeId.value = 'two'
    expect(second.unseen.count.value).toBe(1)
  })
})
