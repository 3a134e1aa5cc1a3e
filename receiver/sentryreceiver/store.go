package sentryreceiver

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// pixel is the answer to GET /store/: a transparent GIF of one pixel, for the image tag that asked for it.
var pixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

const notEvent = "the body is no event: JSON, or base64 of JSON or of compressed JSON, is taken"

// store takes one event, as SDKs before envelopes send it: JSON, base64(JSON) or base64(zlib(JSON)); in the query where an
// image tag sends it. Under the content type of envelopes it takes an envelope.
func (s *server) store(c *call) answer {
	if c.Method == http.MethodPost {
		if strings.HasPrefix(c.Header.Get("Content-Type"), "application/x-sentry-envelope") {
			return s.envelope(c)
		}
		if err := s.whole(c, true); err != nil {
			return failed(err)
		}
		id, err := s.takeEvent(c, c.body.data)
		if err != nil {
			return failed(err)
		}
		return accepted(id)
	}
	// A plus sign of base64 that nobody escaped has become a blank.
	data := strings.ReplaceAll(c.query().Get("sentry_data"), " ", "+")
	if strings.HasPrefix(data, "{") {
		data = c.query().Get("sentry_data")
	}
	if data == "" {
		return failed(badRequest(reasonNotEvent, "no event: GET needs it in the query, as sentry_data"))
	}
	if _, err := s.takeEvent(c, []byte(data)); err != nil {
		return failed(err)
	}
	return answer{status: http.StatusOK, contentType: "image/gif", body: pixel}
}

// takeEvent takes the body of /store/. The type of the item is the type in the payload: old SDKs send transactions here.
func (s *server) takeEvent(c *call, data []byte) (eventID string, err error) {
	payload, err := s.unwrapped(data)
	if err != nil {
		return "", err
	}
	it := envelope.Item{Type: "event", Header: []byte(`{"type":"event"}`), Payload: payload}
	if kind, _ := envelope.Text(payload, "type"); kind == "transaction" || kind == "feedback" {
		it.Type, it.Header = kind, []byte(`{"type":"`+kind+`"}`)
	}
	return s.take(c, &envelope.Envelope{Header: []byte("{}"), Items: []envelope.Item{it}})
}

// unwrapped undoes what SDKs wrap an event in: nothing, base64, or base64 around zlib or gzip.
func (s *server) unwrapped(data []byte) ([]byte, error) {
	data = trimmed(data)
	if isObject(data) {
		return data, nil
	}
	data = bytes.TrimPrefix(data, []byte("sentry_data=")) // raven-js, as a form
	plain, err := fromBase64(data)
	if err != nil {
		return nil, badRequest(reasonNotEvent, notEvent).because("%v", err)
	}
	if magic(plain) != "" {
		if plain, err = inflate(plain, s.bodies.max); err != nil {
			return nil, err
		}
	}
	if plain = trimmed(plain); !isObject(plain) {
		return nil, badRequest(reasonNotEvent, notEvent)
	}
	return plain, nil
}

func trimmed(data []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
}

func isObject(data []byte) bool { return len(data) > 0 && data[0] == '{' }

// fromBase64 decodes either alphabet, padded or not, with line breaks anywhere.
func fromBase64(data []byte) ([]byte, error) {
	clean := bytes.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', ' ', '\t', '=':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, data)
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(out, clean)
	return out[:n], err
}

// inflate decompresses data that is in memory, up to most bytes.
func inflate(data []byte, most int64) ([]byte, error) {
	r, done, err := inflated(bufio.NewReader(bytes.NewReader(data)), "", true)
	defer done()
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case int64(len(out)) > most:
		return nil, refuse(http.StatusRequestEntityTooLarge, reasonTooLarge, "the body is too large").because("over %s after decompression (limits::max_envelope_bytes)", bytesize.Bytes(most))
	case err != nil:
		return nil, badRequest(reasonCutOff, "the body ended early").because("%v", err)
	}
	return out, nil
}

// quoted is s as JSON.
func quoted(s string) []byte {
	b, _ := json.Marshal(s) // of a string: cannot fail
	return b
}
