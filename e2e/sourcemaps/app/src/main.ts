import * as Sentry from '@sentry/browser'
import { broken, Checkout } from './checkout'

Sentry.init({ dsn: import.meta.env.VITE_DSN, environment: 'e2e', release: import.meta.env.VITE_RELEASE })

document.querySelector('#order')!.addEventListener('click', () => {
  const checkout = new Checkout('Ada')
  document.querySelector('#said')!.textContent = checkout.placeOrder(broken)
})
