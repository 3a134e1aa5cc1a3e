package live

import (
	"encoding/hex"
	"hash/fnv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Resource attributes that say which process something is of (OpenTelemetry semantic conventions, resource; the
// sentry.* ones are written by the Sentry receiver).
const (
	attrInstance     = "service.instance.id"
	attrNamespace    = "service.namespace"
	attrVersion      = "service.version"
	attrEnvironment  = "deployment.environment.name"
	attrEnvironment0 = "deployment.environment" // before semantic conventions 1.27
	attrHostID       = "host.id"
	attrHostName     = "host.name"
	attrContainer    = "container.id"
	attrPod          = "k8s.pod.uid"
	attrPID          = "process.pid"
	attrStart        = "process.creation.time"
	attrCommandLine  = "process.command_line"
	attrCommandArgs  = "process.command_args"
	attrCommand      = "process.command"
	attrExecutable   = "process.executable.name"
	attrRuntimeName  = "process.runtime.name"
	attrRuntime      = "process.runtime.version"
	attrRuntimeDesc  = "process.runtime.description"
	attrOSName       = "os.name"
	attrOSType       = "os.type"
	attrOSVersion    = "os.version"
	attrSDKName      = "telemetry.sdk.name"
	attrSDKVersion   = "telemetry.sdk.version"
	attrSDKLanguage  = "telemetry.sdk.language"
	attrPublicKey    = "sentry.public_key"
	attrProject      = "sentry.project"
	attrRelease      = "sentry.release"
	attrNameSource   = "sentry.service_name.source"
	attrSegmentID    = "sentry.replay.segment_id"
	attrSampleRate   = "sentry.sample_rate" // of a span
)

// ServiceID returns the id of the process a record is of: 16 hex digits, stable while the process runs.
//
// The first that applies (scopes.md section 2): its service.instance.id; its process id with host and start time; else
// what a Sentry SDK says in every envelope: host, release, environment, SDK and DSN. Attributes that only some signals of a
// process carry must not matter, so the resource as a whole is not hashed. Two SDKs in one process are two ids, since they
// are two things to set up.
func ServiceID(r *model.Resource, service string, origin model.Origin) string {
	h := fnv.New64a()
	put := func(text string) {
		_, _ = h.Write([]byte(text))
		_, _ = h.Write([]byte{0})
	}
	put(service)
	put(origin.String())
	if r != nil {
		a := r.Attributes
		put(a.Str(attrNamespace))
		put(sdkFamily(a.Str(attrSDKName)))
		if id := text(a, attrInstance); id != "" {
			put(id)
		} else {
			put(hostOf(a))
			if pid := text(a, attrPID); pid != "" {
				put(pid)
				put(text(a, attrStart))
			} else {
				if isBrowser(a) {
					put("browser")
				}
				put(text(a, attrVersion))
				put(environmentOf(a))
				put(text(a, attrPublicKey))
				put(text(a, attrProject))
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// text returns an attribute as text: ids and versions are sent as numbers too.
func text(a model.Attributes, key string) string {
	v, _ := a.Get(key)
	return v.Text()
}

func hostOf(a model.Attributes) string {
	for _, key := range [4]string{attrHostName, attrHostID, attrContainer, attrPod} {
		if host := text(a, key); host != "" {
			return host
		}
	}
	return ""
}

func environmentOf(a model.Attributes) string {
	if env := text(a, attrEnvironment); env != "" {
		return env
	}
	return text(a, attrEnvironment0)
}

// sdkFamily returns the name of an SDK without the framework it was set up by: sentry.javascript.react and
// sentry.javascript.browser, sentry.python and sentry.python.django are one SDK in one process.
func sdkFamily(name string) string {
	if !strings.HasPrefix(name, "sentry.") {
		return name
	}
	parts := strings.SplitN(name, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// isBrowser reports whether a process is a page in a browser: those come and go with every load.
func isBrowser(a model.Attributes) bool {
	if a.Str(attrSDKLanguage) == "webjs" {
		return true
	}
	for _, at := range a {
		if strings.HasPrefix(at.Key, "browser.") {
			return true
		}
	}
	name := a.Str(attrSDKName)
	for _, kind := range [...]string{"browser", "react", "vue", "svelte", "angular", "ember", "solid", "gatsby", "wasm"} {
		if name == "sentry.javascript."+kind {
			return true
		}
	}
	return false
}

// fill sets what the resource says of a process.
func fill(sv *model.Service, r *model.Resource) {
	if r == nil {
		return
	}
	a := r.Attributes
	sv.Resource = r
	sv.Instance = text(a, attrInstance)
	sv.SDK = sdkOf(a)
	sv.Version, sv.Release = text(a, attrVersion), a.Str(attrRelease)
	sv.Environment = environmentOf(a)
	sv.Host = hostOf(a)
	pid, _ := a.Get(attrPID)
	sv.PID = pid.Int()
	sv.Command = first(a, attrCommandLine, attrCommandArgs, attrCommand, attrExecutable)
	runtime, version := first(a, attrRuntimeName), first(a, attrRuntime)
	if strings.HasPrefix(version, runtime) { // Go says go, and go1.26.8
		runtime = ""
	}
	sv.Runtime = strings.TrimSpace(runtime + " " + version)
	if sv.Runtime == "" {
		sv.Runtime = first(a, attrRuntimeDesc)
	}
	sv.OS = strings.TrimSpace(first(a, attrOSName, attrOSType) + " " + first(a, attrOSVersion))
}

func sdkOf(a model.Attributes) model.SDK {
	return model.SDK{Name: text(a, attrSDKName), Version: text(a, attrSDKVersion), Language: text(a, attrSDKLanguage)}
}

// first returns the first of several attributes that is there; a list of words is joined by spaces.
func first(a model.Attributes, keys ...string) string {
	for _, key := range keys {
		v, _ := a.Get(key)
		if v.Kind() == model.KindList {
			words := make([]string, 0, len(v.List()))
			for _, w := range v.List() {
				words = append(words, w.Text())
			}
			return strings.Join(words, " ")
		}
		if t := v.Text(); t != "" {
			return t
		}
	}
	return ""
}
