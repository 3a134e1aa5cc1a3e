package live

import (
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// soleAt returns the process of an SDK that sends to a destination, nil when there is none or more than one: whose nameless
// data it is then.
func (s *Store) soleAt(destination string, sdk model.SDK) (sole *service) {
	if destination == "" {
		return nil
	}
	for _, sv := range s.services {
		if sv.is.Resource == nil || !sv.sendsTo[destination] || nameless(sv.is.Resource.Attributes) || !mayBe(sdk, sv.is.SDK) {
			continue
		}
		if sole != nil {
			return nil
		}
		sole = sv
	}
	return sole
}

// adopt takes what was counted for a nameless process that turns out to be this one.
func (s *Store) adopt(sv *service, destination string) {
	if destination == "" || sv.sendsTo[destination] {
		return
	}
	if sv.sendsTo == nil {
		sv.sendsTo = map[string]bool{}
	}
	if len(sv.sendsTo) < maxDestinations {
		sv.sendsTo[destination] = true
	}
	for _, other := range s.services {
		if other == sv || other.is.Resource == nil || !nameless(other.is.Resource.Attributes) || !other.sendsTo[destination] || s.soleAt(destination, other.is.SDK) != sv {
			continue
		}
		for kind, n := range other.counts {
			sv.counts[kind] += n
		}
		sv.spans += other.spans
		for reason, n := range other.dropped {
			sv.dropped[reason] += n
		}
		sv.is.FirstTime = min(sv.is.FirstTime, other.is.FirstTime)
		s.dropService(other)
		s.aliases[other.id] = sv
		return
	}
}

// nameless reports whether a resource says of its process nothing but where it sends to, and by which SDK: a client report
// of a Sentry SDK names neither release nor environment, and in some not even the SDK. Everything else has an environment;
// SDKs set one by themselves.
func nameless(a model.Attributes) bool {
	return a.Str(attrNameSource) == "sdk" && a.Str(attrRelease) == "" && environmentOf(a) == ""
}

// mayBe reports whether what an SDK sent may be of a process with this SDK.
func mayBe(sdk, process model.SDK) bool {
	return sdk.Name == "" || sdkFamily(sdk.Name) == sdkFamily(process.Name) && sdk.Language == process.Language
}

// destination is where a Sentry SDK sends to, "" when it does not say.
func destination(a model.Attributes) string {
	key, project := a.Str(attrPublicKey), a.Str(attrProject)
	if key == "" && project == "" {
		return ""
	}
	return key + "/" + project
}
