package sentry

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTime(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`1795290000`, "2026-11-21T19:40:00Z"},
		{`1795290000.5`, "2026-11-21T19:40:00.5Z"},
		{`1795290000.123456789`, "2026-11-21T19:40:00.123456789Z"}, // a float64 would say ...123456716
		{`1795290000.1234567891`, "2026-11-21T19:40:00.123456789Z"},
		{`"1795290000.25"`, "2026-11-21T19:40:00.25Z"},
		{`1795290000123`, "2026-11-21T19:40:00.123Z"},
		{`1795290000123.5`, "2026-11-21T19:40:00.1235Z"},
		{`1795290000123456`, "2026-11-21T19:40:00.123456Z"},
		{`1795290000123456789`, "2026-11-21T19:40:00.123456789Z"},
		{`"2026-11-21T19:40:00Z"`, "2026-11-21T19:40:00Z"},
		{`"2026-11-21T19:40:00.123456789Z"`, "2026-11-21T19:40:00.123456789Z"}, // sentry-go
		{`"2026-11-21T19:40:00.123456Z"`, "2026-11-21T19:40:00.123456Z"},       // sentry_sdk
		{`"2026-11-21T19:40:00.54"`, "2026-11-21T19:40:00.54Z"},                // raven-go: no zone
		{`"2026-11-21T19:40:00"`, "2026-11-21T19:40:00Z"},                      // raven-node
		{`"2026-11-21 19:40:00"`, "2026-11-21T19:40:00Z"},
		{`"2026-11-21T20:40:00+01:00"`, "2026-11-21T19:40:00Z"},
		{`"2026-11-21T20:40:00.5+0100"`, "2026-11-21T19:40:00.5Z"},
		{`"2026-11-21T14:40:00-05"`, "2026-11-21T19:40:00Z"},
		{`"2026-11-21"`, "2026-11-21T00:00:00Z"},
		{`"2016-12-31T23:59:60Z"`, "2017-01-01T00:00:00Z"}, // a leap second
		{`1.795290000e9`, "2026-11-21T19:40:00Z"},

		{`null`, ""}, {`""`, ""}, {`"yesterday"`, ""}, {`-1`, ""}, {`0`, ""}, {`1e400`, ""}, {`1e20`, ""}, {`NaN`, ""}, {`true`, ""}, {`{}`, ""},
		{`"2026-13-45T99:99:99Z"`, ""}, {`"2026-02-30T00:00:00Z"`, ""}, {`"2026-11-21T19:40"`, ""}, {`"2026-11-21T19:40:00X"`, ""},
		{`"2026-11-21T19:40:00+1"`, ""}, {`"9999-12-31T23:59:59Z"`, ""}, {`"1969-12-31T23:59:59Z"`, ""}, {`99999999999999999999`, ""},
		{`"2026-11-21T19:40:00+01:00:00"`, ""}, {`"....-.........."`, ""},
	} {
		t.Run(c.in, func(t *testing.T) {
			r := getReader()
			defer r.release()
			ns, ok := r.parse([]byte(c.in)).time()
			got := ""
			if ok {
				got = time.Unix(0, ns).UTC().Format(time.RFC3339Nano)
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestTime_Exact: seconds with any number of digits come back to the nanosecond, as number and as text.
func TestTime_Exact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ns := rapid.Int64Range(1e18, 4e18).Draw(t, "ns")
		seconds := strconv.FormatInt(ns/1e9, 10) + "." + strings.TrimRight(strconv.FormatInt(1e9+ns%1e9, 10)[1:], "0")
		got, ok := parseUnix([]byte(seconds))
		require.True(t, ok)
		require.Equal(t, ns, got)
		zone := time.FixedZone("", rapid.IntRange(-14*60, 14*60).Draw(t, "minutes east")*60)
		got, ok = parseDateTime([]byte(time.Unix(0, ns).In(zone).Format(time.RFC3339Nano)))
		require.True(t, ok)
		require.Equal(t, ns, got)
	})
}
