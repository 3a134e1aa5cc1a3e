package envelope

import (
	"encoding/json"
	"strconv"
)

// Append appends an envelope of header (a JSON object on one line; "{}" if empty) and items to dst. Each item gets its
// length, so that any payload survives; further members of Item.Header are kept, its type is replaced by Item.Type.
// What Append writes, Parse reads back.
func Append(dst, header []byte, items ...Item) []byte {
	if len(header) == 0 {
		header = []byte("{}")
	}
	dst = append(dst, header...)
	dst = append(dst, '\n')
	for _, it := range items {
		dst = append(dst, `{"type":`...)
		name, _ := json.Marshal(it.Type) // of a string: cannot fail
		dst = append(dst, name...)
		dst = append(dst, `,"length":`...)
		dst = strconv.AppendInt(dst, int64(len(it.Payload)), 10)
		dst = appendOthers(dst, it.Header)
		dst = append(dst, "}\n"...)
		dst = append(dst, it.Payload...)
		dst = append(dst, '\n')
	}
	return dst
}

// appendOthers appends the members of an item header that are neither its type nor its length.
func appendOthers(dst, header []byte) []byte {
	s := scanner{b: header, maxDepth: maxHeaderDepth}
	if s.space() != '{' {
		return dst
	}
	s.i++
	for {
		key, value, more, _ := s.member(0)
		if !more {
			return dst
		}
		if string(key) == "type" || string(key) == "length" {
			continue
		}
		dst = append(dst, ',', '"')
		dst = append(dst, key...)
		dst = append(dst, '"', ':')
		dst = append(dst, value...)
	}
}
