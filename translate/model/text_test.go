package model_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"", 0, ""}, {"abc", 0, ""},
		{"aé", 2, "a"}, {"aé", 3, "aé"}, {"😀😀", 7, "😀"}, {"😀", 3, ""},
		{strings.Repeat("\x80", 9), 7, strings.Repeat("\x80", 7)}, // no character starts anywhere
	} {
		require.Equal(t, c.want, model.Cut(c.text, c.n), "%q to %d", c.text, c.n)
	}
	whole := "aé漢😀"
	for n := range len(whole) {
		got := model.Cut(whole, n)
		require.True(t, utf8.ValidString(got) && strings.HasPrefix(whole, got) && len(got) <= n && n-len(got) < utf8.UTFMax, "%q to %d", got, n)
	}
}
