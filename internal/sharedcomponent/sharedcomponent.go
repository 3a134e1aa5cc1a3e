// Package sharedcomponent lets the traces, logs and metrics instances of one configured component be one component: the
// Collector's factories are called once per signal, but there is one server, or one store, per configuration.
// It knows nothing of what is shared.
package sharedcomponent

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
)

// Map holds the running components of one factory by configuration. The key is the pointer to the configuration, which is
// the same for all signals of one component ID. Its zero value is empty and ready; it is safe for concurrent use.
type Map[K comparable, V component.Component] struct {
	mu         sync.Mutex
	components map[K]*Component[V]
}

// LoadOrStore returns the component of key, and makes it with create if this is the first signal that asks, or the first
// after the last one was shut down. When create fails nothing is stored.
func (m *Map[K, V]) LoadOrStore(key K, create func() (V, error)) (*Component[V], error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.components[key]; ok {
		return c, nil
	}
	v, err := create()
	if err != nil {
		return nil, err
	}
	c := &Component[V]{value: v}
	c.remove = func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.components[key] == c {
			delete(m.components, key)
		}
	}
	if m.components == nil {
		m.components = make(map[K]*Component[V])
	}
	m.components[key] = c
	return c, nil
}

// Len is the number of components that were made and not yet shut down.
func (m *Map[K, V]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.components)
}

// Component is what the signals share. The first Start starts it and the first Shutdown, with or without a Start before
// it, ends it; later calls wait for the first one and return the same error. (The Collector stops all receivers before any
// processor, and all exporters last, so no signal is cut off while another one still delivers.)
type Component[V component.Component] struct {
	value  V
	remove func()

	start, stop       sync.Once
	startErr, stopErr error
}

var _ component.Component = (*Component[component.Component])(nil)

// Unwrap returns the shared component itself.
func (c *Component[V]) Unwrap() V { return c.value }

// Start starts the shared component once. Status it reports goes to the host of the signal that came first.
func (c *Component[V]) Start(ctx context.Context, host component.Host) error {
	c.start.Do(func() { c.startErr = c.value.Start(ctx, host) })
	return c.startErr
}

// Shutdown ends the shared component once and forgets it, so that the next create with this configuration makes a new one.
func (c *Component[V]) Shutdown(ctx context.Context) error {
	c.stop.Do(func() {
		c.stopErr = c.value.Shutdown(ctx)
		c.remove()
	})
	return c.stopErr
}
