package spotlightexporter

import (
	"bytes"
	"io"
	"net"
	"os"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// endpoints are the addresses of Ingest that are set, for the status.
func (c *Config) endpoints() []model.Endpoint {
	list := []model.Endpoint{}
	for _, e := range []model.Endpoint{
		{Name: "sentry", URL: c.Ingest.SentryURL},
		{Name: "otlp_http", URL: c.Ingest.OTLPHTTPURL},
		{Name: "otlp_grpc", URL: c.Ingest.OTLPGRPCURL},
	} {
		if e.URL != "" {
			list = append(list, e)
		}
	}
	return list
}

// overlayURL is the address to open in a browser: the name from the configuration with the port that was taken.
func overlayURL(addr net.Addr, endpoint string, tls bool) string {
	scheme := "http://"
	if tls {
		scheme = "https://"
	}
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return addr.String() // a Unix socket: no browser opens it
	}
	name, _, err := net.SplitHostPort(endpoint)
	if ip := net.ParseIP(name); err != nil || name == "" || ip != nil && ip.IsUnspecified() {
		name = "localhost" // all interfaces, also this one
	}
	_, port, _ := net.SplitHostPort(tcp.String())
	return scheme + net.JoinHostPort(name, port)
}

// announce tells whoever started the Collector where to look and where to send, in one piece: others write to standard
// error too.
func announce(w io.Writer, url string, ingest IngestConfig) {
	bold, dim, off := "", "", ""
	if isTerminal(w) {
		bold, dim, off = "\x1b[1m", "\x1b[2m", "\x1b[0m"
	}
	var b bytes.Buffer
	line := func(label, address, hint string) {
		if address == "" {
			return
		}
		b.WriteString("  " + label + strings.Repeat(" ", 13-len(label)) + bold + address + off)
		if hint != "" {
			b.WriteString(strings.Repeat(" ", max(2, 28-len(address))) + dim + hint + off)
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	line("Spotlight", url, "open it in a browser")
	line("Sentry SDKs", ingest.SentryURL, sentryHint(ingest.SentryURL))
	line("OTLP/HTTP", ingest.OTLPHTTPURL, "OTEL_EXPORTER_OTLP_ENDPOINT="+ingest.OTLPHTTPURL)
	line("OTLP/gRPC", ingest.OTLPGRPCURL, "")
	if strings.HasPrefix(url, "http") { // no agent opens a Unix socket either
		line("Agents", url+"/mcp", "Model Context Protocol, for coding agents")
	}
	b.WriteByte('\n')
	_, _ = w.Write(b.Bytes()) // nobody to tell if it fails
}

// sentryHint says how to point a Sentry SDK here. SDKs know one address by heart.
func sentryHint(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	dsn := scheme + "://spotlight@" + strings.TrimSuffix(rest, "/") + "/1"
	if strings.TrimSuffix(rest, "/") == "localhost:8969" {
		return "SENTRY_SPOTLIGHT=1, or DSN " + dsn
	}
	return "SENTRY_SPOTLIGHT=" + strings.TrimSuffix(url, "/") + "/stream, or DSN " + dsn
}

// isTerminal reports whether colours are welcome (see no-color.org).
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
