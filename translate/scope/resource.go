package scope

import (
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// resourceContexts maps attributes of a resource to fields of Sentry's contexts. What is in none of them goes to the
// context "resource" under its own name; it never becomes a tag.
var resourceContexts = map[string]struct{ context, field string }{
	"service.name":                {"app", "app_name"},
	"service.version":             {"app", "app_version"},
	"service.namespace":           {"app", "service_namespace"},
	"service.instance.id":         {"app", "service_instance_id"},
	"os.type":                     {"os", "type"},
	"os.name":                     {"os", "name"},
	"os.version":                  {"os", "version"},
	"os.build_id":                 {"os", "build"},
	"os.description":              {"os", "raw_description"},
	"process.runtime.name":        {"runtime", "name"},
	"process.runtime.version":     {"runtime", "version"},
	"process.runtime.description": {"runtime", "raw_description"},
	"host.arch":                   {"device", "arch"},
	"device.id":                   {"device", "device_unique_identifier"},
	"device.manufacturer":         {"device", "manufacturer"},
	"device.model.identifier":     {"device", "model_id"},
	"device.model.name":           {"device", "model"},
}

// elsewhere are attributes of a resource that an event shows in a field of its own.
var elsewhere = map[string]bool{
	"deployment.environment": true, "deployment.environment.name": true, "host.name": true,
	"telemetry.sdk.name": true, "telemetry.sdk.version": true, "telemetry.sdk.language": true,
}

// cloudPrefixes are the families of attributes that make up the context cloud_resource, under their own names.
var cloudPrefixes = []string{"cloud.", "k8s.", "container.", "faas."}

func environmentOf(a model.Attributes) string {
	if e := text(a, "deployment.environment.name"); e != "" {
		return e
	}
	return text(a, "deployment.environment") // semantic conventions before 1.27
}

// sentryNamespace is the service.namespace of the resource that @sentry/opentelemetry makes up; its service.version is
// the version of the SDK, not of the service.
const sentryNamespace = "sentry"

// resourceLayer returns what a resource gives to the global scope of its process.
func resourceLayer(r *model.Resource) *Layer {
	l := &Layer{Name: model.LayerGlobal, Origin: "resource"}
	if r == nil {
		return l
	}
	a := r.Attributes
	service, version := text(a, "service.name"), text(a, "service.version")
	if service != "" {
		l.Tags = model.Attributes{{Key: "service", Value: model.String(service)}}
	}
	if service != "" && version != "" && text(a, "service.namespace") != sentryNamespace {
		l.Release = service + "@" + version
	}
	l.Environment = environmentOf(a)
	if l.ServerName = text(a, "host.name"); l.ServerName == "" {
		l.ServerName = text(a, "service.instance.id")
	}

	contexts := map[string]model.Attributes{}
	for _, at := range a {
		switch to, known := resourceContexts[at.Key]; {
		case known:
			contexts[to.context] = append(contexts[to.context], model.Attribute{Key: to.field, Value: at.Value})
		case elsewhere[at.Key], strings.HasPrefix(at.Key, "sentry."): // the latter says how an envelope came in
		case slices.ContainsFunc(cloudPrefixes, func(p string) bool { return strings.HasPrefix(at.Key, p) }):
			contexts["cloud_resource"] = append(contexts["cloud_resource"], at)
		default:
			contexts["resource"] = append(contexts["resource"], at)
		}
	}
	for name, fields := range contexts {
		l.Contexts = append(l.Contexts, model.Attribute{Key: name, Value: model.Map(fields.Sort())})
	}
	l.Contexts.Sort()
	return l
}

// sdkOf returns the SDK a resource names.
func sdkOf(r *model.Resource) *model.SDK {
	if r == nil || text(r.Attributes, "telemetry.sdk.name") == "" {
		return nil
	}
	a := r.Attributes
	return &model.SDK{Name: text(a, "telemetry.sdk.name"), Version: text(a, "telemetry.sdk.version"), Language: text(a, "telemetry.sdk.language")}
}
