import { describe, expect, it } from 'vitest'
import { apart, itemCount } from './processes.ts'
import type { Service } from '../wire/model.gen.ts'

describe('itemCount', () => {
  it.each([
    [7, 'sessions', '7 session counts'], [1, 'sessions', '1 session count'], [2, 'nel', '2 network error reports'], [1, 'span', '1 span'],
    [165, 'metric', '165 metrics'], [4, 'metric_buckets', '4 metric buckets'], [2, 'replay_recording', '2 replay recordings'], [2, 'view_hierarchy', '2 view hierarchies'],
  ])('%i %s reads %s', (n, type, text) => expect(itemCount(n, type)).toBe(text))
})

describe('apart', () => {
  const service = (id: string, more: Partial<Service> = {}) => ({ id, service: 'web', sdk: { name: 'sdk' }, instance: `${id}0123456789`, ...more }) as Service
  it('says nothing of a name that is alone', () => expect(apart([service('a'), service('b', { service: 'api' })]).size).toBe(0))
  it('names what differs, and only that', () => {
    const found = apart([service('a', { environment: 'dev', host: 'h' }), service('b', { environment: 'test', host: 'h' })])
    expect([...found]).toEqual([['a', 'dev'], ['b', 'test']])
  })
  it('falls back on the instance', () => {
    const found = apart([service('a'), service('b')])
    expect([...found]).toEqual([['a', 'instance a0123456'], ['b', 'instance b0123456']])
  })
  it('adds the instance where two of three agree', () => {
    const found = apart([service('a', { pid: 1 }), service('b', { pid: 1 }), service('c', { pid: 2 })])
    expect(new Set(found.values()).size).toBe(3)
    expect(found.get('c')).toBe('pid 2')
  })
})
