package sources

import (
	"bytes"
	"container/list"
	"crypto/sha1" // #nosec G505 -- the checksum of Sentry's upload protocol
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

// ChunkSize is the largest chunk that is taken; clients cut their bundles into pieces of this size.
const ChunkSize = 8 << 20

// State of an assembled bundle, in the words of Sentry's API.
type State string

// The states an assemble request is answered with.
const (
	StateNotFound State = "not_found" // chunks are missing
	StateOK       State = "ok"
	StateError    State = "error"
)

// Uploads holds artifact bundles and the chunks they are assembled from, bounded in bytes. It is safe for concurrent use.
//
// Everything is named by its SHA-1, in memory and on disk; nothing a client names becomes a path.
type Uploads struct {
	dir        string
	limit      int64
	now        func() time.Time
	invalidate func(ids []string)

	mu      sync.Mutex
	chunks  map[string]*list.Element // by SHA-1; of *chunk
	oldest  list.List                // chunks, oldest first
	bundles map[string]*bundle       // by SHA-1
	byAge   []*bundle                // oldest first
	ids     map[string]artifactRef   // debug ID -> newest artifact
	urls    map[string]artifactRef   // release, dist and URL -> newest script
	bytes   int64
	dropped uint64
}

type chunk struct {
	sum  string
	data []byte
	at   time.Time
}

// bundle is an assembled upload. data is nil when it lies on disk.
type bundle struct {
	sum           string
	release, dist string
	size          int64
	data          []byte
	artifacts     []sourcemap.Artifact
}

// artifactRef names the script and the map of one debug ID or URL; either may be -1.
type artifactRef struct {
	bundle            *bundle
	script, sourceMap int
}

const chunkAge = 15 * time.Minute // chunks that are not assembled by then are dropped

func newUploads(dir string, limit int64, now func() time.Time, invalidate func([]string)) *Uploads {
	return &Uploads{
		dir: dir, limit: limit, now: now, invalidate: invalidate,
		chunks: map[string]*list.Element{}, bundles: map[string]*bundle{}, ids: map[string]artifactRef{}, urls: map[string]artifactRef{},
	}
}

// Limit returns the bytes that uploads may take together.
func (u *Uploads) Limit() int64 { return u.limit }

// Usage returns the bytes held, the bundles, and how many of either were dropped for room or age.
func (u *Uploads) Usage() (bytes int64, bundles int, dropped uint64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.bytes, len(u.bundles), u.dropped
}

// Missing returns those of the chunks that are not here yet.
func (u *Uploads) Missing(sums []string) []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	missing := []string{}
	for _, sum := range sums {
		if _, ok := u.chunks[sum]; !ok {
			missing = append(missing, sum)
		}
	}
	return missing
}

