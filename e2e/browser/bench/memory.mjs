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

/** What the browser itself notes on the page's performance timeline (slow frames, layout shifts, paints), and the parts of it. */
const TIMELINE = /^(Performance\w+|TaskAttributionTiming|LayoutShift\w*|\w*ContentfulPaint|DOMRectReadOnly|blink::ScriptTimingInfo)$/

/**
 * What a heap snapshot of the page holds, in bytes: what scripts made (objects, closures, strings, buffers, DOM), and apart
 * from it two things that no page can take back. code: what V8 made of the scripts themselves (byte code, machine code,
 * feedback, shapes of objects); it grows with every function that becomes hot and stays as long as its module. timeline:
 * what the browser notes on the performance timeline, up to some hundred entries of each kind.
 */
export async function holds(page) {
  const cdp = await page.context().newCDPSession(page)
  const parts = []
  cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await cdp.detach()
  const { snapshot: { meta }, nodes, strings } = JSON.parse(parts.join(''))
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => meta.node_fields.indexOf(field))
  const held = { made: 0, code: 0, timeline: 0 }
  for (let at = 0; at < nodes.length; at += meta.node_fields.length) {
    const kind = meta.node_types[type][nodes[at + type]]
    const of = ['code', 'object shape'].includes(kind) ? 'code' : kind === 'native' && TIMELINE.test(strings[nodes[at + name]]) ? 'timeline' : 'made'
    held[of] += nodes[at + size]
  }
  return held
}

export const mb = (bytes) => Math.round(bytes / 1e5) / 10
