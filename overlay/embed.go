// Package overlay hands the committed build of the overlay to Go: the folder dist, which Vite makes from the TypeScript
// beside this file. It knows nothing of HTTP; serving the files is the work of the package serve.
package overlay

import (
	"embed"
	"io/fs"
)

// The build is committed so that `go install`, and Collectors that others build with our exporter, need no Node.
//
//go:embed all:dist
var build embed.FS

// Files returns the build: index.html, overlay.js and what they load, with paths relative to the folder dist.
func Files() fs.FS {
	files, err := fs.Sub(build, "dist")
	if err != nil {
		panic(err) // cannot happen: "dist" is a valid path, and the embedding above fails without it
	}
	return files
}
