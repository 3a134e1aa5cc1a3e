package frompdata

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// source is who recorded the records at hand: what a resource and an instrumentation scope say.
type source struct {
	resource    *model.Resource
	scope       *model.InstrumentationScope
	service     string
	language    string // telemetry.sdk.language: decides how stack traces are read
	platform    string
	release     string
	environment string
	sentry      bool // made by the Sentry receiver
}

// unknownService is what the resource specification of OpenTelemetry names a service that has no name.
const unknownService = "unknown_service"

// setResource makes b.source that of a resource.
func (b *builder) setResource(r pcommon.Resource, schemaURL string) {
	b.attrs = nil // what outlives the records shares no memory with them
	attrs := b.record(r.Attributes())
	res := &model.Resource{
		Attributes:        attrs,
		SchemaURL:         b.text(schemaURL),
		DroppedAttributes: r.DroppedAttributesCount() + uint32(b.dropped), // #nosec G115 -- bounded by the size of a request
		Entities:          b.entities(r),
	}
	f := &b.facts
	b.source = source{
		resource:    res,
		service:     serviceOf(f),
		language:    f.str(sdkLanguage),
		platform:    firstOf(f.str(sentryPlatform), f.str(sdkLanguage), f.str(runtimeName)),
		release:     releaseOf(f),
		environment: f.text(environment),
	}
	b.warn = 0 // a resource has no place for warnings; its text was mended all the same
}

// setScope completes b.source with an instrumentation scope.
func (b *builder) setScope(s pcommon.InstrumentationScope, schemaURL string) {
	b.attrs = nil
	attrs := b.attributes(s.Attributes())
	b.source.scope = &model.InstrumentationScope{
		Name:              b.text(s.Name()),
		Version:           b.text(s.Version()),
		Attributes:        attrs,
		SchemaURL:         b.text(schemaURL),
		DroppedAttributes: s.DroppedAttributesCount() + uint32(b.dropped), // #nosec G115 -- bounded by the size of a request
	}
	b.source.sentry = s.Name() == conventions.ScopeName
	b.warn = 0
}

// fromSentry reports whether the record whose facts are at hand was made by the Sentry receiver. Its scope says so; where
// a processor on the way lost the scope, the attributes that only our receiver writes do.
func (b *builder) fromSentry() bool {
	return b.source.sentry || b.facts.has(sentryPayload) || b.facts.has(sentryEnvelopeID) || b.facts.has(sentryItemType)
}

func originOf(sentry bool) model.Origin {
	if sentry {
		return model.OriginSentry
	}
	return model.OriginOTel
}

// serviceOf returns a name for the service, never "".
func serviceOf(f *facts) string {
	if name := f.text(serviceName); name != "" {
		return model.Cut(name, maxService)
	}
	if what := firstOf(f.text(executableName), f.str(sentryPlatform), f.str(sdkLanguage)); what != "" {
		return model.Cut(unknownService+":"+what, maxService)
	}
	return unknownService
}

// releaseOf returns the release as Sentry writes it: name@version (reference of the scope merge, resource row).
func releaseOf(f *facts) string {
	if release := f.text(sentryRelease); release != "" {
		return release
	}
	name, version := f.text(serviceName), f.text(serviceVersion)
	if name == "" || version == "" {
		return version
	}
	return name + "@" + version
}

// entities reads the entity references of a resource (OTLP 1.6, in development).
func (b *builder) entities(r pcommon.Resource) []model.EntityRef {
	refs := entity.ResourceEntityRefs(r)
	if refs.Len() == 0 {
		return nil
	}
	n := b.fit(refs.Len(), new(maxElements))
	out := make([]model.EntityRef, n)
	for i := range out {
		ref := refs.At(i)
		out[i] = model.EntityRef{
			Type:            b.text(ref.Type()),
			IDKeys:          b.texts(ref.IdKeys()),
			DescriptionKeys: b.texts(ref.DescriptionKeys()),
			SchemaURL:       b.text(ref.SchemaUrl()),
		}
	}
	return out
}

func (b *builder) texts(s pcommon.StringSlice) []string {
	out := make([]string, b.fit(s.Len(), new(maxElements)))
	for i := range out {
		out[i] = b.text(s.At(i))
	}
	return out
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
