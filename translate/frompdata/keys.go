package frompdata

// fact is something about a record that its name, op, status or place depends on. Senders say it under different keys:
// of the present semantic conventions, of older ones, of Sentry.
type fact uint8

const (
	noFact fact = iota

	httpMethod
	httpStatus
	httpRoute
	urlFull
	urlPath
	urlScheme
	urlTemplate
	serverAddress
	serverPort
	peerAddress
	dbSystem
	dbText
	dbSummary
	dbOperation
	dbCollection
	dbNamespace
	dbProcedure
	rpcSystem
	rpcService
	rpcMethod
	rpcStatus
	messagingSystem
	messagingDestination
	messagingOperation
	faasTrigger
	faasName
	genAISystem
	genAIOperation
	genAIModel
	genAITool
	graphqlType
	graphqlName
	errorType
	errorFlag
	exceptionType
	exceptionMessage
	exceptionStack
	codeFile
	codeLine
	codeColumn
	codeFunction
	loggerName

	serviceName
	serviceVersion
	environment
	sdkLanguage
	runtimeName
	executableName

	sentryOp
	sentryPrefetch
	sentryStatusMessage
	sentrySegment
	sentryEventID
	sentryPayload
	sentryWarnings
	sentryItemType
	sentryItemTitle
	sentryContentType
	sentryEnvelopeID
	sentryHandled
	sentryPlatform
	sentryRelease
	sentryLevel
	sentryLogger
	sentryParentSpan

	factCount
)

// factKeys lists the keys that carry a fact, the one to believe first in front. The newest key is in front; behind it
// stand deprecated ones (semantic conventions 1.43 and their changelog; sentry-conventions, deprecated attributes).
var factKeys = [...]struct {
	fact fact
	keys []string
}{
	{httpMethod, []string{"http.request.method", "http.method", "http.request_method"}},
	{httpStatus, []string{"http.response.status_code", "http.status_code", "http.response_status_code"}},
	{httpRoute, []string{"http.route"}},
	{urlFull, []string{"url.full", "http.url", "url"}},
	{urlPath, []string{"url.path", "http.target"}},
	{urlScheme, []string{"url.scheme", "http.scheme"}},
	{urlTemplate, []string{"url.template"}},
	{serverAddress, []string{"server.address", "net.peer.name", "net.host.name", "http.host", "http.server_name", "server_name"}},
	{serverPort, []string{"server.port", "net.peer.port", "net.host.port"}},
	{peerAddress, []string{"network.peer.address", "net.sock.peer.addr", "net.peer.ip"}},
	{dbSystem, []string{"db.system.name", "db.system", "db.type"}},
	{dbText, []string{"db.query.text", "db.statement"}},
	{dbSummary, []string{"db.query.summary"}},
	{dbOperation, []string{"db.operation.name", "db.operation"}},
	{dbCollection, []string{"db.collection.name", "db.sql.table", "db.mongodb.collection", "db.cassandra.table", "db.cosmosdb.container"}},
	{dbNamespace, []string{"db.namespace", "db.name", "db.instance"}},
	{dbProcedure, []string{"db.stored_procedure.name"}},
	{rpcSystem, []string{"rpc.system.name", "rpc.system"}},
	{rpcService, []string{"rpc.service"}},
	{rpcMethod, []string{"rpc.method"}},
	{rpcStatus, []string{"rpc.response.status_code", "rpc.grpc.status_code", "rpc.connect_rpc.error_code"}},
	{messagingSystem, []string{"messaging.system"}},
	{messagingDestination, []string{"messaging.destination.name", "messaging.destination", "messaging.destination.template", "messaging.url"}},
	{messagingOperation, []string{"messaging.operation.type", "messaging.operation", "messaging.operation.name"}},
	{faasTrigger, []string{"faas.trigger"}},
	{faasName, []string{"faas.invoked_name", "faas.name"}},
	{genAISystem, []string{"gen_ai.provider.name", "gen_ai.system"}},
	{genAIOperation, []string{"gen_ai.operation.name"}},
	{genAIModel, []string{"gen_ai.request.model", "gen_ai.response.model"}},
	{genAITool, []string{"gen_ai.tool.name", "gen_ai.agent.name"}},
	{graphqlType, []string{"graphql.operation.type"}},
	{graphqlName, []string{"graphql.operation.name"}},
	{errorType, []string{"error.type"}},
	{errorFlag, []string{"error"}}, // OpenTracing and OpenCensus bridges
	{exceptionType, []string{"exception.type"}},
	{exceptionMessage, []string{"exception.message"}},
	{exceptionStack, []string{"exception.stacktrace"}},
	{codeFile, []string{"code.file.path", "code.filepath"}},
	{codeLine, []string{"code.line.number", "code.lineno"}},
	{codeColumn, []string{"code.column.number", "code.column"}},
	{codeFunction, []string{"code.function.name", "code.function"}},
	{loggerName, []string{"logger.name", "log.logger", "logger"}},

	{serviceName, []string{"service.name"}},
	{serviceVersion, []string{"service.version"}},
	{environment, []string{"sentry.environment", "deployment.environment.name", "deployment.environment"}},
	{sdkLanguage, []string{"telemetry.sdk.language"}},
	{runtimeName, []string{"process.runtime.name"}},
	{executableName, []string{"process.executable.name"}},

	{sentryOp, []string{"sentry.op"}},
	{sentryPrefetch, []string{"sentry.http.prefetch"}},
	{sentryStatusMessage, []string{"sentry.status.message"}},
	{sentrySegment, []string{"sentry.is_segment"}},
	{sentryEventID, []string{"sentry.event_id"}},
	{sentryPayload, []string{"sentry.payload"}},
	{sentryWarnings, []string{"sentry.warnings"}},
	{sentryItemType, []string{"sentry.item.type"}},
	{sentryItemTitle, []string{"sentry.item.title", "sentry.attachment.filename"}},
	{sentryContentType, []string{"sentry.item.content_type"}},
	{sentryEnvelopeID, []string{"sentry.envelope.id"}},
	{sentryHandled, []string{"sentry.exception.handled"}},
	{sentryPlatform, []string{"sentry.platform"}},
	{sentryRelease, []string{"sentry.release"}},
	{sentryLevel, []string{"sentry.level"}},
	{sentryLogger, []string{"sentry.logger"}},
	{sentryParentSpan, []string{"sentry.trace.parent_span_id"}},
}

