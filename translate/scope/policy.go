package scope

import (
	"fmt"
	"strings"
)

// Policy says how layers are merged.
type Policy struct {
	Name string
}

// The policies. Spec is the one of this project; the others do what the SDKs do.
var (
	Spec    = Policy{Name: "spec"}
	JS11    = Policy{Name: "js11"}
	Python2 = Policy{Name: "python2"}
	Go0     = Policy{Name: "go0"}
)

// ParsePolicy returns the policy of a name: spec, js11, python2, go0; "" is spec.
func ParsePolicy(name string) (Policy, error) {
	switch strings.ToLower(name) {
	case "", Spec.Name:
		return Spec, nil
	case JS11.Name:
		return JS11, nil
	case Python2.Name:
		return Python2, nil
	case Go0.Name:
		return Go0, nil
	}
	return Policy{}, fmt.Errorf("policy %q is unknown; use spec, js11, python2 or go0", name)
}

// Merge merges layers as the policy says.
func Merge(policy Policy, layers Layers) Merged {
	return Merged{}
}
