package sourcemap

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of an artifact bundle. Nothing is unpacked before it is asked for.
const (
	maxEntries  = 50_000
	maxManifest = 32 << 20
)

// Artifact is a file of a bundle.
type Artifact struct {
	URL       string // as the script is loaded: ~/assets/app.js, where ~ stands for any host
	Type      string // source, minified_source, source_map, indexed_ram_bundle
	DebugID   string // canonical; of the manifest's header, which counts more than what stands in the file
	SourceMap string // of a script: its map's reference, relative to URL
	file      *zip.File
}

// Bundle is an artifact bundle as sentry-cli and Sentry's bundler plugins upload it: "SYSB", a version, and a ZIP archive
// whose manifest says what each file is (debugid rules, section 4). It reads from the bytes it was made of, which must
// not change.
type Bundle struct {
	Release, Dist string
	Artifacts     []Artifact
}

// Types of artifacts.
const (
	TypeMinified  = "minified_source"
	TypeSourceMap = "source_map"
	TypeSource    = "source"
)

var bundleMagic = []byte("SYSB")

// ReadBundle reads the index of a bundle. Paths of the archive are names, never paths; one that climbs out of the archive
// is refused with the whole bundle.
func ReadBundle(data []byte) (*Bundle, error) {
	if len(data) < 8 || !bytes.HasPrefix(data, bundleMagic) {
		return nil, errors.New("artifact bundle: it does not begin with SYSB")
	}
	if v := binary.LittleEndian.Uint32(data[4:]); v != 2 {
		return nil, fmt.Errorf("artifact bundle: version %d, want 2", v)
	}
	// The reader of archives makes an entry of every directory record it finds, however many the archive claims.
	if n := bytes.Count(data, []byte("PK\x01\x02")); n > maxEntries {
		return nil, fmt.Errorf("artifact bundle: %d files, the limit is %d", n, maxEntries)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("artifact bundle: %w", err)
	}
	files := make(map[string]*zip.File, len(archive.File))
	for _, f := range archive.File {
		if climbs(f.Name) {
			return nil, fmt.Errorf("artifact bundle: file name %.200q leads out of the archive", f.Name)
		}
		files[f.Name] = f
	}
	manifest := files["manifest.json"]
	if manifest == nil {
		return nil, errors.New("artifact bundle: there is no manifest.json")
	}
	raw, err := unpack(manifest, maxManifest)
	if err != nil {
		return nil, err
	}
	var m struct {
		Release, Dist string
		Files         map[string]struct {
			URL, Type string
			Headers   map[string]string
		}
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("artifact bundle: manifest.json: %w", err)
	}
	b := &Bundle{Release: m.Release, Dist: m.Dist}
	for name, f := range m.Files {
		file := files[name]
		if file == nil {
			return nil, fmt.Errorf("artifact bundle: manifest.json names %.200q, which is not in the archive", name)
		}
		a := Artifact{URL: f.URL, Type: f.Type, file: file}
		for key, value := range f.Headers {
			switch strings.ToLower(key) {
			case "debug-id":
				a.DebugID, _ = NormalizeID(value)
			case "sourcemap", "x-sourcemap":
				a.SourceMap = value
			}
		}
		b.Artifacts = append(b.Artifacts, a)
	}
	return b, nil
}

// Read unpacks the file; it is refused when it is larger than a map may be.
func (a *Artifact) Read() ([]byte, error) {
	if a.file == nil {
		return nil, errors.New("artifact bundle: the artifact has no file")
	}
	return unpack(a.file, MaxMapBytes)
}

func unpack(f *zip.File, limit int64) ([]byte, error) {
	tooLarge := fmt.Errorf("artifact bundle: %.200q is larger than %d MiB", f.Name, limit>>20)
	if f.UncompressedSize64 > uint64(limit) {
		return nil, tooLarge
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("artifact bundle: %.200q: %w", f.Name, err)
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.LimitReader(r, limit+1)) // the size in the directory may lie
	if err != nil {
		return nil, fmt.Errorf("artifact bundle: %.200q: %w", f.Name, err)
	}
	if int64(len(data)) > limit {
		return nil, tooLarge
	}
	return data, nil
}

// climbs reports whether a name of an archive is absolute or leads upwards.
func climbs(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || strings.ContainsRune(name, 0) {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// ReleaseURLs returns the names under which a script of a release may have been uploaded, best first: its URL, the URL
// without query, and both with ~ for the host (debugid rules, section 5.3).
func ReleaseURLs(url string) []string {
	url, _, _ = strings.Cut(url, "#")
	bare, _, hasQuery := strings.Cut(url, "?")
	out := []string{url}
	if hasQuery {
		out = append(out, bare)
	}
	if host, path := splitURL(url); host != "" {
		out = append(out, "~"+path)
		if hasQuery {
			_, path = splitURL(bare)
			out = append(out, "~"+path)
		}
	}
	return out
}

// MapURL places the reference of a script to its map beside the script's URL.
func MapURL(script, reference string) string {
	if strings.HasPrefix(script, "~") {
		return "~" + absolutePath(script[1:], reference)
	}
	return absolutePath(script, reference)
}
