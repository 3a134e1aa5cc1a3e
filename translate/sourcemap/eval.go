package sourcemap

import (
	"bytes"
	"encoding/json"
	"strings"
)

// webpack's eval devtools, and rspack's, put every module into the bundle as a text that is run by eval, with a comment
// that names it and, but for devtool "eval", its own map:
//
//	eval("function total(lines) {...}//# sourceURL=[module]\n//# sourceMappingURL=data:application/json;base64,...\n//# sourceURL=webpack-internal:///./src/cart.ts\n");
//
// Stack traces name the module as the comment does; devtool "eval" names it webpack://app/./src/cart.ts? with the hash of
// the module, if any, behind the question mark.

// IsEvaluated reports whether a file of a stack trace is a module that webpack runs by eval.
func IsEvaluated(file string) bool {
	return strings.HasPrefix(file, "webpack-internal:") || strings.HasPrefix(file, "webpack://") && strings.Contains(file, "?")
}

// EvaluatedModule returns the code of a module that a bundle runs by eval: the text given to eval, in which the lines and
// columns of stack traces count.
func EvaluatedModule(bundle []byte, file string) (code []byte, ok bool) {
	mark := []byte("sourceURL=" + file)
	for rest := bundle; ; {
		i := bytes.LastIndex(rest, mark)
		if i < 0 {
			return nil, false
		}
		if after := bundle[i+len(mark):]; len(after) > 0 && (after[0] == '\\' || after[0] == '"') {
			if code, ok = evalText(bundle, i); ok {
				return code, true
			}
		}
		rest = rest[:i]
	}
}

// evalText decodes the text literal around bundle[at]. A quote inside it is escaped, so that the last one after a bracket
// begins it: eval(", or with trusted types eval(__webpack_require__.ts(".
func evalText(bundle []byte, at int) (code []byte, ok bool) {
	start := bytes.LastIndex(bundle[:at], []byte(`("`))
	if start < 0 {
		return nil, false
	}
	if before := bytes.TrimRight(bundle[max(0, start-64):start], " "); !bytes.HasSuffix(before, []byte("eval")) && !bytes.HasSuffix(before, []byte(".ts")) {
		return nil, false
	}
	start++
	end := at
	for end < len(bundle) && bundle[end] != '"' {
		if bundle[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(bundle) {
		return nil, false
	}
	var text string
	if err := json.Unmarshal(bundle[start:end+1], &text); err != nil { // webpack writes it by JSON.stringify
		return nil, false
	}
	return []byte(text), true
}
