package issue

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"": "",
		`user 42 not found in "eu-west" after 1.5s`:             `user <num> not found in <str> after <num>s`,
		"can't read 'foo' of undefined":                         "can't read <str> of undefined",
		"Cannot read properties of null (reading 'foo')":        "Cannot read properties of null (reading <str>)",
		"connect ECONNREFUSED 127.0.0.1:5432":                   "connect ECONNREFUSED <ip>",
		"connect ECONNREFUSED ::1:5432":                         "connect ECONNREFUSED <ip>",
		"dial tcp [2001:db8::1]:443: refused":                   "dial tcp [<ip>]:<num>: refused",
		"ENOENT: no such file, open '/home/jane/x.txt'":         "ENOENT: no such file, open <str>",
		"open /home/jane/x.txt: no such file":                   "open <path>: no such file",
		`open C:\Users\jane\x.txt: denied`:                      `open <path>: denied`,
		"cannot find ./src/x or ../y.ts":                        "cannot find <path> or <path>",
		"no route for /api/users/42?x=1":                        "no route for <path>",
		"either/or and 1/2 stay a/b":                            "either/or and <num>/<num> stay a/b",
		"at 2026-11-21T19:57:00.123Z, on 2026/11/21":            "at <date>, on <date>",
		"at 2026-11-21 19:57:00+02:00 and 19:57:00":             "at <date> and <date>",
		"id 9f86d081-88f0-4c4a-8a5e-1b2c3d4e5f60 is gone":       "id <uuid> is gone",
		"address 0xc0001a2b, commit 3f9a1c2b":                   "address <hex>, commit <hex>",
		"mail jane.doe+x@example.co.uk bounced.":                "mail <email> bounced.",
		"GET http://localhost:3000/x?y=1, then (https://a.b/c)": "GET <url>, then (<url>)",
		"Payment of 49.5 failed, 10,000.50 left":                "Payment of <num> failed, <num> left",
		"retry -3 of +5, 1e9 and 1.5e-7":                        "retry <num> of <num>, <num> and <num>",
		"HTTP/2 with utf8, sha256 and ES2015":                   "HTTP/<num> with utf8, sha256 and <id>",
		"order-123, user_42, item#7":                            "order-<num>, user_<num>, item#<num>",
		"SKU10042 a1b2c3":                                       "<id> <id>",
		"assignment to entry in nil map":                        "assignment to entry in nil map",
		"index out of range [5] with length 3":                  "index out of range [<num>] with length <num>",
		"a  b\n\tc":                                             "a b c",
		`"an open quote and 'one' that closes`:                  `"an open quote and <str> that closes`,
		`he said “so” and ‘no’`:                                 `he said <str> and <str>`,
		`escaped "a\"b" end`:                                    `escaped <str> end`,
		"Überlänge größer 7":                                    "Überlänge größer <num>",
		"std::vector<int> and x::y":                             "std::vector<int> and x::y",
		"3rd try of 5GB":                                        "<num>rd try of <num>GB",
	} {
		text, parts := Normalise(in)
		require.Equal(t, want, text, in)
		checkParts(t, in, parts)
	}
}

func checkParts(t *testing.T, in string, parts []Part) {
	t.Helper()
	at := 0
	for _, p := range parts {
		require.GreaterOrEqual(t, p.Start, at)
		require.Greater(t, p.End, p.Start)
		require.LessOrEqual(t, p.End, len(in))
		require.NotEmpty(t, p.Kind)
		at = p.End
	}
}

// TestNormalise_Linear: what would make a naive reading quadratic costs no more than anything else.
func TestNormalise_Linear(t *testing.T) {
	for name, unit := range map[string]string{
		"quotes": `"`, "apostrophes": ` '`, "curly": "“", "slashes": "/", "dots": "./", "colons": "::", "hex": "a0", "digits": "1.",
		"dashes": "1-", "emails": "a@", "schemes": "a:/", "escapes": `"\`, "drives": `C:\`, "bytes": "\xff",
	} {
		start := time.Now()
		text, parts := Normalise(strings.Repeat(unit, 1<<20/len(unit)))
		require.Less(t, time.Since(start), time.Second, name)
		require.LessOrEqual(t, len(text), 8*maxMessage, name)
		require.LessOrEqual(t, len(parts), maxMessage, name)
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{
		"", `user 42 not found in "eu-west"`, "can't 'x' `y` “z”", "/a/b ./c C:\\d ~/e", "1.2.3.4:5 ::1 fe80::1%lo",
		"2026-11-21T19:57:00.123+02:00", "9f86d081-88f0-4c4a-8a5e-1b2c3d4e5f60 0xff 3f9a1c2b", "a@b.c http://x/y 1e-9 -3", "\xff\x00 ä",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		text, parts := Normalise(in)
		checkParts(t, in, parts)
		if len(text) > 8*min(len(in), maxMessage)+8 {
			t.Fatalf("%d bytes became %d", len(in), len(text))
		}
		if utf8.ValidString(in) && !utf8.ValidString(text) {
			t.Fatal("a character was cut")
		}
		if again, _ := Normalise(in); again != text {
			t.Fatal("not the same twice")
		}
	})
}

func BenchmarkNormalise(b *testing.B) {
	const message = `user 42 not found in "eu-west" after 1.5s: dial tcp 127.0.0.1:5432: connect: connection refused (attempt 2 of 3, ` +
		`request 9f86d081-88f0-4c4a-8a5e-1b2c3d4e5f60, file /srv/app/src/users.ts)`
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		if text, _ := Normalise(message); text == "" {
			b.Fatal("empty")
		}
	}
}
