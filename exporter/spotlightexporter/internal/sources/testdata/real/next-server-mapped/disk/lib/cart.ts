export interface Line {
  sku: string
  count: number
  product?: { name: string; price: number }
}

/** Adds up a cart. */
export function total(lines: Line[]): number {
  return lines.reduce((sum, line) => sum + priceOfLine(line), 0)
}

function priceOfLine(line: Line): number {
  if (line.product === undefined) {
    throw new TypeError(`no product for ${line.sku}`) // the line that throws
  }
  return line.count * line.product.price
}

export const broken: Line[] = [{ sku: 'tea', count: 2, product: { name: 'Tea', price: 3.5 } }, { sku: 'gone', count: 1 }]
