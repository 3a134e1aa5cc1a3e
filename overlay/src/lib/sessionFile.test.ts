import { expect, it } from 'vitest'
import { parts } from './sessionFile.ts'

const HEAD = '{"spotlight":1}'
const file = (text: string, chunk = 7) => ({
  stream: () => {
    const bytes = new TextEncoder().encode(text)
    let at = 0
    return new ReadableStream<Uint8Array>({
      pull: (c) => {
        if (at >= bytes.length) return c.close()
        c.enqueue(bytes.slice(at, at + chunk)) // in the middle of lines and of characters
        at += chunk
      },
    })
  },
})
const all = async (text: string, size?: number) => {
  const out: string[] = []
  for await (const part of parts(file(text), size)) out.push(part)
  return out
}

it('a small file is one part', async () => {
  expect(await all(`${HEAD}\n{"resource":1,"n":1}\n{"log":"é"}\n`)).toEqual([`${HEAD}\n{"resource":1,"n":1}\n{"log":"é"}\n`])
})
it('every part of a larger one can be read by itself, and nothing is lost or twice', async () => {
  const records = Array.from({ length: 50 }, (_, i) => (i % 10 === 0 ? `{"resource":{},"n":${i}}` : `{"log":"${'ü'.repeat(20)} ${i}","of":${i - (i % 10)}}`))
  const got = await all([HEAD, ...records].join('\n'), 200)
  expect(got.length).toBeGreaterThan(5)
  for (const part of got) {
    const lines = part.trimEnd().split('\n')
    expect(lines[0]).toBe(HEAD)
    const named = new Set(lines.flatMap((l) => /^\{"resource".*"n":(\d+)/.exec(l)?.[1] ?? []))
    for (const of of lines.flatMap((l) => /"of":(\d+)/.exec(l)?.[1] ?? [])) expect(named.has(of)).toBe(true)
  }
  expect(got.flatMap((part) => part.split('\n').filter((l) => l.startsWith('{"log"')))).toEqual(records.filter((r) => r.startsWith('{"log"')))
})
it('what is no such file is sent as it is, for the Collector to say so', async () => {
  expect(await all('hello')).toEqual(['hello\n\n'])
  expect(await all('')).toEqual(['\n'])
})
