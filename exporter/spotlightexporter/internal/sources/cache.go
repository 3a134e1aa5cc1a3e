package sources

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

// found is what was learnt of a script: the script, or why there is none.
type found struct {
	script *sourcemap.Script
	reason string
	id     string // debug ID in the script, when a file or URL named it
	stamp  string // of the script and map it was made of: another stamp, another version
	size   int64
	until  time.Time // a reason is not believed for longer
	// from and checked bound the events a script is good for: received after from, and up to checked without another look.
	from, checked time.Time
}

// cache keeps parsed scripts by key, bounded in bytes, the least recently used leaving first. One key is loaded by one
// caller at a time; the others wait for it. It is safe for concurrent use.
type cache struct {
	limit int64
	now   func() time.Time
	load  singleflight.Group
	slots chan struct{} // parses at a time

	mu      sync.Mutex
	entries map[string]*list.Element // of *entry
	order   list.List                // most recently used first
	bytes   int64
	epoch   uint64 // grows with every drop, so that a load begun before is not kept
}

type entry struct {
	key string
	found
}

func newCache(limit int64, now func() time.Time) *cache {
	return &cache{limit: limit, now: now, slots: make(chan struct{}, parses), entries: map[string]*list.Element{}}
}

// get returns what is known of key, loading it when nothing is. With at, the time an event was received, it is what was
// true then: a script that was last looked at before is looked at again, and when it has changed, the version before it
// is kept for the events before. load is given what is known, to return it as it is when its stamp is the same.
func (c *cache) get(key string, at time.Time, load func(known found) found) found {
	if f, ok := c.current(key, at); ok {
		return f
	}
	v, _, _ := c.load.Do(key, func() (any, error) {
		if f, ok := c.current(key, at); ok {
			return f, nil
		}
		c.slots <- struct{}{}
		defer func() { <-c.slots }()
		c.mu.Lock()
		epoch := c.epoch
		c.mu.Unlock()
		before, _ := c.known(key)
		began := c.now()
		f := load(before)
		switch {
		case f.script == nil && before.script != nil: // the server has ended, or a build is being written
			f = before
		case before.script != nil && f.stamp != before.stamp:
			c.put("was:"+key, before, epoch)
			f.from = before.checked
		}
		f.checked = began
		f.size = int64(len(key)+len(f.reason)) + 256
		if f.script != nil {
			if f.script.Map != nil {
				f.size += int64(f.script.Map.Size())
			}
			f.size += int64(len(f.script.Text))
			if f.script.Scopes != nil {
				f.size += int64(f.script.Scopes.Size())
			}
		} else {
			f.until = c.now().Add(retryAfter)
		}
		c.put(key, f, epoch)
		return f, nil
	})
	return v.(found)
}

// current returns what is known of key and was true at a time.
func (c *cache) current(key string, at time.Time) (found, bool) {
	f, ok := c.known(key)
	if !ok || f.script == nil || at.IsZero() {
		return f, ok
	}
	if at.After(f.checked) {
		return found{}, false
	}
	if at.After(f.from) {
		return f, true
	}
	if was, ok := c.known("was:" + key); ok && at.After(was.from) {
		return was, true
	}
	return found{reason: "the script has changed since this error came, and what it was then is gone; have the error happen again"}, true
}

func (c *cache) known(key string) (found, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		return found{}, false
	}
	f := e.Value.(*entry).found
	if f.script == nil && c.now().After(f.until) {
		c.removeLocked(e)
		return found{}, false
	}
	c.order.MoveToFront(e)
	return f, true
}

func (c *cache) put(key string, f found, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch {
		return // something it may depend on has changed meanwhile
	}
	if old, ok := c.entries[key]; ok {
		c.removeLocked(old)
	}
	c.entries[key] = c.order.PushFront(&entry{key, f})
	c.bytes += f.size
	for c.bytes > c.limit && c.order.Len() > 0 {
		c.removeLocked(c.order.Back())
	}
}

func (c *cache) removeLocked(e *list.Element) {
	en := c.order.Remove(e).(*entry)
	delete(c.entries, en.key)
	c.bytes -= en.size
}

// forget drops the keys named, and everything that was not found: it may be there now.
func (c *cache) forget(keys ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for _, key := range keys {
		if e, ok := c.entries[key]; ok {
			c.removeLocked(e)
		}
	}
	for e := c.order.Front(); e != nil; {
		next := e.Next()
		if e.Value.(*entry).script == nil {
			c.removeLocked(e)
		}
		e = next
	}
}

// size returns the bytes kept.
func (c *cache) size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}
