import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curl, isSensitive, quote } from './curl.ts'

const shell = (word: string) => execFileSync('/bin/sh', ['-c', `printf %s. ${word}`], { encoding: 'utf8' }).slice(0, -1)

describe('quote', () => {
  it.each(["plain", "it's", '"double"', '$HOME `id` \\ !', 'new\nline', 'tab\tand ünïcode 日本', '', '-n', 'esc \u001b[31m', 'bell\u0007', "bell\u0007 and 'quote' \\ %s 100%", 'ends\u0001\n\n'])(
    '%j arrives in the shell as it is', (text) => expect(shell(quote(text))).toBe(text))

  it('whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      expect(shell(quote(text))).toBe(text.replaceAll('\0', ''))
    }), { numRuns: 60 })
  })

  it('puts no control character on the terminal it is pasted into', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      expect(quote(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/)
    }))
  })
})

describe('curl', () => {
  it('repeats a request', () => {
    expect(curl({ method: 'post', url: 'http://localhost:3000/api', headers: [{ name: 'Content-Type', value: 'application/json' }, { name: 'Host', value: 'x' }], data: { a: "it's" } }))
      .toBe(`curl \\\n  http://localhost:3000/api \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{"a":"it'\\''s"}'`)
  })
  it('leaves secrets and the connection out, and says so', () => {
    const text = curl({ method: 'GET', url: 'http://x/', headers: [{ name: 'Authorization', value: 'Bearer s3cret' }, { name: 'X-A', value: '[Filtered]' }, { name: 'Connection', value: 'close' }], cookies: [{ name: 'sid', value: 's3cret' }] })
    expect(text).toBe('# left out: Authorization, X-A, Cookie\ncurl \\\n  http://x/')
  })
  it('adds the query it was given apart', () => {
    expect(curl({ url: 'http://x/a', query: [{ name: 'q', value: 'a b' }] })).toContain("'http://x/a?q=a+b'")
  })
  it('names methods that curl would not choose', () => {
    expect(curl({ method: 'DELETE', url: 'http://x/' })).toContain('-X DELETE')
    expect(curl({ method: 'GET', url: 'http://x/', data: 'body' })).toContain('-X GET')
    expect(curl({ method: 'HEAD', url: 'http://x/' })).toContain('-I')
  })
})

it('leaves out what the user wants masked too', () => {
  const request = { method: 'GET', url: 'http://a.test/', headers: [{ name: 'X-Tenant', value: 'acme' }, { name: 'customer-name', value: 'jo' }, { name: 'accept', value: 'a/b' }] }
  expect(curl(request)).toContain('acme')
  const text = curl(request, 'x-tenant, customer-*')
  expect(text).toMatch(/^# left out: X-Tenant, customer-name\n/)
  expect(text).toContain('accept: a/b')
  expect(['x-tenant', 'X-TENANT', 'x-tenants', 'customer-', 'my-customer-x'].map((name) => isSensitive(name, 'x-tenant;customer-*'))).toEqual([true, true, false, true, false])
})
