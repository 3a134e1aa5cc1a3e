package otelscope

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fresh empties the scopes of the process, which tests share.
func fresh(t *testing.T) {
	t.Helper()
	reset := func() {
		for _, s := range []*Scope{global, initial.current, initial.isolation} {
			s.Clear()
			s.SetClient(nil)
		}
	}
	reset()
	t.Cleanup(reset)
}
