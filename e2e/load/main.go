// Command load measures a running Collector with work of a known size: CPU seconds per thousand requests or million
// spans, resident memory, and the time from a POST until the overlay's WebSocket has it. It sends to loopback only.
//
//	load error       -url http://localhost:8969 -pid PID -n 5000      error envelopes: 30 frames, 50 breadcrumbs
//	load transaction -url http://localhost:8969 -pid PID -n 2000      transactions with 100 spans
//	load otlp        -grpc localhost:4317 -pid PID -n 1000000         spans with 10 attributes, 20 a trace, over OTLP/gRPC
//	load scopes      -grpc localhost:4317 -api http://localhost:8970 -pid PID -n 500000   OTLP errors with scope data, read and unread
//	load latency     -url ... -ws ws://localhost:8970/ws -n 600       POSTs at 100 a second, until the frame arrives
//	load startup     -- ./dist/otelcol-spotlight --config ...         time until the ports of -url accept
//
// Each prints one line of JSON. CPU time is user and system time of the process -pid; on a machine shared with other
// work it is the number to compare, not requests per second.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
)

type options struct {
	url, grpc, ws, api string
	pid, n, conns      int
	rate               int
	args               []string
}

func main() {
	if len(os.Args) < 2 {
		fatal(fmt.Errorf("usage: load error|transaction|otlp|scopes|latency|startup [flags]"))
	}
	var o options
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.StringVar(&o.url, "url", "http://localhost:8969", "base URL of the sentry receiver")
	flags.StringVar(&o.grpc, "grpc", "localhost:4317", "address of the OTLP/gRPC receiver")
	flags.StringVar(&o.ws, "ws", "ws://localhost:8970/ws", "the overlay's WebSocket")
	flags.StringVar(&o.api, "api", "http://localhost:8970", "the overlay's server")
	flags.IntVar(&o.pid, "pid", 0, "process to watch (Linux)")
	flags.IntVar(&o.n, "n", 1000, "requests, or spans, in all")
	flags.IntVar(&o.conns, "conns", 4, "requests in flight")
	flags.IntVar(&o.rate, "rate", 100, "latency: POSTs a second")
	_ = flags.Parse(os.Args[2:])
	o.args = flags.Args()
	for _, target := range []string{o.url, o.ws, o.api, "tcp://" + o.grpc} {
		onLoopback(target)
	}
	var result any
	var err error
	switch os.Args[1] {
	case "error", "transaction":
		result, err = envelopes(os.Args[1], o)
	case "otlp":
		result, err = otlp(o)
	case "scopes":
		result, err = scopes(o)
	case "latency":
		result, err = latency(o)
	case "startup":
		result, err = startup(o)
	default:
		err = fmt.Errorf("unknown command %q", os.Args[1])
	}
	if err != nil {
		fatal(err)
	}
	line, _ := json.Marshal(result)
	fmt.Println(string(line))
}

// onLoopback ends the program when an address is not on this machine.
func onLoopback(target string) {
	u, err := url.Parse(target)
	if err != nil {
		fatal(err)
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fatal(fmt.Errorf("%s is not on loopback; this program sends to loopback only", target))
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "load:", err)
	os.Exit(1)
}
