package envelope

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// picture draws an envelope in one line per item: type, payload, and the marks "salvaged" and "open".
func picture(e Envelope) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", e.Header)
	for i, it := range e.Items {
		fmt.Fprintf(&b, " | %s %q", it.Type, it.Payload)
		if it.Salvaged {
			b.WriteString(" salvaged")
		}
		if e.Open && i == len(e.Items)-1 {
			b.WriteString(" open")
		}
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"header only", `{}`, `{}`},
		{"header and line break", "{\"a\":1}\n", `{"a":1}`},
		{"no length", "{}\n{\"type\":\"event\"}\n{\"m\":1}\n", `{} | event "{\"m\":1}"`},
		{"no length, no line break at the end", "{}\n{\"type\":\"event\"}\n{}", `{} | event "{}" open`},
		{"length", "{}\n{\"type\":\"attachment\",\"length\":5}\na\nb\nc\n{\"type\":\"session\"}\n{}\n", `{} | attachment "a\nb\nc" | session "{}"`},
		{"length to the end", "{}\n{\"type\":\"attachment\",\"length\":3}\nabc", `{} | attachment "abc"`},
		{"length 0, empty line", "{}\n{\"type\":\"attachment\",\"length\":0}\n\n{\"type\":\"event\"}\n{}\n", `{} | attachment "" | event "{}"`},
		{"length 0 at the end", "{}\n{\"type\":\"attachment\",\"length\":0}", `{} | attachment ""`},
		{"length 0, no empty line", "{}\n{\"type\":\"attachment\",\"length\":0}\n{\"type\":\"event\"}\n{}\n", `{} | attachment "" | event "{}"`},
		{"carriage return of a payload stays", "{}\n{\"type\":\"event\"}\n{}\r\n", `{} | event "{}\r"`},
		{"future type", "{}\n{\"type\":\"quantum_state\"}\n{}\n", `{} | quantum_state "{}"`},
		{"escaped type", "{}\n{\"type\":\"qu\\u0061ntum\"}\n{}\n", `{} | quantum "{}"`},
		{"repeated key", "{}\n{\"type\":\"event\",\"type\":\"session\"}\n{}\n", `{} | session "{}"`},

		// tolerated without a word
		{"byte order mark", "\ufeff{}\n{\"type\":\"event\"}\n{}\n", `{} | event "{}"`},
		{"blank lines", "\n {} \r\n\n{\"type\":\"event\"} \t\r\n{}\n\n\r\n{\"type\":\"session\"}\n{}\n\n\n", `{} | event "{}" | session "{}"`},
		{"header on several lines", "{\n  \"a\": 1\n}\n{\n  \"type\": \"event\",\n  \"length\": 2\n}\n{}\n", "{\n  \"a\": 1\n} | event \"{}\""},
		{"length as text", "{}\n{\"type\":\"attachment\",\"length\":\"3\"}\na\nb\n", `{} | attachment "a\nb"`},
		{"length as float", "{}\n{\"type\":\"attachment\",\"length\":3.0}\na\nb\n", `{} | attachment "a\nb"`},
		{"length null", "{}\n{\"type\":\"event\",\"length\":null}\n{}\n", `{} | event "{}"`},
		{"CRLF after a payload with length", "{}\r\n{\"type\":\"event\",\"length\":2}\r\n{}\r\n{\"type\":\"session\",\"length\":2}\r\n{}\r\n", `{} | event "{}" | session "{}"`},

		// repaired
		{"length negative", "{}\n{\"type\":\"event\",\"length\":-5}\n{}\n", `{} | event "{}" salvaged`},
		{"length no number", "{}\n{\"type\":\"event\",\"length\":[1]}\n{}\n", `{} | event "{}" salvaged`},
		{"length a fraction", "{}\n{\"type\":\"event\",\"length\":1.5}\n{}\n", `{} | event "{}" salvaged`},
		{"length past the end", "{}\n{\"type\":\"event\",\"length\":999}\n{\"m\":1}\n", `{} | event "{\"m\":1}" salvaged open`},
		{"length past the end, more items", "{}\n{\"type\":\"event\",\"length\":999}\n{\"m\":1}\n{\"type\":\"session\"}\n{}\n", `{} | event "{\"m\":1}" salvaged | session "{}"`},
		{"length past the end, binary", "{}\n{\"type\":\"attachment\",\"length\":999}\n\x00\n\x01\n\n\x02", `{} | attachment "\x00\n\x01\n\n\x02" salvaged open`},
		{"length overflows", "{}\n{\"type\":\"attachment\",\"length\":99999999999999999999999}\nabc\n", `{} | attachment "abc" salvaged open`},
		{"length too short", "{}\n{\"type\":\"event\",\"length\":3}\n{\"m\":1}\n{\"type\":\"future\",\"length\":2}\n{}\n", `{} | event "{\"m\":1}" salvaged | future "{}"`},
		{"length too short, binary", "{}\n{\"type\":\"attachment\",\"length\":3}\na\nbc\nd\n{\"type\":\"session\"}\n{}\n", `{} | attachment "a\nbc\nd" salvaged | session "{}"`},
		{"length of the wrong kind of character", "{}\n{\"type\":\"event\",\"length\":9}\n{\"m\":\"äö\"}\n{\"type\":\"session\"}\n{}\n", `{} | event "{\"m\":\"äö\"}" salvaged | session "{}"`},
		{"length into the next item", "{}\n{\"type\":\"event\",\"length\":11}\n{\"m\":1}\n{\"type\":\"session\"}\n{}\n", `{} | event "{\"m\":1}" salvaged | session "{}"`},
		{"no type", "{}\n{\"length\":2}\n{}\n{\"type\":\"event\"}\n{}\n", `{} | unknown "{}" salvaged | event "{}"`},
		{"neither type nor length", "{}\n{\"a\":1}\n{}\n{\"type\":\"event\"}\n{}\n", `{} | event "{}" salvaged`},
		{"junk between items", "{}\n{\"type\":\"event\"}\n{}\ntype=event\n{\"type\":\"session\"}\n{}\n", `{} | event "{}" | session "{}" salvaged`},
		{"junk that looks like a future type", "{}\n{\"type\":\"event\",\"length\":2}\n{}\njunk\n{\"type\":\"future\"}\n{\"type\":\"session\"}\n{}\n", `{} | event "{}" | session "{}" salvaged`},
		{"junk at the end", "{}\n{\"type\":\"event\",\"length\":2}\n{}\njunk", `{} | event "{}"`},
		{"line breaks in text without length", "{}\n{\"type\":\"attachment\"}\none\ntwo\n{\"type\":\"session\"}\n{}\n", `{} | attachment "one\ntwo" salvaged | session "{}"`},
		{"line breaks in JSON without length", "{}\n{\"type\":\"event\"}\n{\n \"m\": 1\n}\n{\"type\":\"session\"}\n{}\n", `{} | event "{\n \"m\": 1\n}" salvaged | session "{}"`},
		{"payload on the line of its header", "{}\n{\"type\":\"event\"}{\"m\":1}\n", `{} | event "{\"m\":1}" salvaged`},
		{"junk on the line of the header", "{} x\n{\"type\":\"event\"} x\n{\"m\":1}\n", `{} | event "{\"m\":1}" salvaged`},
		{"a log of envelopes, without length", "{}\n{\"type\":\"attachment\"}\na\nb\n{\"type\":\"session\"}\n{\"type\":\"session\",\"length\":2}\n{}\n", `{} | attachment "a\nb\n{\"type\":\"session\"}" salvaged | session "{}"`},
		{"payload of a transaction is no header", "{}\ntype=transaction\n{\"type\":\"transaction\",\"event_id\":\"a\"}\n{\"type\":\"session\"}\n{}\n", `{} | session "{}" salvaged`},
		{"no envelope header", "{\"type\":\"event\"}\n{\"m\":1}\n", `{} | event "{\"m\":1}"`},
		{"envelope header is junk", "hello\n{\"type\":\"event\"}\n{\"m\":1}\n", `{} | event "{\"m\":1}" salvaged`},
		{"header cut off", "{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"sess", `{} | event "{}"`},
		{"payload cut off", "{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"session\"}\n", `{} | event "{}" | session "" open`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := Parse([]byte(c.in), Limits{})
			require.NoError(t, err)
			require.Equal(t, c.want, picture(e))
			for _, it := range e.Items {
				require.True(t, it.Salvaged || len(it.Warnings) == 0, "a warning without the mark: %v", it.Warnings)
			}
		})
	}
}

