package testkit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

func TestCorpus(t *testing.T) {
	n := 0
	for _, s := range testkit.Corpus(t) {
		require.NotEmpty(t, s.Requests, s.Name)
		for _, r := range s.Requests {
			require.NotEmpty(t, r.Method, r.Name)
			require.NotEmpty(t, r.Path, r.Name)
			require.Empty(t, r.Header.Get("Content-Length"), r.Name)
			n += len(r.Body)
		}
	}
	require.Greater(t, n, 1<<20, "bytes of recorded bodies")
}

func TestCorpusBad(t *testing.T) {
	for _, c := range testkit.CorpusBad(t) {
		require.True(t, c.StatusFits(200) || c.StatusFits(400), c.Name)
		require.False(t, c.StatusFits(500), c.Name)
	}
}
