// An Express application whose error page is the overlay, while it is developed: node --import ./instrument.mjs app.mjs
import * as Sentry from '@sentry/node'
import express from 'express'

const spotlight = process.env.SPOTLIGHT_URL ?? 'http://localhost:8970'

const app = express()

app.get('/fail', (request) => {
  const cart = request.query.cart
  throw new Error(`cart ${cart ?? '(none)'} cannot be paid`)
})

Sentry.setupExpressErrorHandler(app) // leaves the id of the event in response.sentry

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error)
  response.status(500)
  if (process.env.NODE_ENV === 'production') return response.send('Something went wrong')
  response.send(`<!doctype html><title>Internal Server Error</title><h1>Internal Server Error</h1>
<script type="module" src="${spotlight}/overlay.js" data-fullscreen data-error-id="${response.sentry}"></script>`)
})

const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', () => console.log(`http://localhost:${server.address().port}/fail`))
