// What a page's main thread did: CPU time of its own thread, not time on the wall.

/** Returns run(work): milliseconds of CPU that the main thread spent meanwhile, all of it and by kind. */
export async function createCpu(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]))
  return async (work) => {
    const before = await read()
    const result = await work()
    const after = await read()
    const ms = (name) => (after[name] - before[name]) * 1000
    return { task: ms('TaskDuration'), script: ms('ScriptDuration'), style: ms('RecalcStyleDuration'), layout: ms('LayoutDuration'), layouts: after.LayoutCount - before.LayoutCount, result }
  }
}

/** Milliseconds of CPU that the main thread of the browser's pages spent in events of these names, during work. */
export async function traced(browser, names, work) {
  const cdp = await browser.newBrowserCDPSession()
  const events = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'v8', 'disabled-by-default-v8.compile'], excludedCategories: ['*'] } })
  await work()
  const done = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve))
  await cdp.send('Tracing.end')
  await done
  await cdp.detach()
  return events.filter((event) => event.ph === 'X' && names.includes(event.name)).reduce((sum, event) => sum + (event.tdur ?? 0) / 1000, 0)
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
