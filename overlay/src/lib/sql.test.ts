import fc from 'fast-check'
import { expect, it } from 'vitest'
import { layOutSql } from './sql.ts'

it.each([
  ['SELECT a, b FROM t WHERE x = $1 AND y IN (1, 2) ORDER BY a LIMIT 5', 'SELECT a, b\nFROM t\nWHERE x = $1\n  AND y IN (1, 2)\nORDER BY a\nLIMIT 5'],
  ['select * from a left join b on a.id = b.id where a.note = \'from where and\'', 'select *\nfrom a\nleft join b on a.id = b.id\nwhere a.note = \'from where and\''],
  ['INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = 2 RETURNING id', 'INSERT INTO t (a)\nVALUES ($1)\nON CONFLICT (a) DO\nUPDATE\nSET a = 2\nRETURNING id'],
  ['SELECT x FROM (SELECT y FROM u WHERE z = 1) q', 'SELECT x\nFROM (\n  SELECT y\n  FROM u\n  WHERE z = 1) q'],
  ['GET user:1', 'GET user:1'],
  ['BEGIN', 'BEGIN'],
  ['SELECT offset_x, from_y FROM t', 'SELECT offset_x, from_y\nFROM t'],
  ['-- from here\nSELECT 1', '-- from here\nSELECT 1'],
])('%j', (text, want) => expect(layOutSql(text)).toBe(want))

it('changes nothing but white space, and ends', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('SELECT ', ' FROM ', ' AND ', '(', ')', "'", '"', '$$', '--', '/*', '*/', ' where ', '\n'))
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
    const text = parts.join('')
    const bare = (s: string) => s.replace(/\s+/g, '')
    expect(bare(layOutSql(text))).toBe(bare(text))
  }))
  expect(layOutSql(`SELECT ${'('.repeat(9000)}`).length).toBeLessThan(20_000)
})
