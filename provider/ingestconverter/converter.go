// Package ingestconverter is a confmap converter: it fills in where SDKs can send to (exporters::spotlight::ingest, and
// own_endpoints) from the endpoints of the receivers in the same configuration, so that what the overlay tells people to
// type is where this Collector listens. What the configuration says itself stays as it is.
//
// It reads and writes the configuration, nothing else. An exporter alone could not know: components do not see each other.
package ingestconverter

import (
	"context"
	"net"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// NewFactory returns the factory of the converter, as the Collector builder expects it.
func NewFactory() confmap.ConverterFactory {
	return confmap.NewConverterFactory(func(confmap.ConverterSettings) confmap.Converter { return converter{} })
}

type converter struct{}

// address is one row: the option that is filled in, and the receiver's option it is made from.
type address struct {
	option   string // below exporters::spotlight::ingest
	receiver string // type
	path     []string
	def      string // endpoint of a receiver that has the path and no endpoint in it
}

var addresses = []address{
	{"sentry_url", "sentry", nil, "localhost:8969"},
	{"otlp_http_url", "otlp", []string{"protocols", "http"}, "localhost:4318"}, // defaults of otlpreceiver
	{"otlp_grpc_url", "otlp", []string{"protocols", "grpc"}, "localhost:4317"},
}

// Convert implements confmap.Converter.
func (converter) Convert(_ context.Context, conf *confmap.Conf) error {
	all := conf.ToStringMap()
	receivers, exporters := section(all, "receivers"), section(all, "exporters")
	if len(receivers) == 0 {
		return nil // part of a configuration
	}
	filled := map[string]any{}
	for id, value := range exporters {
		if typeOf(id) != "spotlight" {
			continue
		}
		exporter, _ := value.(map[string]any)
		said := section(exporter, "ingest")
		ingest, own := map[string]any{}, []any{}
		for _, a := range addresses {
			url := a.find(receivers)
			if _, ok := said[a.option]; !ok {
				ingest[a.option] = url
			}
			if _, hostPort, ok := strings.Cut(url, "://"); ok {
				own = append(own, hostPort)
			}
		}
		add := map[string]any{"ingest": ingest}
		if _, ok := exporter["own_endpoints"]; !ok && len(own) > 0 {
			add["own_endpoints"] = own
		}
		filled[id] = add
	}
	if len(filled) == 0 {
		return nil
	}
	return conf.Merge(confmap.NewFromStringMap(map[string]any{"exporters": filled}))
}

// find returns the URL of the first receiver of a row's type, "" when there is none or it cannot be known.
func (a address) find(receivers map[string]any) string {
	ids := make([]string, 0, len(receivers))
	for id := range receivers {
		if typeOf(id) == a.receiver {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
next:
	for _, id := range ids {
		at, _ := receivers[id].(map[string]any)
		for _, key := range a.path {
			value, ok := at[key]
			if !ok {
				continue next // this protocol is off
			}
			at, _ = value.(map[string]any)
		}
		endpoint, _ := at["endpoint"].(string)
		if endpoint == "" {
			endpoint = a.def
		}
		scheme := "http"
		if len(section(at, "tls")) > 0 {
			scheme = "https"
		}
		if url := urlOf(scheme, endpoint); url != "" && at["transport"] != "unix" {
			return url
		}
	}
	return ""
}

// urlOf makes a URL of what a server listens on. A port that the system will choose is not known: then it is "".
func urlOf(scheme, endpoint string) string {
	host, port, err := net.SplitHostPort(endpoint)
	if err != nil || port == "" || port == "0" || strings.Contains(host, "/") {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // all interfaces, also this one
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// typeOf returns the type in the id of a component: type, or type/name.
func typeOf(id string) string {
	kind, _, _ := strings.Cut(id, "/")
	return strings.TrimSpace(kind)
}

func section(of map[string]any, key string) map[string]any {
	m, _ := of[key].(map[string]any)
	return m
}
