import { useEffect, useState } from 'preact/hooks'
import { ago } from '../../lib/format.ts'
import { parseTime } from '../../lib/time.ts'
import { EndpointListening, EndpointUnreachable, type Endpoint } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** Milliseconds between two questions how the ports are, while one looks at them. */
const ASK_EVERY = 2000

const RECEIVERS = [['otlp_http', 'OTLP/HTTP'], ['otlp_grpc', 'OTLP/gRPC'], ['sentry', 'Sentry envelopes']] as const

/** How it is with every port SDKs send to, by its own: a dot, and the same in words. */
export function Receivers() {
  const app = useApp()
  const { kind } = app.feed.link.value
  const status = app.feed.status.value
  const [asked, setAsked] = useState<readonly Endpoint[] | undefined>(undefined)
  const [silent, setSilent] = useState(false)
  useEffect(() => {
    let ended = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      if (document.visibilityState !== 'hidden') {
        try {
          const { endpoints } = await app.api.status()
          if (ended) return
          setAsked(endpoints)
          setSilent(false)
        } catch {
          if (ended) return
          setSilent(true)
        }
      }
      timer = setTimeout(() => void ask(), ASK_EVERY)
    }
    void ask()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [])
  const endpoints = asked ?? status?.endpoints ?? []
  return (
    <ul class="flex flex-wrap gap-12" aria-label="Receivers">
      {RECEIVERS.map(([name, label]) => {
        const endpoint = endpoints.find((e) => e.name === name)
        const { dot, word, why } = silent && kind !== 'open' ? UNKNOWN : stateOf(endpoint, app.now.value)
        return (
          <li key={name} class="flex gap-8 items-center" title={`${endpoint?.url ?? label}: ${why}`} data-receiver={name}>
            <span class={`dot ${dot}`} aria-hidden="true" />{label} {endpoint !== undefined && <span class="mono">{portOf(endpoint.url)}</span>}<span class="t3">{word}</span>
          </li>
        )
      })}
    </ul>
  )
}

const UNKNOWN = { dot: 'off', word: 'not known', why: 'the collector does not answer' }

function stateOf(endpoint: Endpoint | undefined, now: number): { dot: string; word: string; why: string } {
  if (endpoint === undefined) return { dot: 'off', word: 'not configured', why: 'the configuration has no such receiver' }
  const came = endpoint.last_time === undefined ? undefined : ago(parseTime(endpoint.last_time).ms, now)
  switch (endpoint.state) {
    case EndpointUnreachable: return { dot: 'err', word: 'not listening', why: 'nothing takes connections there. Is the receiver in a pipeline of the configuration?' }
    case EndpointListening: return came === undefined
      ? { dot: 'ring', word: 'listening', why: 'it takes connections, and no data came in by it yet' }
      : { dot: '', word: came === 'now' ? 'data now' : `data ${came} ago`, why: 'data comes in by it' }
    default: return { dot: 'off', word: 'not checked', why: 'this address was set by hand, the collector cannot see it from inside' }
  }
}

function portOf(url: string): string {
  const port = /:(\d+)(?:\/|$)/.exec(url)?.[1]
  const host = /^https?:\/\/([^:/]+)/.exec(url)?.[1] ?? ''
  return port === undefined ? host : host === 'localhost' || host === '127.0.0.1' ? `:${port}` : `${host}:${port}`
}
