package sharedcomponent

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type config struct{ _ int }

type counted struct {
	starts, stops    int
	startErr, endErr error
}

func (c *counted) Start(context.Context, component.Host) error { c.starts++; return c.startErr }
func (c *counted) Shutdown(context.Context) error              { c.stops++; return c.endErr }

func TestMap_OneComponentPerConfiguration(t *testing.T) {
	var m Map[*config, *counted]
	made := 0
	create := func() (*counted, error) { made++; return &counted{}, nil }
	one, two := &config{}, &config{}

	traces, err := m.LoadOrStore(one, create)
	require.NoError(t, err)
	logs, err := m.LoadOrStore(one, create)
	require.NoError(t, err)
	other, err := m.LoadOrStore(two, create)
	require.NoError(t, err)

	require.Same(t, traces, logs)
	require.NotSame(t, traces, other)
	require.Equal(t, 2, made)
	require.Equal(t, 2, m.Len())
}

func TestMap_FailedCreateIsNotKept(t *testing.T) {
	var m Map[*config, *counted]
	key := &config{}
	_, err := m.LoadOrStore(key, func() (*counted, error) { return nil, errors.New("no") })
	require.EqualError(t, err, "no")
	require.Zero(t, m.Len())
	_, err = m.LoadOrStore(key, func() (*counted, error) { return &counted{}, nil })
	require.NoError(t, err)
}

func TestComponent_StartsAndStopsOnce(t *testing.T) {
	var m Map[*config, *counted]
	key := &config{}
	c, err := m.LoadOrStore(key, func() (*counted, error) {
		return &counted{startErr: errors.New("port taken"), endErr: errors.New("still busy")}, nil
	})
	require.NoError(t, err)

	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			assert.EqualError(t, c.Start(context.Background(), componenttest.NewNopHost()), "port taken")
		})
	}
	wg.Wait()
	for range 3 {
		require.EqualError(t, c.Shutdown(context.Background()), "still busy")
	}
	require.Equal(t, 1, c.Unwrap().starts)
	require.Equal(t, 1, c.Unwrap().stops)
}

func TestComponent_ShutdownForgets(t *testing.T) {
	var m Map[*config, *counted]
	key := &config{}
	create := func() (*counted, error) { return &counted{}, nil }
	first, err := m.LoadOrStore(key, create)
	require.NoError(t, err)
	require.NoError(t, first.Shutdown(context.Background())) // never started
	require.Zero(t, m.Len())

	second, err := m.LoadOrStore(key, create)
	require.NoError(t, err)
	require.NotSame(t, first, second)
	require.NoError(t, first.Shutdown(context.Background())) // late second call must not forget the new one
	require.Equal(t, 1, m.Len())
	require.NoError(t, second.Shutdown(context.Background()))
}
