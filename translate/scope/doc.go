// Package scope merges scopes: what belongs to a process, to a request and to the code that runs now becomes what
// belongs to one event, with the origin of every value.
//
// It has two halves.
//
// Merge is the engine. It takes layers from low to high, as RFC 0122 names them, and a Policy that says how they are
// merged. The policy Spec is ours; JS11, Python2 and Go0 do what those SDKs do, so that one can ask what they would have
// sent.
//
//	config < resource < global < isolation < current < additional < event
//
// Prepare and Materialize find the layers in what a Collector received. A process owns a global scope, the first span
// of a request (an isolation root) an isolation scope, the chain of spans above an event its current scopes. Nothing is
// tracked while data arrives: the answer is a function of the set of records, so their order cannot matter.
//
//	p := scope.Prepare(view, cfg)         // once for a version of a trace
//	r := p.Event(event, scope.Spec)       // for each event somebody looks at
//	r.Apply(event)
//
// The rules have numbers (R1 to R20, 3.5, I1 and so on): they are in RULES.md.
//
// What is not here: reading payloads (package sentry), pdata (frompdata), storing and caching (the exporter), and the
// API that applications use to set scope data (sdk/otelscope), which merges with the same engine.
package scope
