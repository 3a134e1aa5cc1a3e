package sentry

import (
	"fmt"
	"hash/fnv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
)

// facts is what the items of an envelope say of the process that sent it. Of several values of one fact the first one
// counts. An envelope's header "trace" is never a source: its release and environment are those of the service at the
// head of the trace.
type facts struct {
	serviceOTel string // service.name of an OpenTelemetry resource inside an event
	serviceTag  string // tag or attribute service.name or service
	release     string
	environment string
	dist        string
	host        string
	sdkName     string
	sdkVersion  string
	platform    string
	userAgent   string
	more        []moreFact
}

// moreFact is an attribute of the resource that nothing else depends on.
type moreFact struct{ key, value string }

func first(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// maxFacts bounds the attributes that an OpenTelemetry resource inside an event can add; all of it is in the payload.
const maxFacts = 64

func (f *facts) add(key, value string) {
	if value == "" || len(f.more) == maxFacts {
		return
	}
	for _, m := range f.more {
		if m.key == key {
			return
		}
	}
	f.more = append(f.more, moreFact{key, value})
}

// setSDK takes {name, version} objects, and the sentry_client text name/version.
func (f *facts) setSDK(sdk node) {
	if f.sdkName == "" && sdk.isObject() {
		f.sdkName = sdk.field("name").str()
		f.sdkVersion = sdk.field("version").text()
	}
}

// contextFacts maps fields of an event's contexts to attributes of the resource. Only what stays the same while a
// process runs is taken: free memory or the battery would make a new resource of every event.
var contextFacts = []struct{ context, field, key string }{
	{"os", "name", "os.name"},
	{"os", "version", "os.version"},
	{"os", "build", "os.build_id"},
	{"runtime", "name", "process.runtime.name"},
	{"runtime", "version", "process.runtime.version"},
	{"device", "model", "device.model.name"},
	{"device", "manufacturer", "device.manufacturer"},
	{"device", "arch", "host.arch"},
	{"browser", "name", "browser.name"},
	{"browser", "version", "browser.version"},
	{"app", "app_name", "app.name"},
	{"app", "app_version", "app.version"},
	{"app", "app_identifier", "app.identifier"},
	{"app", "app_start_time", conventions.ProcessCreationTime},
}

// setContexts takes what an event's contexts say of the process, an OpenTelemetry resource among them.
func (f *facts) setContexts(contexts node) {
	contexts.visit(func(name []byte, c node) {
		if string(name) == "otel" {
			resource := c.field("resource")
			first(&f.serviceOTel, resource.field(conventions.ServiceName).str())
			resource.visit(func(k []byte, v node) {
				// The SDK is the one that sent this, whatever it has from OpenTelemetry.
				if !strings.HasPrefix(string(k), "telemetry.") && string(k) != conventions.ServiceName {
					f.add(v.r.copy(k), v.text())
				}
			})
			return
		}
		for _, row := range contextFacts {
			if row.context == string(name) {
				f.add(row.key, strings.TrimSpace(c.field(row.field).text()))
			}
		}
	})
}

// setAttribute takes what an attribute of a streamed span, a log or a metric says of the process. Spans of one segment
// carry os.*, process.runtime.* and device.* on the first span only.
func (f *facts) setAttribute(key, value string) {
	switch key {
	case conventions.ServiceName, "service":
		first(&f.serviceTag, value)
	case conventions.Release:
		first(&f.release, value)
	case conventions.Environment:
		first(&f.environment, value)
	case conventions.Dist:
		first(&f.dist, value)
	case conventions.SDKName:
		first(&f.sdkName, value)
	case conventions.SDKVersion:
		first(&f.sdkVersion, value)
	case conventions.UserAgent:
		first(&f.userAgent, value)
	case "sentry.server.address":
		first(&f.host, value)
	case "os.name", "os.version", "os.build_id", "process.runtime.name", "process.runtime.version", "device.manufacturer",
		"browser.name", "browser.version", "app.name", "app.version", "app.identifier":
		f.add(key, strings.TrimSpace(value))
	case "app.start_time":
		f.add(conventions.ProcessCreationTime, strings.TrimSpace(value))
	}
}

// service returns the service name, which is never empty, and where it is from.
func (f *facts) service(req *Request) (name, source string) {
	if f.serviceOTel != "" {
		return f.serviceOTel, conventions.ServiceNameFromOTel
	}
	if f.serviceTag != "" {
		return f.serviceTag, conventions.ServiceNameFromTag
	}
	if req.ServiceNames != nil {
		if name := req.ServiceNames(req.Project, req.PublicKey); name != "" {
			return name, conventions.ServiceNameFromConfig
		}
	}
	if name, _ := splitRelease(f.release); name != "" {
		return name, conventions.ServiceNameFromRelease
	}
	name = appName(f.sdkName, f.platform)
	if req.Project != "" {
		name = fmt.Sprintf("%s (project %s)", name, req.Project)
	}
	return name, conventions.ServiceNameFromSDK
}

// splitRelease splits package@version; a release without a package is all version.
func splitRelease(release string) (name, version string) {
	at := strings.LastIndexByte(release, '@')
	if at <= 0 { // @scope/package without a version
		return "", release
	}
	return release[:at], release[at+1:]
}

// put writes the resource's attributes.
func (f *facts) put(dst pcommon.Map, req *Request) {
	if f.sdkName == "" && req.Client != "" {
		f.sdkName, f.sdkVersion, _ = strings.Cut(req.Client, "/")
	}
	dst.EnsureCapacity(16 + len(f.more))
	name, source := f.service(req)
	_, version := splitRelease(f.release)
	lang := language(f.sdkName, f.platform)
	put := func(key, value string) {
		if value == "" {
			return
		}
		if at, there := dst.GetOrPutEmpty(key); !there {
			at.SetStr(value)
		}
	}
	put(conventions.ServiceName, name)
	for _, m := range f.more {
		put(m.key, m.value)
	}
	put(conventions.ServiceVersion, version)
	put(conventions.ServiceInstanceID, f.instance(name))
	put(conventions.DeploymentEnvironment, f.environment)
	put(conventions.HostName, f.host)
	put(conventions.TelemetrySDKName, f.sdkName)
	put(conventions.TelemetrySDKVersion, f.sdkVersion)
	put(conventions.TelemetrySDKLanguage, lang)
	if lang == "webjs" { // anywhere else it is the user agent of a client
		put(conventions.UserAgent, f.userAgent)
	}
	put(conventions.Release, f.release)
	put(conventions.Environment, f.environment)
	put(conventions.Dist, f.dist)
	put(conventions.Project, req.Project)
	put(conventions.PublicKey, req.PublicKey)
	put(conventions.Client, req.Client)
	put(conventions.ReceivedFrom, req.Endpoint)
	put(conventions.ServiceNameSource, source)
}

// instance is the service.instance.id: a number that is the same for everything one configured SDK sends, since Sentry
// has no id of a process. Only what is on every kind of envelope goes into it: server_name, for one, is on events and
// not on spans, and an address of the receiver differs between the DSN and the Spotlight copy of one envelope.
func (f *facts) instance(service string) string {
	h := fnv.New64a()
	for _, part := range [...]string{service, sdkFamily(f.sdkName), f.sdkVersion, f.release, f.environment} {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// inherit fills what f does not know with what o knows.
func (f *facts) inherit(o *facts) {
	first(&f.serviceOTel, o.serviceOTel)
	first(&f.serviceTag, o.serviceTag)
	first(&f.release, o.release)
	first(&f.environment, o.environment)
	first(&f.dist, o.dist)
	first(&f.host, o.host)
	if f.sdkName == "" {
		f.sdkName, f.sdkVersion = o.sdkName, o.sdkVersion
	}
	first(&f.platform, o.platform)
	first(&f.userAgent, o.userAgent)
	for _, m := range o.more {
		f.add(m.key, m.value)
	}
}

// differs reports whether two facts cannot be of one process. What only one of them knows is no difference.
func (f *facts) differs(o *facts) bool {
	differ := func(a, b string) bool { return a != b && a != "" && b != "" }
	return differ(f.serviceOTel, o.serviceOTel) || differ(f.serviceTag, o.serviceTag) || differ(f.release, o.release) ||
		differ(f.environment, o.environment) || differ(sdkFamily(f.sdkName), sdkFamily(o.sdkName))
}

// groupOf returns the group that a record with these facts belongs to, and teaches it what it did not know.
func (c *call) groupOf(f *facts) *group {
	for _, g := range c.groups {
		if !g.facts.differs(f) {
			g.facts.inherit(f)
			return g
		}
	}
	if len(c.groups) == maxGroups {
		return c.own()
	}
	g := &group{facts: *f}
	g.facts.more = append([]moreFact(nil), f.more...)
	c.groups = append(c.groups, g)
	return g
}

// maxGroups bounds the services of one envelope; records of further ones are put with the first. Each group costs a
// comparison for every record.
const maxGroups = 16