func TestParse_Nothing(t *testing.T) {
	for _, c := range []struct {
		in   string
		want error
	}{
		{"", ErrEmpty}, {" \r\n\n", ErrEmpty}, {"\ufeff", ErrEmpty},
		{"hello", ErrNotEnvelope}, {"[]\n[]\n", ErrNotEnvelope}, {"{\"a\":\n", ErrNotEnvelope},
		{"{\"a\":1,}", ErrNotEnvelope}, {"{a:1}", ErrNotEnvelope}, {"\x1f\x8b\x08", ErrNotEnvelope},
	} {
		_, err := Parse([]byte(c.in), Limits{})
		require.ErrorIs(t, err, c.want, "%q", c.in)
	}
}

func TestParse_Warnings(t *testing.T) {
	e, err := Parse([]byte("hello\n{\"type\":\"event\",\"length\":3}\n{\"m\":1}\n{\"type\":\"session\"}\n{}\nx\ny\n{\"type\":\"attachment\",\"length\":9}\nabc"), Limits{})
	require.NoError(t, err)
	require.Equal(t, []string{
		"the envelope header is not a JSON object; skipped",
		"skipped 4 bytes between items that are no item header (1 times)",
	}, e.Warnings)
	require.Equal(t, []string{"no line break after the 3 bytes of length; took 7"}, e.Items[0].Warnings)
	require.Equal(t, []string{"length 9 but only 3 bytes left; took 3"}, e.Items[2].Warnings)
}

