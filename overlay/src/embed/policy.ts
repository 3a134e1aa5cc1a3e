// Pages with a Content-Security-Policy that does not let us talk to the Collector.

/** What the policy has to allow for this Collector. */
export function neededSources(endpoint: string): string {
  const { origin } = new URL(endpoint)
  return `${origin} ${origin.replace(/^http/, 'ws')}`
}

/** Tells when the page's policy keeps the overlay from the Collector. */
export function watchPolicy(endpoint: string, signal: AbortSignal, blocked: () => void): void {
  const { host } = new URL(endpoint)
  document.addEventListener('securitypolicyviolation', (event) => {
    if (event.effectiveDirective !== 'connect-src' || event.disposition === 'report') return
    try {
      if (new URL(event.blockedURI).host === host) blocked()
    } catch {
      // "inline", "eval": not about us
    }
  }, { signal })
}
