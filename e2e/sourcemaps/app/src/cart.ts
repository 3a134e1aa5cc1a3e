import { sum } from 'tiny-money'

export interface Line {
  sku: string
  count: number
  product?: { name: string; price: number }
}

/** Adds up a cart. */
export function total(lines: Line[]): number {
  return sum(lines, priceOfLine)
}

function priceOfLine(line: Line): number {
  if (line.product === undefined) {
    throw new TypeError(`no product for ${line.sku}`) // the line that throws
  }
  return line.count * line.product.price
}
