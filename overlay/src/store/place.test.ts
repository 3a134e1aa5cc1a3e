// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPlace } from './place.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('MUST-URL-1 the place', () => {
  it('views push, selection and zoom replace', () => {
    history.replaceState(null, '', '/traces')
    const before = history.length
    const p = createPlace('url')
    p.set({ q: 'a' })
    p.set({ span: 'b', q: '' })
    vi.advanceTimersByTime(1000)
    expect(history.length).toBe(before)
    expect(location.pathname + location.search).toBe('/traces?span=b')
    p.go({ view: 'logs', ids: [], params: {} })
    expect(history.length).toBe(before + 1)
    expect(location.pathname).toBe('/logs')
    p.dispose()
  })

  it('writes what is pending before a view is pushed', () => {
    history.replaceState(null, '', '/traces')
    const p = createPlace('url')
    p.set({ q: 'a' })
    const replaced = vi.spyOn(history, 'replaceState')
    p.go({ view: 'errors', ids: [], params: {} })
    expect(replaced).toHaveBeenCalledWith(null, '', '/traces?q=a')
    expect(location.pathname).toBe('/errors')
    p.dispose()
  })

  it('in memory leaves the page alone', () => {
    history.replaceState(null, '', '/host/page')
    const p = createPlace('memory', '/errors/x?tab=raw')
    expect(p.place.value).toEqual({ view: 'errors', ids: ['x'], params: { tab: 'raw' } })
    p.go({ view: 'logs', ids: [], params: {} })
    vi.advanceTimersByTime(1000)
    expect(location.pathname).toBe('/host/page')
    p.dispose()
  })
})
