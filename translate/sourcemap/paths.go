package sourcemap

import "strings"

// splitURL cuts a URL into what stands before its path (scheme and host) and the path. For text without a scheme the
// first part is empty.
func splitURL(url string) (host, path string) {
	i := strings.Index(url, "://")
	if i < 0 {
		return "", url
	}
	j := strings.IndexByte(url[i+3:], '/')
	if j < 0 {
		return url, ""
	}
	return url[:i+3+j], url[i+3+j:]
}

// cleanURL resolves "." and ".." in the path of a URL; ".." stops at the host. Other text stays as it is.
func cleanURL(url string) string {
	host, path := splitURL(url)
	if host == "" {
		return url
	}
	return host + cleanPath(path)
}

// cleanPath resolves "." and ".." in a path with forward slashes. In an absolute path ".." stops at the root; in a
// relative one leading ".." stay. Empty elements, as in webpack:///, stay too.
func cleanPath(path string) string {
	absolute := strings.HasPrefix(path, "/")
	var out []string
	for _, part := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		switch {
		case part == ".":
		case part == "..":
			switch {
			case len(out) > 0 && out[len(out)-1] != "..":
				out = out[:len(out)-1]
			case !absolute:
				out = append(out, part)
			}
		default:
			out = append(out, part)
		}
	}
	if absolute {
		return "/" + strings.Join(out, "/")
	}
	return strings.Join(out, "/")
}

