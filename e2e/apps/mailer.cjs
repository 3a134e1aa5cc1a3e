// A service on OpenTelemetry's Node SDK, set up by OTEL_* variables: GET /mails/7 logs "query done!" in a span of its own,
// then fails outside of it. It listens on PORT of 127.0.0.1.
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')

const sdk = new NodeSDK({
  serviceName: 'mailer',
  instrumentations: [new HttpInstrumentation({ ignoreOutgoingRequestHook: () => true })],
})
sdk.start() // before http is loaded, or it stays as it is

const http = require('node:http')
const { SpanKind, SpanStatusCode, trace } = require('@opentelemetry/api')
const { SeverityNumber, logs } = require('@opentelemetry/api-logs')

const tracer = trace.getTracer('mailer')
const logger = logs.getLogger('mailer')

const server = http.createServer(async (request, response) => {
  if (request.url === '/') return response.end('mailer')
  const span = trace.getActiveSpan()
  try {
    send(await address(request.url.split('/').pop()))
    response.end('sent')
  } catch (error) {
    span.recordException(error)
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
    response.writeHead(500).end(error.message)
  }
})

/** Looks up an address. The user becomes known here, below the span of the request. */
function address(id) {
  return tracer.startActiveSpan('db.query', { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql', 'user.id': id } }, async (span) => {
    await new Promise((resolve) => setTimeout(resolve, 2))
    logger.emit({ severityNumber: SeverityNumber.INFO, severityText: 'INFO', body: 'query done!' })
    span.end()
    return undefined
  })
}

function send(to) {
  if (to === undefined) throw new TypeError('nobody to send to')
}

server.listen(Number(process.env.PORT), '127.0.0.1')
process.on('SIGINT', async () => {
  server.closeAllConnections()
  server.close()
  await sdk.shutdown()
  process.exit(0)
})
