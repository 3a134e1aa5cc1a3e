import { Component, h, type ComponentType } from 'preact'
import { useRef } from 'preact/hooks'

/** A component that renders again only when one of its props is another value. */
export function memo<P extends object>(Inner: ComponentType<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>) {
      const now = this.props as Record<string, unknown>
      for (const key in next) if ((next as Record<string, unknown>)[key] !== now[key]) return true
      for (const key in now) if (!(key in next)) return true
      return false
    }
    override render() {
      return h(Inner, this.props as P)
    }
  } as unknown as ComponentType<P>
}

/** The same function for as long as the component lives; it always does what the newest one does. */
export function useStable<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R {
  const newest = useRef(run)
  newest.current = run
  return useRef((...args: A) => newest.current(...args)).current
}
