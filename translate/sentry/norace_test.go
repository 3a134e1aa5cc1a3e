//go:build !race

package sentry_test

// slow says that this binary is no measure of time.
const slow = false
