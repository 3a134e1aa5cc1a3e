import type { ComponentType, JSX } from 'preact'
import { useEffect, useReducer } from 'preact/hooks'
import { Empty, Loading } from './Empty.tsx'

export type LazyComponent<P> = ComponentType<P> & { preload: () => void }

/**
 * A component that comes with a chunk of its own; when that does not arrive, it says so and can be asked for again.
 * Without a label it is a small part that is simply not there until it is.
 */
export function lazy<P extends object>(label: string, load: () => Promise<ComponentType<P>>): LazyComponent<P> {
  let loaded: ComponentType<P> | undefined
  let fault: string | undefined
  let going: Promise<void> | undefined
  const start = (): Promise<void> => {
    fault = undefined
    going ??= load().then(
      (component) => {
        loaded = component
      },
      (reason: unknown) => {
        fault = String(reason)
        going = undefined
      },
    )
    return going
  }
  function Lazy(props: P): JSX.Element {
    const [, paint] = useReducer((n: number) => n + 1, 0)
    const ask = () => void start().then(() => paint(0))
    useEffect(() => {
      if (loaded === undefined) ask()
    }, [])
    const Component = loaded
    if (Component !== undefined) return <Component {...props} />
    if (label === '') return <></>
    if (fault === undefined) return <Loading label={`Loading ${label}`} />
    return <Empty title="This part did not load" text={fault}><button class="btn pri" onClick={ask}>Retry</button></Empty>
  }
  return Object.assign(Lazy, { preload: () => void start() }) as LazyComponent<P>
}
