// Package loopback opens the listeners of a local server so that "localhost" means what it means to clients: both
// 127.0.0.1 and ::1. A server that listens on "localhost" in Go has only the first, while Node before version 20,
// Python and some browsers try ::1 first, and a Sentry SDK gives up on Spotlight after four refused connections.
package loopback

import (
	"context"
	"net"
	"strings"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.uber.org/zap"
)

// Listen opens the listener that sc asks for. If that is localhost over TCP, it also opens the same port of the other
// loopback address; when that is not to be had (no IPv6, or another program is there) it goes on without, and says so
// if another program may catch what was meant for us.
func Listen(ctx context.Context, sc *confighttp.ServerConfig, logger *zap.Logger) ([]net.Listener, error) {
	first, err := sc.ToListener(ctx)
	if err != nil {
		return nil, err
	}
	listeners := []net.Listener{first}
	host, _, err := net.SplitHostPort(sc.NetAddr.Endpoint)
	if err != nil || !strings.EqualFold(host, "localhost") || sc.NetAddr.Transport != confignet.TransportTypeTCP {
		return listeners, nil
	}
	addr, ok := first.Addr().(*net.TCPAddr)
	if !ok {
		return listeners, nil
	}
	other := net.TCPAddr{IP: net.IPv6loopback, Port: addr.Port}
	if addr.IP.To4() == nil {
		other.IP = net.IPv4(127, 0, 0, 1)
	}
	second := *sc
	second.NetAddr.Endpoint = other.String()
	l, err := second.ToListener(ctx)
	if err != nil {
		if conn, dialErr := new(net.Dialer).DialContext(ctx, "tcp", other.String()); dialErr == nil {
			_ = conn.Close()
			logger.Warn("another program listens on the other loopback address; clients that prefer it will not reach this one",
				zap.String("endpoint", other.String()))
		}
		return listeners, nil
	}
	return append(listeners, l), nil
}
