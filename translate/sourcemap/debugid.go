package sourcemap

import (
	"bytes"
	"crypto/sha1" // #nosec G505 -- an identifier, not a signature; the algorithm is Sentry's
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// NormalizeID brings a debug ID into canonical form: lower case, 8-4-4-4-12. It takes upper case and 32 digits without
// dashes; ok is false for anything else (RFC 0081; debugid rules, section 1).
func NormalizeID(id string) (canonical string, ok bool) {
	id = strings.ToLower(strings.TrimSpace(id))
	digits := id
	if len(id) == 36 {
		if id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
			return "", false
		}
		digits = id[:8] + id[9:13] + id[14:18] + id[19:23] + id[24:]
	}
	if len(digits) != 32 {
		return "", false
	}
	if _, err := hex.DecodeString(digits); err != nil {
		return "", false
	}
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:], true
}

// DeriveID computes the debug ID that sentry-cli 3.8 gives to a script and its map: the first half of a SHA-1 over both
// with their lengths, marked as a version 5 UUID. A nil map means that there is none.
func DeriveID(script, sourceMap []byte) string {
	h := sha1.New() // #nosec G401
	if sourceMap == nil {
		_, _ = h.Write(script)
	} else {
		for _, part := range []struct {
			label string
			data  []byte
		}{{"js", script}, {"sourcemap", sourceMap}} {
			_, _ = h.Write([]byte(part.label))
			_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(part.data))))
			_, _ = h.Write(part.data)
		}
	}
	id := h.Sum(nil)[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	canonical, _ := NormalizeID(hex.EncodeToString(id))
	return canonical
}

const (
	debugIDComment = "//# debugId="
	debugIDMarker  = "sentry-dbid-" // of the bundler plugins' snippet, which minifiers rewrite but keep whole
)

// ScriptDebugID returns the debug ID a script carries: its last valid //# debugId= comment anywhere in the text, else the
// marker of Sentry's bundler plugins; "" when it has neither.
func ScriptDebugID(script []byte) string {
	if id := lastID(script, debugIDComment); id != "" {
		return id
	}
	return lastID(script, debugIDMarker)
}

func lastID(script []byte, mark string) string {
	for rest := script; ; {
		i := bytes.LastIndex(rest, []byte(mark))
		if i < 0 {
			return ""
		}
		value := bytes.TrimLeft(script[i+len(mark):], " ")
		if end := bytes.IndexAny(value, " \t\r\n\"'`;"); end >= 0 {
			value = value[:end]
		}
		if len(value) > 36 {
			value = value[:36]
		}
		if id, ok := NormalizeID(string(value)); ok {
			return id
		}
		rest = rest[:i]
	}
}

// SourceMappingURL returns the value of the last sourceMappingURL comment of a script, up to white space; "" when it has
// none. //@ is the old spelling.
func SourceMappingURL(script []byte) string {
	rest := script
	for {
		i := bytes.LastIndex(rest, []byte("sourceMappingURL="))
		if i < 0 {
			return ""
		}
		before := rest[:i]
		if bytes.HasSuffix(before, []byte("//# ")) || bytes.HasSuffix(before, []byte("//@ ")) ||
			bytes.HasSuffix(before, []byte("/*# ")) || bytes.HasSuffix(before, []byte("/*@ ")) {
			value := script[i+len("sourceMappingURL="):]
			if end := bytes.IndexAny(value, " \t\r\n"); end >= 0 {
				value = value[:end]
			}
			return string(value)
		}
		rest = before
	}
}

// EndsWithMappingURL reports whether nothing but comments follows the last sourceMappingURL comment. Bundles that have no
// map of their own often hold the comments of packages they were made of.
func EndsWithMappingURL(script []byte) bool {
	_, rest, _ := bytes.Cut(script[max(0, bytes.LastIndex(script, []byte("sourceMappingURL="))):], []byte("\n"))
	for line := range bytes.Lines(rest) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) && !bytes.HasPrefix(line, []byte("/*")) {
			return false
		}
	}
	return true
}

// MapDebugID finds the debug ID of a map without parsing it, for scanning many: it is the last member named debugId or
// debug_id whose value is an ID; "" when there is none. Text inside sources cannot be mistaken for one, because its quotes
// are escaped.
func MapDebugID(sourceMap []byte) string {
	for _, key := range []string{`"debugId"`, `"debug_id"`} {
		for rest := sourceMap; ; {
			i := bytes.LastIndex(rest, []byte(key))
			if i < 0 {
				break
			}
			value, isMember := bytes.CutPrefix(bytes.TrimLeft(sourceMap[i+len(key):], " \t\r\n"), []byte(":"))
			value, isText := bytes.CutPrefix(bytes.TrimLeft(value, " \t\r\n"), []byte(`"`))
			if end := bytes.IndexByte(value[:min(len(value), 64)], '"'); isMember && isText && end >= 0 {
				if id, ok := NormalizeID(string(value[:end])); ok {
					return id
				}
			}
			rest = rest[:i]
		}
	}
	return ""
}
