package loopback

import (
	"context"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func server(endpoint string) *confighttp.ServerConfig {
	sc := confighttp.NewDefaultServerConfig()
	sc.NetAddr.Endpoint = endpoint
	return &sc
}

func close(t *testing.T, listeners []net.Listener) {
	t.Helper()
	for _, l := range listeners {
		require.NoError(t, l.Close())
	}
}

func needIPv6(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 loopback here")
	}
	require.NoError(t, l.Close())
}

func TestListen_LocalhostIsBothFamilies(t *testing.T) {
	needIPv6(t)
	listeners, err := Listen(context.Background(), server("localhost:0"), zap.NewNop())
	require.NoError(t, err)
	defer close(t, listeners)
	require.Len(t, listeners, 2)
	port := strconv.Itoa(listeners[0].Addr().(*net.TCPAddr).Port)
	for _, host := range []string{"127.0.0.1", "::1"} {
		conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
		require.NoError(t, err, host)
		require.NoError(t, conn.Close())
	}
}

func TestListen_OtherAddressesAreTakenAsTheyAre(t *testing.T) {
	for _, endpoint := range []string{"127.0.0.1:0", "0.0.0.0:0"} {
		listeners, err := Listen(context.Background(), server(endpoint), zap.NewNop())
		require.NoError(t, err)
		require.Len(t, listeners, 1)
		close(t, listeners)
	}
}

func TestListen_OtherFamilyTaken(t *testing.T) {
	needIPv6(t)
	taken, err := net.Listen("tcp", "[::1]:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	core, logs := observer.New(zap.WarnLevel)
	listeners, err := Listen(context.Background(), server("localhost:"+strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)), zap.New(core))
	require.NoError(t, err)
	defer close(t, listeners)
	require.Len(t, listeners, 1)
	require.Equal(t, 1, logs.Len())
}

func TestListen_PortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	_, err = Listen(context.Background(), server(taken.Addr().String()), zap.NewNop())
	require.Error(t, err)
}
