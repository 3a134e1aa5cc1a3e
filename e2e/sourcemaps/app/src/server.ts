import * as Sentry from '@sentry/node'
import { broken, Checkout } from './checkout'

Sentry.init({ dsn: process.env.DSN, environment: 'e2e' })

try {
  new Checkout('Grace').placeOrder(broken)
} catch (error) {
  console.log(Sentry.captureException(error))
}
await Sentry.flush(5000)
