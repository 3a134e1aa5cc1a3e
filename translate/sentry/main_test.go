package sentry_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// received is when every envelope of these tests arrives.
var received = time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
