package bytesize

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestUnmarshalText(t *testing.T) {
	for _, c := range []struct {
		text string
		want Bytes
	}{
		{"0", 0}, {"12", 12}, {"12B", 12}, {" 256 MiB ", 256 << 20}, {"1KiB", 1024}, {"2GiB", 2 << 30}, {"3kB", 3000}, {"3KB", 3000}, {"1MB", 1e6}, {"1GB", 1e9}, {"-1", -1},
	} {
		var b Bytes
		require.NoError(t, b.UnmarshalText([]byte(c.text)), c.text)
		require.Equal(t, c.want, b, c.text)
	}
	for _, text := range []string{"", "MiB", "1.5MiB", "twelve", "12mib", "9223372036854775807KiB", "-9223372036854775807KiB", "99999999999999999999"} {
		var b Bytes
		require.ErrorContains(t, b.UnmarshalText([]byte(text)), "is not a size", text)
	}
}

func TestBytes_TextReadsBack(t *testing.T) {
	require.Equal(t, "64MiB", Bytes(64<<20).String())
	require.Equal(t, "0B", Bytes(0).String())
	rapid.Check(t, func(t *rapid.T) {
		b := Bytes(rapid.Int64().Draw(t, "bytes"))
		text, err := b.MarshalText()
		require.NoError(t, err)
		var again Bytes
		require.NoError(t, again.UnmarshalText(text))
		require.Equal(t, b, again)
	})
}
