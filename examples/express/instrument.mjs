// Loaded before everything else, so that the SDK sees Express being imported and its spans have routes and middleware.
import * as Sentry from '@sentry/node'

Sentry.init({
  dsn: process.env.SENTRY_DSN ?? 'http://spotlight@localhost:8969/1',
  tracesSampleRate: 1,
  environment: process.env.NODE_ENV ?? 'development', // the SDK would say production
  release: 'express-example@1.0.0', // its first part names the service
})
