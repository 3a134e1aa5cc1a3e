package live

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What was cleared and comes again is not removed by the frame that brings it.
func TestChanges_WhatComesAgainIsNotRemoved(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(events(failure(1, 1, "an issue")))
	s.Clear()
	since := s.Seq()
	s.Add(events(failure(1, 1, "an issue")))
	c, ok := s.Changes(since)
	require.True(t, ok)
	require.Len(t, c.Events, 1)
	require.Len(t, c.Issues, 1)
	require.Empty(t, c.Removed.Events)
	require.Empty(t, c.Removed.Issues)
	require.Empty(t, c.Removed.Traces)
}
