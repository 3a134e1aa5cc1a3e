package sourcemap

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// field is a member of a JSON object whose value is kept as it was written.
type field struct {
	key   string
	value json.RawMessage
}

// readObject cuts a JSON object into its members, in their order.
func readObject(raw []byte) ([]field, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("source map: not a JSON object (%w)", orNot(err))
	}
	var fields []field
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("source map: %w", err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, fmt.Errorf("source map: %w", err)
		}
		fields = append(fields, field{key.(string), value})
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("source map: %w", err)
	}
	return fields, nil
}

var errOther = errors.New("another kind of value")

func orNot(err error) error {
	if err == nil {
		return errOther
	}
	return err
}

func readArray(raw []byte) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("source map: %w", err)
	}
	return list, nil
}

func writeObject(fields []field) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		key, _ := json.Marshal(f.key)
		b.Write(key)
		b.WriteByte(':')
		b.Write(f.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func writeArray(list []json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, v := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(v)
	}
	b.WriteByte(']')
	return b.Bytes()
}

// sectionLine returns the generated line on which a section of an indexed map begins; 0 when its offset does not say.
func sectionLine(fields []field) (int, error) {
	for _, f := range fields {
		if f.key != "offset" {
			continue
		}
		offset, err := readObject(f.value)
		if err != nil {
			return 0, fmt.Errorf("offset: %w", err)
		}
		line := 0
		for _, m := range offset {
			if m.key == "line" {
				line, _ = strconv.Atoi(string(m.value))
			}
		}
		return line, nil
	}
	return 0, errors.New("no offset")
}

// movedOffset returns an offset with another line.
func movedOffset(raw json.RawMessage, line int) json.RawMessage {
	fields, err := readObject(raw)
	if err != nil {
		return raw
	}
	value, set := json.RawMessage(strconv.Itoa(line)), false
	for i := range fields {
		if fields[i].key == "line" {
			fields[i].value, set = value, true
		}
	}
	if !set {
		fields = append(fields, field{"line", value})
	}
	return writeObject(fields)
}
