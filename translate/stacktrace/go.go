package stacktrace

import (
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseGo reads the dump of a panic, of runtime/debug.Stack and of the OpenTelemetry SDK (the first goroutine is the one
// that failed; the others stay in the raw text), and what %+v prints of an error of github.com/pkg/errors:
//
//	panic: runtime error: index out of range [5] with length 3      open prices: no such file
//	                                                                main.read
//	goroutine 1 [running]:                                          	/srv/shop/main.go:12
//	main.load(...)                                                  loading failed
//	        /srv/shop/main.go:18                                    main.load
//	created by main.main in goroutine 1                             	/srv/shop/main.go:20
//	        /srv/shop/main.go:26 +0x1ba
//
// pkg/errors prints the innermost error first.
func parseGo(lines []line) *node {
	dump := slices.IndexFunc(lines, func(l line) bool { return strings.HasPrefix(l.body, "goroutine ") && strings.HasSuffix(l.body, "]:") })
	if dump >= 0 {
		root := goPanic(lines[:dump])
		end := dump + 1
		for end < len(lines) && lines[end].body != "" {
			end++
		}
		root.frames, _ = goFrames(lines[dump+1 : end])
		return root
	}
	var nodes []*node
	for len(lines) > 0 {
		frames, at := goFrames(lines)
		if len(frames) == 0 {
			break
		}
		n := &node{frames: frames}
		n.value = strings.TrimSpace(joined(lines[:at.first]))
		nodes = append(nodes, n)
		lines = lines[at.after:]
	}
	return chain(nodes, sourceCause)
}

// goPanic reads what stands above the first goroutine. A panic while panicking prints both, the first one first.
func goPanic(lines []line) *node {
	var nodes []*node
	var last *node
	for _, l := range lines {
		kind, message, ok := "panic", "", false
		if message, ok = strings.CutPrefix(l.body, "panic: "); !ok {
			if message, ok = strings.CutPrefix(l.body, "fatal error: "); ok {
				kind = "fatal error"
			}
		}
		switch {
		case ok:
			for _, suffix := range [...]string{" [recovered, repanicked]", " [recovered]"} {
				message = strings.TrimSuffix(message, suffix)
			}
			last = &node{typ: kind, value: message}
			nodes = append(nodes, last)
		case l.body == "runtime stack:": // the fault is the runtime's own; frames follow
			return goChain(nodes)
		case last == nil || l.body == "" || strings.HasPrefix(l.body, "[signal "):
		default:
			last.value += "\n" + l.text
		}
	}
	return goChain(nodes)
}

func goChain(nodes []*node) *node {
	if root := chain(nodes, sourceCause); root != nil {
		return root
	}
	return &node{}
}

// goSpan says where in some lines frames stand.
type goSpan struct{ first, after int }

// goFrames reads the first run of frames: pairs of a line with a function and an indented one with a position.
func goFrames(lines []line) (frames []model.Frame, at goSpan) {
	for i := 0; i < len(lines); i++ {
		var f model.Frame
		ok := false
		if i+1 < len(lines) && lines[i].indent == 0 && lines[i+1].indent > 0 {
			f, ok = goFrame(lines[i].body, lines[i+1].body)
		}
		switch {
		case ok:
			if len(frames) == 0 {
				at.first = i
			}
			frames = append(frames, f)
			i++
			at.after = i + 1
		case len(frames) > 0 && strings.HasPrefix(lines[i].body, "...") && strings.HasSuffix(lines[i].body, "elided..."):
			at.after = i + 1
		case len(frames) > 0:
			return frames, at
		}
	}
	return frames, at
}

// goFrame reads "main.(*Shop).Price({0x4b, 0x2}, ...)" and "/srv/shop/main.go:18 +0x6e".
func goFrame(call, place string) (model.Frame, bool) {
	if i := strings.LastIndex(place, " +0x"); i >= 0 {
		place = place[:i]
	}
	path, row, _, ok := cutPosition(place)
	if !ok || path == "" || strings.ContainsAny(path, "\t()") {
		return model.Frame{}, false
	}
	call, created := strings.CutPrefix(call, "created by ")
	if created {
		call, _, _ = strings.Cut(call, " in goroutine ")
	} else if strings.HasSuffix(call, ")") {
		call = call[:openBracket(call)]
	}
	if call == "" || strings.Contains(call, " ") {
		return model.Frame{}, false
	}
	f := model.Frame{Filename: path, Line: row}
	f.Module, f.Function = splitGoName(call)
	if isAbsolute(path) {
		f.AbsPath = path
	}
	f.InApp = new(goInApp(f.Module, path))
	return f, true
}

// openBracket returns the position of the bracket that the last character of s closes, len(s) if there is none.
func openBracket(s string) int {
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// splitGoName splits example.com/shop/prices.(*Cache[...]).Get into package and function. Dots in the last part of an
// import path are written %2e.
func splitGoName(name string) (pkg, function string) {
	end := len(name)
	if i := strings.IndexByte(name, '['); i >= 0 { // type arguments may hold slashes
		end = i
	}
	slash := strings.LastIndexByte(name[:end], '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return "", name
	}
	return strings.ReplaceAll(name[:slash+dot], "%2e", "."), name[slash+dot+1:]
}

// goStandard are the first parts of the import paths of the standard library.
var goStandard = [...]string{
	"archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed", "encoding", "errors",
	"expvar", "flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os",
	"path", "plugin", "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing",
	"text", "time", "unicode", "unique", "unsafe", "vendor", "weak", "",
}

// goInApp: not the standard library, not the module cache, not vendored code.
func goInApp(pkg, path string) bool {
	if strings.Contains(path, "/pkg/mod/") || strings.Contains(path, "/vendor/") || strings.Contains(path, "@v") {
		return false
	}
	first, _, _ := strings.Cut(pkg, "/")
	if !slices.Contains(goStandard[:], first) {
		return true
	}
	// A module may be called like a package of the standard library: its files are elsewhere.
	return isAbsolute(path) && !strings.Contains(path, "/src/"+pkg+"/") && pkg != ""
}
