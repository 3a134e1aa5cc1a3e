// Sends recorded requests of real SDKs to a running Collector, to look at what the overlay makes of them:
//   node tools/replay.mjs [--sentry http://localhost:8969] [--otlp http://localhost:4318] [scenario...]
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values: to, positionals } = parseArgs({ allowPositionals: true, options: { sentry: { type: 'string', default: 'http://localhost:8969' }, otlp: { type: 'string', default: 'http://localhost:4318' } } })
const corpus = fileURLToPath(new URL('../../testdata/corpus/', import.meta.url))
const scenarios = positionals.length > 0 ? positionals : (await readdir(corpus, { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => e.name)
const SKIP = new Set(['content-length', 'transfer-encoding', 'connection', 'host', 'expect'])

for (const scenario of scenarios) {
  const answers = {}
  for (const file of (await readdir(corpus + scenario)).filter((name) => name.endsWith('.meta.json')).sort()) {
    const meta = JSON.parse(await readFile(`${corpus}${scenario}/${file}`, 'utf8'))
    const body = await readFile(`${corpus}${scenario}/${file.replace('.meta.json', '.body')}`).catch(() => undefined)
    const headers = Object.entries(meta.headers ?? {}).filter(([name]) => !SKIP.has(name.toLowerCase()) && !/^sec-|^origin$|^referer$/i.test(name)).flatMap(([name, values]) => values.map((value) => [name, value]))
    const base = meta.path.startsWith('/v1/') ? to.otlp : to.sentry
    const answer = await fetch(base + meta.path + (meta.query ? `?${meta.query}` : ''), { method: meta.method, headers, ...(meta.method === 'GET' || meta.method === 'HEAD' ? {} : { body }) }).catch((fault) => ({ status: String(fault.cause ?? fault) }))
    answers[answer.status] = (answers[answer.status] ?? 0) + 1
  }
  console.log(scenario.padEnd(36), JSON.stringify(answers))
}
