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
