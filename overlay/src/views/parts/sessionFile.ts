// A session as a file: down to the disk of whoever looks, and up from it.
import { bytes, count } from '../../lib/format.ts'
import { parts } from '../../lib/sessionFile.ts'
import type { App } from '../../store/app.ts'

/** session: a number, or all. */
export function exportSession(app: App, session: string): void {
  const link = document.createElement('a')
  link.href = app.api.base + app.api.exportPath(session)
  link.download = '' // the Collector names it
  link.rel = 'noopener'
  link.click()
}

/** Asks for a file and sends it in parts. What it brings is a session of its own. */
export function importSession(app: App): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.ndjson,.jsonl,application/x-ndjson'
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file !== undefined) void sendFile(app, file)
  })
  input.click()
}

/** How long a line about it stays while it goes on, in milliseconds. */
const WHILE = 60_000

export async function sendFile(app: App, file: { name: string; size: number; stream: () => ReadableStream<Uint8Array> }): Promise<void> {
  let records = 0
  let more = false
  app.say(`Taking in ${file.name}, ${bytes(file.size)}`, undefined, WHILE)
  try {
    for await (const part of parts(file)) {
      records += await app.api.importSession(part, more)
      more = true
      app.say(`${count(records)} records of ${file.name} so far`, undefined, WHILE)
    }
    app.setParams({ session: '' })
    app.say(`${count(records)} records of ${file.name} are a session of their own`)
  } catch (fault) {
    app.say(`${file.name}: ${fault instanceof Error ? fault.message : 'it could not be read'}`, undefined, WHILE)
  }
}
