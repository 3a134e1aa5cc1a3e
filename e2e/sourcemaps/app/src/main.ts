import * as Sentry from '@sentry/browser'
import { broken, Checkout } from './checkout'

declare const __DSN__: string

Sentry.init({ dsn: __DSN__, environment: 'e2e' })

document.querySelector('#order')!.addEventListener('click', () => {
  const checkout = new Checkout('Ada')
  document.querySelector('#said')!.textContent = checkout.placeOrder(broken) // the line of the click
})
