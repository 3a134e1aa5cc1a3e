package issue

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// libraries are parts of paths that only code of others has. They win over in_app, which old SDKs say of everything
// (sentry_sdk 1.9: true for /usr/lib/python3.11/threading.py), so that all reporters of a stack count the same frames.
var libraries = [...]string{
	"/node_modules/", "/site-packages/", "/dist-packages/", "/go/pkg/mod/", "/usr/local/go/src/", "/usr/lib/",
	"/usr/local/lib/", "/gems/", "/vendor/bundle/", "/.cargo/registry/", "/rustc/", "/lib/python3.", "/.pnpm/",
}

// own reports whether a frame is in the user's own code. Where nobody says, it is unless its path speaks against it.
func own(f *model.Frame) bool {
	if f.InApp != nil && !*f.InApp {
		return false
	}
	path := pathOf(f)
	if strings.HasPrefix(path, "node:") || strings.HasPrefix(path, "<") || strings.HasPrefix(path, "internal/") {
		return false
	}
	if strings.IndexByte(path, '\\') >= 0 {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	for _, part := range libraries {
		if strings.Contains(path, part) {
			return false
		}
	}
	return f.InApp != nil || path != "" || f.Module != ""
}

// pathOf returns the most complete path of a frame.
func pathOf(f *model.Frame) string {
	if f.AbsPath != "" {
		return f.AbsPath
	}
	return f.Filename
}

// fileName returns what counts of the place of a frame: the last three parts of its path, below the home directory,
// without what a build or a deployment puts in, or its module where there is no path (Java: com.acme.Shop). Three parts
// keep the page.tsx of two routes apart, and are the same in a container and beside it.
func fileName(f *model.Frame) string {
	path := pathOf(f)
	if !strings.ContainsAny(path, `/\`) && strings.IndexByte(f.Module, '.') > 0 {
		return moduleName(f.Module)
	}
	if path == "" {
		return moduleName(f.Module)
	}
	parts := lastParts(path)
	for i, p := range parts {
		if i == len(parts)-1 {
			parts[i] = bundleName(p)
		} else if varies(p) {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

const keptParts = 3

func lastParts(path string) []string {
	parts := pathParts(path)
	return parts[max(0, len(parts)-keptParts):]
}

// moduleName drops what a runtime adds to the names of classes it makes: Shop$$EnhancerBySpringCGLIB$$1f2e3d.
func moduleName(module string) string {
	if i := strings.Index(module, "$$"); i > 0 {
		return module[:i]
	}
	return module
}

// functionName returns the name of a function without what a compiler or a runtime put in: empty when it has none.
func functionName(f *model.Frame) string {
	name := strings.TrimSpace(f.Function)
	name = strings.TrimPrefix(name, "async ")
	if i := strings.Index(name, " [as "); i > 0 { // V8: Layer.handle [as handle_request]
		name = name[:i]
	}
	if i := strings.Index(name, "::h"); i > 0 && len(name)-i == len("::h")+16 { // Rust's hash
		name = name[:i]
	}
	if i := strings.Index(name, "$$"); i > 0 {
		name = name[:i]
	}
	if i := strings.IndexByte(name, '('); i > 0 && strings.HasSuffix(name, ")") { // a signature: C#, PHP
		name = name[:i]
	}
	name = withoutNumbers(name)
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch last {
	case "", "?", "<anonymous>", "anonymous", "(anonymous)", "<unknown>", "unknown", "<lambda>", "{closure}", "<module>",
		"<main>", "eval", "global code", "Anonymous function", "anonymous function":
		return ""
	}
	if isScript(pathOf(f)) && len(last) <= minified {
		return ""
	}
	return name
}

// minified is how long a name in a script may be to be one that a minifier gave.
const minified = 2

// withoutNumbers drops the counters that compilers give to functions without a name: main.func2.1 is a closure in main,
// lambda$run$0 one in run. Adding another closure before it must not make another issue.
func withoutNumbers(name string) string {
	for {
		cut := strings.TrimRight(name, "0123456789")
		if cut == name {
			return name
		}
		switch {
		case cut == "":
			return ""
		case strings.HasSuffix(cut, ".func"), strings.HasSuffix(cut, ".gowrap"):
			name = cut[:strings.LastIndexByte(cut, '.')]
		case cut == "func":
			return ""
		case strings.HasSuffix(cut, "."), strings.HasSuffix(cut, "$"), strings.HasSuffix(cut, "-"):
			name = cut[:len(cut)-1]
		default:
			return name
		}
	}
}
