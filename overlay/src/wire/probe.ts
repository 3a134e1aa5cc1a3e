// Why there is no line to the Collector. A WebSocket that is refused does not say; a plain request may.

export interface Trouble {
  kind: 'silent' | 'refused' | 'full'
  text: string
}

/** fetcher: as for the API. origin: of the page this runs in. */
export async function probe(base: string, origin: string, fetcher: typeof fetch = (...args) => fetch(...args)): Promise<Trouble> {
  const silent: Trouble = { kind: 'silent', text: `The collector at ${base} does not answer. What you see is from before` }
  try {
    const response = await fetcher(`${base}/api/v1/status`, { credentials: 'same-origin' })
    if (response.ok) return { kind: 'full', text: `The collector at ${base} answers, but takes no live connection: it may have all the clients it allows (clients::max)` }
    if (response.status !== 403 && response.status !== 401) return { ...silent, text: `The collector at ${base} answers ${response.status}` }
    const body = (await response.json().catch(() => ({}))) as { error?: unknown }
    return { kind: 'refused', text: `The collector at ${base} refuses this page: ${typeof body.error === 'string' ? body.error : String(response.status)}` }
  } catch {
    // The browser hides what another origin answered: whether it answered at all can still be told.
  }
  try {
    await fetcher(`${base}/health`, { mode: 'no-cors' })
    return { kind: 'refused', text: `The collector at ${base} refuses pages of ${origin}. Add it to exporters::spotlight::allowed_origins` }
  } catch {
    return silent
  }
}
