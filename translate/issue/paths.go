package issue

import "strings"

// pathParts splits a path or URL into its parts: without scheme, host, query, drive and home directory, without "." and
// "..", and with slashes of either kind.
func pathParts(path string) []string {
	path = path[:min(len(path), maxText)]
	if i := strings.IndexAny(path, "?#"); i >= 0 && isURL(path) {
		path = path[:i]
	}
	web := false
	if i := strings.Index(path, "://"); i > 0 {
		web = path[:i] != "file"
		path = path[i+3:]
		if slash := strings.IndexByte(path, '/'); slash >= 0 {
			path = path[slash:] // host, or the name of a bundle's namespace
		} else {
			path = ""
		}
	}
	if len(path) > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/') {
		path = path[2:] // C:\
	}
	split := func(r rune) bool { return r == '/' || r == '\\' }
	all := strings.FieldsFunc(path, split)
	if !web && (strings.HasPrefix(path, "/") || strings.HasPrefix(path, `\`)) {
		all = all[homeParts(all):]
	} else if len(all) > 0 && all[0] == "~" {
		all = all[1:]
	}
	parts := all[:0]
	for _, p := range all {
		if p != "." && p != ".." {
			parts = append(parts, p)
		}
	}
	return parts
}

// homeParts returns how many parts of an absolute path name somebody's home directory.
func homeParts(parts []string) int {
	switch {
	case len(parts) > 1 && parts[0] == "root":
		return 1
	case len(parts) > 2 && (parts[0] == "home" || strings.EqualFold(parts[0], "users")):
		return 2
	}
	return 0
}

// isURL reports whether a file name is one that may carry a query: bundlers' and browsers' are, paths of files are not.
func isURL(path string) bool {
	return strings.Contains(path, "://") || strings.HasPrefix(path, "webpack") || isScript(path)
}

// scripts are the file extensions of what browsers run: minified, and named with hashes.
var scripts = [...]string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte"}

func isScript(path string) bool {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	for _, ext := range scripts {
		if strings.HasSuffix(path, ext) {
			return true
		}
	}
	return false
}

// bundleName returns the name of a file without the hash of its content:
//
//	app.3f9a1c.js  index-B2x9Kd3f.js  main.8c1d2e3f.chunk.js  4821.js      app.js  index.js  main.chunk.js  *.js
//
// Only scripts are named so; migration_20240101.py is a name.
func bundleName(name string) string {
	if !isScript(name) {
		return name
	}
	if i := strings.IndexAny(name, "?#"); i >= 0 {
		name = name[:i]
	}
	dot := strings.LastIndexByte(name, '.')
	stem, ext := name[:dot], name[dot:]
	var b strings.Builder
	start := 0
	for i := 0; i <= len(stem); i++ {
		if i < len(stem) && stem[i] != '.' && stem[i] != '-' && stem[i] != '_' && stem[i] != '~' {
			continue
		}
		if part := stem[start:i]; !isHash(part) || start == 0 && strings.ContainsFunc(part, noHex) {
			if start > 0 && (b.Len() > 0 || start == 1) {
				b.WriteByte(stem[start-1])
			}
			b.WriteString(part)
		}
		start = i + 1
	}
	if b.Len() == 0 {
		b.WriteByte('*')
	}
	b.WriteString(ext)
	return b.String()
}

func noHex(r rune) bool { return r > 'f' || r > 'F' && r < 'a' }

// isHash reports whether a part of a file name is a hash of its content: at least six hex digits with a digit among
// them, a number, or eight and more letters and digits that no word is made of (Vite, esbuild: base64url or base32).
func isHash(part string) bool {
	digits, hex, upper, lower, turns := 0, 0, 0, 0, 0
	for i := range len(part) {
		c := part[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
			hex++
		case c >= 'a' && c <= 'z':
			lower++
			if c <= 'f' {
				hex++
			}
		case c >= 'A' && c <= 'Z':
			upper++
			if c <= 'F' {
				hex++
			}
			if i > 0 && part[i-1] >= 'A' && part[i-1] <= 'Z' || i+1 == len(part) {
				turns++
			}
		default:
			return false
		}
	}
	n := len(part)
	switch {
	case n == 0:
		return false
	case digits == n:
		return n > 1
	case hex == n && n >= 6 && digits > 0:
		return true
	case n == 8 && lower > 0 && (upper > 2 || upper > 1 && turns > 0): // Vite: DfKqPwXz; a word has longer humps
		return true
	}
	return n >= 8 && digits > 1 && (upper > 0 || digits*4 >= n)
}

// varies reports whether a part of a path is an id of some sort: pages with inline scripts have them in their URL.
func varies(part string) bool {
	return isHash(part)
}
