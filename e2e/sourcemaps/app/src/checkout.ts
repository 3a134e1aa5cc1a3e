import { total, type Line } from './cart'

/** Takes an order, or says why not. */
export class Checkout {
  constructor(private readonly name: string) {}

  placeOrder(lines: Line[]): string {
    try {
      return `${this.name}: ${total(lines)} EUR`
    } catch (cause) {
      throw new Error(`the order of ${this.name} failed`, { cause }) // the line that wraps
    }
  }
}

export const broken: Line[] = [
  { sku: 'tea', count: 2, product: { name: 'Tea', price: 3.5 } },
  { sku: 'gone', count: 1 },
]