// otherKeys are frequent keys that carry no fact: naming them here makes all records share one copy of the text.
var otherKeys = []string{
	"action", "browser.name", "browser.version", "client.address", "client.port", "component", "container.id",
	"culture.timezone", "db.connection_string", "db.response.status_code", "db.user", "device.family", "enduser.id",
	"event.name", "host.arch", "host.id", "host.name", "http.client_ip", "http.flavor", "http.request.body.size",
	"http.request.header.accept", "http.request.header.user_agent", "http.request_content_length", "http.response.body.size",
	"http.response_content_length", "http.status_text", "http.user_agent", "k8s.pod.name", "log.iostream",
	"messaging.message.id", "net.transport", "network.peer.port", "network.protocol.name", "network.protocol.version",
	"network.transport", "network.type", "os.name", "os.type", "os.version", "peer.service", "process.pid", "rpc.grpc.status_message",
	"sentry.description", "sentry.dist", "sentry.envelope.header", "sentry.exception.mechanism", "sentry.exclusive_time", "sentry.item.header",
	"sentry.extra_fields", "sentry.origin", "sentry.profiler_id", "sentry.received_from", "sentry.replay_id", "sentry.sample_rate",
	"sentry.sdk.name", "sentry.sdk.version", "sentry.segment.id", "sentry.segment.name", "sentry.segment.name.source",
	"sentry.sent_at", "sentry.source", "sentry.status", "sentry.trace_lifecycle", "server.socket.address",
	"service.instance.id", "service.namespace", "session.id", "telemetry.sdk.name", "telemetry.sdk.version", "thread.id",
	"thread.name", "url.domain", "url.query", "user.email", "user.id", "user.name", "user_agent.original",
}

// knownKey is a row of the index over factKeys and otherKeys.
type knownKey struct {
	key  string
	fact fact
	rank uint8 // place in its row of factKeys
}

// known finds known keys; it is written once, here. (A hand-made open-addressing table was no faster than Go's map.)
var known = func() map[string]*knownKey {
	index := make(map[string]*knownKey, 256)
	for _, row := range factKeys {
		for rank, key := range row.keys {
			index[key] = &knownKey{key, row.fact, uint8(rank)} // #nosec G115 -- a handful of keys
		}
	}
	for _, key := range otherKeys {
		index[key] = &knownKey{key: key}
	}
	return index
}()
