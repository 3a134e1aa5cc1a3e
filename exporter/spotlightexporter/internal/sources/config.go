package sources

import "time"

// Config says where source maps and source files may be found. The zero value finds uploads in memory only, with no room
// for any: take DefaultConfig.
type Config struct {
	// Paths are folders of builds; they are scanned for scripts and maps with debug IDs, and watched.
	Paths []string
	// Roots are folders whose files may be read: maps beside a script of a stack trace, and source lines around a frame.
	Roots []string
	// DevServers allows fetching scripts and maps from loopback addresses that stack traces name.
	DevServers bool
	// AllowedHosts are other hosts (host or host:port) that may be asked.
	AllowedHosts []string
	// CacheBytes bounds the parsed maps that are kept.
	CacheBytes int64
	// UploadDir keeps uploads across restarts; "" keeps them in memory.
	UploadDir string
	// UploadBytes bounds uploads, assembled or not. The oldest leave first.
	UploadBytes int64
}

// DefaultConfig is what the exporter starts from.
func DefaultConfig() Config {
	return Config{DevServers: true, CacheBytes: 128 << 20, UploadBytes: 256 << 20}
}

const (
	fetchTimeout  = 2 * time.Second // of one request; somebody is waiting for the answer
	retryAfter    = 5 * time.Second // what was not found is looked for again after this
	maxScriptSize = 32 << 20        // of a script that is read or fetched
	parses        = 2               // maps parsed at a time
)