// absolutePath places a source beside the map or script it was named in (debugid rules, section 6.6): sources with a
// scheme stand for themselves, others are relative to base, a URL or a path.
func absolutePath(base, source string) string {
	source = strings.ReplaceAll(source, `\`, "/")
	if i := strings.IndexByte(source, '?'); i > 0 { // App.vue?vue&type=script, index.js?v=70d17c20
		source = source[:i]
	}
	if file, ok := strings.CutPrefix(source, "file:///"); ok {
		return diskPath(file)
	}
	if strings.Contains(source, "://") || strings.HasPrefix(source, "webpack:") || strings.HasPrefix(source, "turbopack:") {
		return source
	}
	host, path := splitURL(strings.ReplaceAll(base, `\`, "/"))
	if strings.HasPrefix(source, "/") {
		return host + cleanPath(source)
	}
	dir := ""
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir = path[:i+1]
	}
	if dir == "" && host != "" {
		dir = "/"
	}
	path = cleanPath(dir + source)
	if file, ok := strings.CutPrefix(path, "/@fs/"); ok && host != "" { // Vite serves files outside of its root so
		return diskPath(file)
	}
	return host + path
}

// diskPath is an absolute path that was written behind a slash: home/me/x.ts, or C:/me/x.ts.
func diskPath(path string) string {
	if len(path) > 1 && path[1] == ':' {
		return path
	}
	return "/" + strings.TrimPrefix(path, "/")
}

// bundlerPath strips what bundlers put before a path: webpack://app/./src/x.ts gives src/x.ts. ok is false when the path
// is no bundler's.
func bundlerPath(path string) (rest string, ok bool) {
	for _, scheme := range []string{"webpack-internal:///", "webpack:///", "turbopack:///[project]/", "turbopack:///"} {
		if rest, ok = strings.CutPrefix(path, scheme); ok {
			return strings.TrimPrefix(rest, "./"), true
		}
	}
	for _, scheme := range []string{"webpack-internal://", "webpack://", "turbopack://"} {
		if rest, ok = strings.CutPrefix(path, scheme); ok { // a name space stands before the path
			if _, after, found := strings.Cut(rest, "/"); found {
				rest = after
			}
			return strings.TrimPrefix(rest, "./"), true
		}
	}
	return path, false
}

// packagePath returns pkg:name/path for a file of an installed package, whichever package manager put it there.
func packagePath(path string) (display string, ok bool) {
	const dir = "node_modules/"
	i := strings.LastIndex(path, dir)
	if i < 0 || i > 0 && path[i-1] != '/' {
		if rest, ok := strings.CutPrefix(path, "~/"); ok { // webpack 1 wrote node_modules so
			return "pkg:" + rest, true
		}
		return "", false
	}
	return "pkg:" + path[i+len(dir):], true
}

// packageName is the first element of a package's path, with its scope.
func packageName(path string) string {
	name, rest, _ := strings.Cut(path, "/")
	if strings.HasPrefix(name, "@") {
		second, _, _ := strings.Cut(rest, "/")
		return name + "/" + second
	}
	return name
}

// displayPath shortens the absolute path of a source for a developer: pkg:name/path for packages, ~/path below the root
// of the project for the rest.
func displayPath(abs, root string) string {
	if rest, ok := bundlerPath(abs); ok {
		abs = rest
		root = ""
	}
	if display, ok := packagePath(abs); ok {
		return display
	}
	if strings.HasPrefix(abs, "webpack/") || strings.HasPrefix(abs, "(webpack)/") || strings.HasPrefix(abs, "node:") {
		return abs
	}
	if root != "" {
		if rest, ok := strings.CutPrefix(abs, root); ok {
			return "~/" + rest
		}
	}
	host, path := splitURL(abs)
	if host != "" || !strings.HasPrefix(path, "/") {
		for strings.HasPrefix(path, "../") {
			path = path[len("../"):]
		}
		return "~/" + strings.TrimPrefix(path, "/")
	}
	return abs
}

// projectRoot is the longest folder that holds the script and all sources that are no package's, with its slash. Two
// kinds of scripts say little by where they lie: one module that a dev server transformed, whose root is that of the
// server; and one whose sources are named by their paths on disk, whose root is what these have in common.
func projectRoot(m *Map, base string) string {
	root := base[:strings.LastIndexByte(base, '/')+1]
	if root == "" {
		return ""
	}
	host, _ := splitURL(base)
	own, beside, disk := 0, true, ""
	for i := range m.sources {
		abs := absolutePath(base, m.sources[i].rooted)
		if _, bundled := bundlerPath(abs); bundled || m.sources[i].name == "" {
			continue
		}
		if host != "" && !strings.Contains(abs, "://") {
			if at := strings.Index(abs, "/node_modules/"); at >= 0 { // packages lie in the project
				abs = abs[:at+1]
			}
			disk = commonFolder(disk, abs)
			continue
		}
		if _, pkg := packagePath(abs); pkg {
			continue
		}
		own++
		beside = beside && abs[:strings.LastIndexByte(abs, '/')+1] == root
		root = commonFolder(root, abs)
	}
	if own == 0 && disk != "" {
		root = disk
	} else if own == 1 && beside && host != "" {
		return host + "/"
	}
	if host, path := splitURL(root); host != "" && path == "" || strings.HasSuffix(root, "://") || root == "/" {
		return ""
	}
	return root
}

// commonFolder is the longest folder that holds a path and all that a folder holds; "" holds nothing yet.
func commonFolder(folder, path string) string {
	if folder == "" {
		return path[:strings.LastIndexByte(path, '/')+1]
	}
	for !strings.HasPrefix(path, folder) {
		i := strings.LastIndexByte(strings.TrimSuffix(folder, "/"), '/')
		if i < 0 {
			return "/"
		}
		folder = folder[:i+1]
	}
	return folder
}

// rootOf is the root of a project as seen from a script.
type rootOf struct{ base, root string }

// rootFor is projectRoot with a memory of one: the frames of an event mostly ask for one script.
func (m *Map) rootFor(base string) string {
	if last := m.root.Load(); last != nil && last.base == base {
		return last.root
	}
	root := projectRoot(m, base)
	m.root.Store(&rootOf{base, root})
	return root
}

// hasSource reports whether a path that a frame names is one of the map's sources. base is the path or URL of the map, ""
// when it is not known: then a source counts that ends the path and has a folder in its name.
func (m *Map) hasSource(file, base string) bool {
	if last := m.asked.Load(); last != nil && last.base == base && last.file == file {
		return last.source
	}
	answer := &asked{base: base, file: file, source: m.findSource(strings.ReplaceAll(strings.TrimPrefix(file, "file://"), `\`, "/"), base)}
	m.asked.Store(answer)
	return answer.source
}

// asked is a question of hasSource and its answer: the frames of an event mostly ask for one script.
type asked struct {
	base, file string
	source     bool
}

func (m *Map) findSource(file, base string) bool {
	if strings.Contains(file, "://") || file == strings.TrimSuffix(base, ".map") {
		return false
	}
	last := file[strings.LastIndexByte(file, '/')+1:]
	for i := range m.sources {
		name := m.sources[i].rooted
		if !strings.HasSuffix(name, last) {
			continue
		}
		if rest, ok := bundlerPath(name); ok {
			name = rest
		} else if base != "" && absolutePath(base, name) == file {
			return true
		}
		name = strings.TrimPrefix(cleanPath(name), "/")
		for strings.HasPrefix(name, "../") {
			name = name[len("../"):]
		}
		if strings.Contains(name, "/") && (file == name || strings.HasSuffix(file, "/"+name)) {
			return true
		}
	}
	return false
}