func TestParse_Limits(t *testing.T) {
	body := []byte("{}\n" + strings.Repeat("{\"type\":\"event\"}\n{}\n", 5))
	e, err := Parse(body, Limits{MaxItems: 3})
	require.NoError(t, err)
	require.Len(t, e.Items, 3)
	require.Equal(t, 2, e.Left)
	require.Equal(t, []string{"more than 3 items; left out 2"}, e.Warnings)

	long := []byte(`{"a":"` + strings.Repeat("x", 200) + "\"}\n{\"type\":\"event\"}\n{}\n")
	e, err = Parse(long, Limits{MaxHeader: 100})
	require.NoError(t, err)
	require.Equal(t, `{} | event "{}" salvaged`, picture(e))
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		object, key, want string
		ok                bool
	}{
		{`{"dsn":"http://k@h/1","type":"event"}`, "dsn", "http://k@h/1", true},
		{` { "a" : {"dsn":"inner"} , "dsn" : "x\u0041\n" } `, "dsn", "xA\n", true},
		{`{"v":NaN,"type":"transaction"}`, "type", "transaction", true}, // old Python SDKs write NaN
		{`{"type":"a","type":"b"}`, "type", "b", true},
		{`{"type":5}`, "type", "", false},
		{`{"type":"a`, "type", "", false},
		{`{"type":"early","x":`, "type", "early", true},
		{`[]`, "type", "", false},
		{``, "type", "", false},
		{"{\"type\":\"\xff\"}", "type", "\uFFFD", true},
	} {
		got, ok := Text([]byte(c.object), c.key)
		require.Equal(t, c.ok, ok, c.object)
		require.Equal(t, c.want, got, c.object)
	}
}

