// What a page's main thread did: CPU time of its own thread, not time on the wall.

/** run(work) returns milliseconds of CPU, all and by kind; tasks(work) also those of every single task. */
export async function createCpu(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]))
  const run = async (work) => {
    const before = await read()
    await work()
    const after = await read()
    const ms = (name) => (after[name] - before[name]) * 1000
    return { task: ms('TaskDuration'), script: ms('ScriptDuration'), style: ms('RecalcStyleDuration'), layout: ms('LayoutDuration') }
  }
  const browser = await page.context().browser().newBrowserCDPSession()
  /** Every task of the page's main thread during work, from a trace of the browser. */
  const tasks = async (work) => {
    const events = []
    const keep = ({ value }) => events.push(...value)
    browser.on('Tracing.dataCollected', keep)
    await browser.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', '__metadata'], excludedCategories: ['*'] } })
    await page.evaluate(() => performance.mark('bench'))
    await work()
    const done = new Promise((resolve) => browser.once('Tracing.tracingComplete', resolve))
    await browser.send('Tracing.end')
    await done
    browser.off('Tracing.dataCollected', keep)
    return events
  }
  return { run, tasks, read, cdp }
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
