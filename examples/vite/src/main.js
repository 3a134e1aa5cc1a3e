// The two lines. `vite build` leaves both out, and the overlay with them.
if (import.meta.env.DEV) {
  const { init } = await import('@otelcol-spotlight/overlay')
  init({ endpoint: '/__spotlight' })
}