func TestAppend(t *testing.T) {
	out := Append(nil, nil,
		Item{Type: "event", Payload: []byte("{}")},
		Item{Type: "attachment", Header: []byte(`{"filename":"a\nb","length":9,"type":"x","n":{"m":[1]}}`), Payload: []byte("\n\x00\n")})
	require.Equal(t, "{}\n{\"type\":\"event\",\"length\":2}\n{}\n{\"type\":\"attachment\",\"length\":3,\"filename\":\"a\\nb\",\"n\":{\"m\":[1]}}\n\n\x00\n\n", string(out))
}

func TestAppend_ParseReadsItBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Item {
			return Item{
				Type:    rapid.OneOf(rapid.SampledFrom([]string{"event", "attachment", "log", "quantum"}), rapid.StringN(1, 20, -1)).Draw(t, "type"),
				Payload: rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.SampledFrom([][]byte{[]byte("\n"), []byte("{\"type\":\"event\"}\n{}"), []byte(" \r\n")})).Draw(t, "payload"),
			}
		}), 0, 8).Draw(t, "items")
		body := Append(nil, []byte(`{"dsn":"x"}`), items...)
		e, err := Parse(body, Limits{})
		require.NoError(t, err)
		require.Equal(t, `{"dsn":"x"}`, string(e.Header))
		require.Empty(t, e.Warnings)
		require.Len(t, e.Items, len(items))
		for i, it := range e.Items {
			require.Equal(t, items[i].Type, it.Type)
			require.True(t, bytes.Equal(items[i].Payload, it.Payload))
			require.False(t, it.Salvaged)
		}
		require.Equal(t, body, Append(nil, e.Header, e.Items...), "what was read writes the same")
	})
}

// inside reports whether part is a sub-slice of whole.
func inside(whole, part []byte) bool {
	if len(part) == 0 {
		return true
	}
	w, p := uintptr(unsafe.Pointer(unsafe.SliceData(whole))), uintptr(unsafe.Pointer(unsafe.SliceData(part)))
	return p >= w && p+uintptr(len(part)) <= w+uintptr(len(whole))
}

func FuzzParse(f *testing.F) {
	for _, s := range testkit.Corpus(f) {
		for _, r := range s.Requests {
			if len(r.Body) < 4<<10 && r.Header.Get("Content-Encoding") == "" {
				f.Add(r.Body)
			}
		}
	}
	for _, c := range testkit.CorpusBad(f) {
		if len(c.Body) < 4<<10 {
			f.Add(c.Body)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		e, err := Parse(body, Limits{MaxItems: 100})
		require.Equal(t, before, body, "the input is never written")
		if err != nil {
			require.Empty(t, e.Items)
			return
		}
		require.True(t, string(e.Header) == "{}" || inside(body, e.Header))
		require.LessOrEqual(t, len(e.Items), 100)
		total := 0
		for _, it := range e.Items {
			require.True(t, inside(body, it.Header) && inside(body, it.Payload))
			require.NotEmpty(t, it.Type)
			require.Equal(t, len(it.Payload), cap(it.Payload))
			require.LessOrEqual(t, len(it.Warnings), 4)
			total += len(it.Header) + len(it.Payload)
		}
		require.LessOrEqual(t, total, len(body), "items do not overlap")
		require.LessOrEqual(t, len(e.Warnings), 4)

		// What was salvaged is sound: written again it reads back without repairs.
		again, err := Parse(Append(nil, []byte("{}"), e.Items...), Limits{MaxItems: 100})
		require.NoError(t, err)
		require.Len(t, again.Items, len(e.Items))
		for i, it := range again.Items {
			require.False(t, it.Salvaged)
			require.True(t, bytes.Equal(e.Items[i].Payload, it.Payload))
			require.Equal(t, e.Items[i].Type, it.Type)
		}
	})
}
