import { expect, it } from 'vitest'
import { unfold } from './held.ts'

const key = (row: string) => row
const under = (row: string) => (row.includes('/') ? row.split('/')[0] : undefined)

it('puts what the user unfolded below its row, and nothing else', () => {
  const order = unfold(['a', 'b', 'c'], ['new', 'c', 'b', 'b/1', 'b/2', 'other/1', 'a'], key, under)
  expect(order).toEqual(['a', 'b', 'b/1', 'b/2', 'c'])
  expect(unfold(order, ['a', 'b', 'b/1', 'b/2', 'c'], key, under)).toEqual(order)
})
