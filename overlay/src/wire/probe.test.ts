import { expect, it } from 'vitest'
import { probe } from './probe.ts'

const answering = (answers: { [path: string]: Response | Error }) => ((url: string, init?: RequestInit) => {
  const answer = answers[`${init?.mode ?? 'cors'} ${new URL(url).pathname}`]
  return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new TypeError('Failed to fetch'))
}) as typeof fetch

it.each<[string, { [path: string]: Response | Error }, string, RegExp]>([
  ['nothing answers', {}, 'silent', /does not answer/],
  ['another origin is refused', { 'no-cors /health': new Response('') }, 'refused', /refuses pages of http:\/\/app\.test\. Add it to exporters::spotlight::allowed_origins/],
  ['a name is refused', { 'cors /api/v1/status': Response.json({ error: 'this server is not called shop.test' }, { status: 403 }) }, 'refused', /refuses this page: this server is not called shop\.test/],
  ['wants a password', { 'cors /api/v1/status': new Response('no', { status: 401 }) }, 'refused', /refuses this page: 401/],
  ['is full', { 'cors /api/v1/status': Response.json({}) }, 'full', /takes no live connection.*clients::max/],
  ['is broken', { 'cors /api/v1/status': new Response('', { status: 502 }) }, 'silent', /answers 502/],
])('%s', async (_, answers, kind, text) => {
  const found = await probe('http://collector.test', 'http://app.test', answering(answers))
  expect(found.kind).toBe(kind)
  expect(found.text).toMatch(text)
})