// AddChunk takes a chunk under the SHA-1 its sender claims and refuses it when that is wrong.
func (u *Uploads) AddChunk(claimed string, data []byte) error {
	if len(data) > ChunkSize {
		return fmt.Errorf("chunk %.40s has %d bytes, the limit is %d", claimed, len(data), ChunkSize)
	}
	if int64(len(data)) > u.limit {
		return fmt.Errorf("chunk %.40s has %d bytes, source_maps::upload_bytes is %d", claimed, len(data), u.limit)
	}
	sum := checksum(data)
	if sum != strings.ToLower(claimed) {
		return fmt.Errorf("chunk %.40s has the SHA-1 %s", claimed, sum)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, known := u.chunks[sum]; known {
		return nil
	}
	u.chunks[sum] = u.oldest.PushBack(&chunk{sum, bytes.Clone(data), u.now()})
	u.bytes += int64(len(data))
	u.makeRoomLocked(nil)
	return nil
}

// Assemble joins chunks to a bundle and indexes it. With StateNotFound it names the chunks that are missing; with
// StateError it says what is wrong. An assembled bundle is assembled again at once, without its chunks.
func (u *Uploads) Assemble(sum string, chunks []string, release, dist string) (state State, missing []string, detail string) {
	sum = strings.ToLower(sum)
	if !isSum(sum) {
		return StateError, nil, "checksum is not a SHA-1"
	}
	u.mu.Lock()
	known := u.bundles[sum]
	u.mu.Unlock()
	var data []byte
	if known != nil {
		data = u.content(known)
	}
	if data == nil {
		if missing = u.Missing(chunks); len(missing) > 0 || len(chunks) == 0 {
			return StateNotFound, missing, ""
		}
		var err error
		if data, err = u.join(chunks); err != nil {
			return StateError, nil, err.Error()
		}
	}
	if got := checksum(data); got != sum {
		return StateError, nil, fmt.Sprintf("the chunks make a file with SHA-1 %s, not %s", got, sum)
	}
	read, err := sourcemap.ReadBundle(data)
	if err != nil {
		return StateError, nil, err.Error()
	}
	if release == "" {
		release, dist = read.Release, read.Dist
	}
	b := &bundle{sum: sum, release: release, dist: dist, size: int64(len(data)), data: data, artifacts: read.Artifacts}
	if u.dir != "" {
		if err := u.save(sum, data); err != nil {
			return StateError, nil, "the bundle could not be stored: " + err.Error()
		}
		b.data, b.artifacts = nil, detached(read.Artifacts)
	}
	u.invalidate(u.add(b, chunks))
	return StateOK, nil, ""
}

// join copies the chunks of a bundle together.
func (u *Uploads) join(sums []string) ([]byte, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	size := 0
	for _, sum := range sums {
		e, ok := u.chunks[sum]
		if !ok {
			return nil, errors.New("a chunk was dropped for want of room; raise source_maps::upload_bytes")
		}
		if size += len(e.Value.(*chunk).data); int64(size) > u.limit {
			return nil, fmt.Errorf("the bundle is larger than source_maps::upload_bytes (%d)", u.limit)
		}
	}
	data := make([]byte, 0, size)
	for _, sum := range sums {
		data = append(data, u.chunks[sum].Value.(*chunk).data...)
	}
	return data, nil
}

// add indexes a bundle, newest first, frees its chunks, and returns the debug IDs in it.
func (u *Uploads) add(b *bundle, chunks []string) (ids []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if old := u.bundles[b.sum]; old != nil {
		u.removeLocked(old)
	}
	for _, sum := range chunks {
		if e, ok := u.chunks[sum]; ok {
			u.dropChunkLocked(e)
		}
	}
	u.bundles[b.sum] = b
	u.byAge = append(u.byAge, b)
	u.bytes += b.size
	ids = u.indexLocked(b)
	u.makeRoomLocked(b)
	return ids
}

// indexLocked enters the artifacts of a bundle; what was there before is older and gives way.
func (u *Uploads) indexLocked(b *bundle) (ids []string) {
	maps := map[string]int{}
	for i, a := range b.artifacts {
		if a.Type == sourcemap.TypeSourceMap {
			maps[a.URL] = i
		}
	}
	for i, a := range b.artifacts {
		if a.DebugID != "" {
			ref, ok := u.ids[a.DebugID]
			if !ok || ref.bundle != b {
				ref = artifactRef{b, -1, -1}
			}
			switch a.Type {
			case sourcemap.TypeSourceMap:
				ref.sourceMap = i
			case sourcemap.TypeMinified:
				ref.script = i
			}
			u.ids[a.DebugID] = ref
			ids = append(ids, a.DebugID)
		}
		if a.Type == sourcemap.TypeMinified && b.release != "" && a.SourceMap != "" {
			reference := sourcemap.MapURL(a.URL, a.SourceMap)
			m, ok := maps[reference]
			if unescaped, err := url.PathUnescape(reference); !ok && err == nil {
				m, ok = maps[unescaped]
			}
			if ok {
				u.urls[releaseKey(b.release, b.dist, a.URL)] = artifactRef{b, i, m}
			}
		}
	}
	return ids
}

func releaseKey(release, dist, url string) string { return release + "\x00" + dist + "\x00" + url }

// makeRoomLocked drops chunks that wait for too long, then the oldest chunks and bundles until everything fits; keep stays.
func (u *Uploads) makeRoomLocked(keep *bundle) {
	for e := u.oldest.Front(); e != nil && u.now().Sub(e.Value.(*chunk).at) > chunkAge; e = u.oldest.Front() {
		u.dropChunkLocked(e)
		u.dropped++
	}
	for u.bytes > u.limit && len(u.byAge) > 0 && u.byAge[0] != keep {
		u.removeLocked(u.byAge[0])
		u.dropped++
	}
	for u.bytes > u.limit && u.oldest.Len() > 1 {
		u.dropChunkLocked(u.oldest.Front())
		u.dropped++
	}
}

func (u *Uploads) dropChunkLocked(e *list.Element) {
	c := u.oldest.Remove(e).(*chunk)
	delete(u.chunks, c.sum)
	u.bytes -= int64(len(c.data))
}

func (u *Uploads) removeLocked(b *bundle) {
	delete(u.bundles, b.sum)
	for i := range u.byAge {
		if u.byAge[i] == b {
			u.byAge = append(u.byAge[:i:i], u.byAge[i+1:]...)
			break
		}
	}
	u.bytes -= b.size
	for key, ref := range u.ids {
		if ref.bundle == b {
			delete(u.ids, key)
		}
	}
	for key, ref := range u.urls {
		if ref.bundle == b {
			delete(u.urls, key)
		}
	}
	if u.dir != "" {
		_ = os.Remove(u.path(b.sum))
	}
}

// artifact is a script and its map out of an upload; the script may be nil. err says why they cannot be read, and is nil
// when there is no such upload.
type artifact struct {
	script, sourceMap []byte
	name              string // where they came from, for a person
	err               error
}

// byID returns what was uploaded with a debug ID.
func (u *Uploads) byID(id string) (a artifact, ok bool) {
	u.mu.Lock()
	ref, known := u.ids[id]
	u.mu.Unlock()
	if !known || ref.sourceMap < 0 {
		return artifact{}, false
	}
	return u.read(ref), true
}

// byRelease returns what was uploaded for a release under a URL.
func (u *Uploads) byRelease(release, dist, url string) (a artifact, ok bool) {
	u.mu.Lock()
	ref, known := u.urls[releaseKey(release, dist, url)]
	u.mu.Unlock()
	if !known {
		return artifact{}, false
	}
	return u.read(ref), true
}

// near says why no upload of a release fits an event, when the release was uploaded at all: another dist, other URLs. names
// are those that the script could have, best first.
func (u *Uploads) near(release, dist string, names []string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	other := ""
	for key := range u.urls {
		parts := strings.SplitN(key, "\x00", 3)
		if parts[0] != release {
			continue
		}
		if slices.Contains(names, parts[2]) {
			return fmt.Sprintf("release %s was uploaded with %s, the event has %s; upload with that, or set it in the SDK", release, distText(parts[1]), distText(dist))
		}
		if other == "" || parts[2] < other {
			other = parts[2]
		}
	}
	if other == "" {
		return ""
	}
	return fmt.Sprintf("release %s was uploaded, but has no script %s with a source map (it has %s); see --url-prefix of sentry-cli sourcemaps upload", release, names[len(names)-1], other)
}

func distText(dist string) string {
	if dist == "" {
		return "no dist"
	}
	return "dist " + dist
}

// read unpacks the artifacts of a reference.
func (u *Uploads) read(ref artifactRef) artifact {
	artifacts := ref.bundle.artifacts
	if u.dir != "" { // the index keeps no archive in memory
		read, err := sourcemap.ReadBundle(u.content(ref.bundle))
		if err != nil {
			return artifact{err: err}
		}
		artifacts = sameOrder(read.Artifacts, artifacts)
	}
	m := artifacts[ref.sourceMap]
	sourceMap, err := m.Read()
	if err != nil {
		return artifact{err: err}
	}
	a := artifact{sourceMap: sourceMap, name: "upload " + m.URL}
	if ref.script >= 0 {
		a.script, _ = artifacts[ref.script].Read() // without it functions keep their names, all else is known
	}
	return a
}

// detached are artifacts without the archive they came from, for an index whose bundles lie on disk.
func detached(artifacts []sourcemap.Artifact) []sourcemap.Artifact {
	out := make([]sourcemap.Artifact, len(artifacts))
	for i, a := range artifacts {
		out[i] = sourcemap.Artifact{URL: a.URL, Type: a.Type, DebugID: a.DebugID, SourceMap: a.SourceMap}
	}
	return out
}

// sameOrder sorts artifacts that were read again as they were before.
func sameOrder(read, like []sourcemap.Artifact) []sourcemap.Artifact {
	at := make(map[[2]string]sourcemap.Artifact, len(read))
	for _, a := range read {
		at[[2]string{a.URL, a.Type}] = a
	}
	out := make([]sourcemap.Artifact, len(like))
	for i, a := range like {
		out[i] = at[[2]string{a.URL, a.Type}]
	}
	return out
}

// content returns the bytes of a bundle, nil when they are gone.
func (u *Uploads) content(b *bundle) []byte {
	if b.data != nil {
		return b.data
	}
	data, err := os.ReadFile(u.path(b.sum))
	if err != nil {
		return nil
	}
	return data
}

// path is where a bundle is stored: its SHA-1, which is 40 hex digits, and nothing of what a client said.
func (u *Uploads) path(sum string) string { return filepath.Join(u.dir, sum+".bundle") }

func (u *Uploads) save(sum string, data []byte) error {
	tmp, err := os.CreateTemp(u.dir, "upload-*.tmp")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), u.path(sum))
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}

// load indexes the bundles of earlier runs, oldest first.
func (u *Uploads) load() error {
	if u.dir == "" {
		return nil
	}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(u.dir)
	if err != nil {
		return err
	}
	type stored struct {
		sum string
		at  time.Time
	}
	var all []stored
	for _, e := range entries {
		sum, ok := strings.CutSuffix(e.Name(), ".bundle")
		if info, err := e.Info(); ok && isSum(sum) && err == nil {
			all = append(all, stored{sum, info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b stored) int { return a.at.Compare(b.at) })
	for _, s := range all {
		data, err := os.ReadFile(u.path(s.sum))
		if err != nil {
			continue
		}
		read, err := sourcemap.ReadBundle(data)
		if err != nil {
			continue
		}
		u.add(&bundle{sum: s.sum, release: read.Release, dist: read.Dist, size: int64(len(data)), artifacts: detached(read.Artifacts)}, nil)
	}
	return nil
}

func checksum(data []byte) string {
	sum := sha1.Sum(data) // #nosec G401
	return hex.EncodeToString(sum[:])
}

func isSum(text string) bool {
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == sha1.Size
}
