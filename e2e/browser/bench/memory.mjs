// How much memory a page holds, after its garbage was collected.

/** Reads a page: JavaScript heap in bytes (what it keeps, DOM objects and buffers included), nodes and listeners. */
export async function meter(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  return async () => {
    for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage')
    const { metrics } = await cdp.send('Performance.getMetrics')
    const of = (name) => metrics.find((m) => m.name === name).value
    return { heap: usedSize, all: usedSize + embedderHeapUsedSize + backingStorageSize, nodes: of('Nodes'), listeners: of('JSEventListeners') }
  }
}

export const mb = (bytes) => Math.round(bytes / 1e5) / 10
