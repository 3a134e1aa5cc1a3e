// The browser's own fetch, below what SDKs in the page put over it: requests of the overlay carry no trace headers and do
// not show up in its own data (MUST-EMB-7).

interface Wrapped { __sentry_original__?: unknown; __original?: unknown }

/** host: where a frame may stand for a moment, when no other way leads to the browser's own fetch. */
export function plainFetch(host: ShadowRoot): typeof fetch {
  let found: unknown = window.fetch
  while (typeof found === 'function' && !isNative(found)) {
    const { __sentry_original__: sentry, __original: otel } = found as Wrapped // names of Sentry's and of OpenTelemetry's wrapper
    const below = sentry ?? otel
    if (below === found || below === undefined) break
    found = below
  }
  const plain = typeof found === 'function' && isNative(found) ? (found as typeof fetch) : (fromFrame(host) ?? window.fetch)
  return (...args) => plain.apply(window, args)
}

// Wrappers copy names, and bound functions look native; neither has both.
function isNative(fn: object): boolean {
  return /^function fetch\(\) \{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(fn))
}

function fromFrame(host: ShadowRoot): typeof fetch | undefined {
  const frame = document.createElement('iframe')
  frame.hidden = true
  host.append(frame)
  const own = (frame.contentWindow as (Window & { fetch?: typeof fetch }) | null)?.fetch
  frame.remove()
  return own
}
