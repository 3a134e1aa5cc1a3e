package live

import (
	"hash/maphash"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// work is what is found out about a batch before the store's lock is taken: sizes, hashes, processes. It is reused.
type work struct {
	m     meter
	h     *hasher
	spans []info
	// The others carry hashes to know duplicates by.
	events, logs, items, metrics []info

	procs []proc
	index map[procKey]int32
	last  procKey
	lastI int32
}

// info is what is known of a record: how many bytes it needs, its process, its hash.
type info struct {
	bytes    int64
	hash     uint64
	proc     int32 // index into work.procs
	numbered bool  // see hasher.log
	global   bool  // see setsGlobal
	extra    any   // *clientReport, []seriesHash
}

// proc is a process that sent records of the batch.
type proc struct {
	id      string
	name    string
	origin  model.Origin
	src     *source // nil: no resource
	service *service
}

type procKey struct {
	res     *model.Resource
	service string
	origin  model.Origin
}

func newWork(seed maphash.Seed) *work {
	return &work{h: newHasher(seed), index: map[procKey]int32{}}
}

// reset forgets the batch and keeps the memory, unless it is much.
func (w *work) reset() {
	for _, list := range [5]*[]info{&w.spans, &w.events, &w.logs, &w.items, &w.metrics} {
		if cap(*list) > 1<<14 {
			*list = nil
		}
		clear(*list)
		*list = (*list)[:0]
	}
	if len(w.procs) > 1<<10 {
		w.procs, w.index = nil, map[procKey]int32{}
	}
	clear(w.procs)
	w.procs = w.procs[:0]
	clear(w.index)
	w.last = procKey{}
}

func (w *work) proc(i int32) *service { return w.procs[i].service }

// source finds the shared resource of a record, and its process. It returns the bytes that only this record accounts for.
func (w *work) source(in *interner, res **model.Resource, sc **model.InstrumentationScope, name *string, origin model.Origin) (i int32, bytes int64) {
	if *sc != nil {
		shared, fresh := in.scope(*sc, w.h, &w.m)
		*sc = shared.scope
		if fresh {
			bytes += shared.bytes
		}
	}
	key := procKey{*res, *name, origin}
	if len(w.procs) > 0 && key == w.last {
		p := &w.procs[w.lastI]
		*name = p.name
		if p.src != nil {
			*res = p.src.res
		}
		return w.lastI, bytes
	}
	i, ok := w.index[key]
	if !ok {
		p := proc{name: in.text(*name), origin: origin}
		if *res == nil {
			p.id = ServiceID(nil, p.name, origin)
		} else {
			src, fresh := in.source(*res, w.h, &w.m)
			if fresh {
				bytes += src.bytes
			}
			p.src, p.id = src, src.serviceID(p.name, origin)
		}
		i = int32(len(w.procs)) // #nosec G115 -- at most one for each record
		w.procs = append(w.procs, p)
		w.index[key] = i
	}
	w.last, w.lastI = key, i
	*name = w.procs[i].name
	if src := w.procs[i].src; src != nil {
		*res = src.res
	}
	return i, bytes
}

// prepare measures and hashes all of a batch and lets it share what it can with what is stored. The store's lock is not
// held; the batch is still the caller's alone.
func (w *work) prepare(s *Store, b *model.Batch) {
	in := &s.interner
	in.mu.Lock()
	var lastScope, lastShared *model.InstrumentationScope
	for _, sp := range b.Spans {
		sc := &sp.Scope
		if *sc != nil && *sc == lastScope {
			*sc, sc = lastShared, new(*model.InstrumentationScope)
		} else {
			lastScope = *sc
		}
		i, bytes := w.source(in, &sp.Resource, sc, &sp.Service, sp.Origin)
		lastShared = sp.Scope
		sp.Op = in.text(sp.Op)
		w.spans = append(w.spans, info{proc: i, bytes: bytes})
	}
	for _, ev := range b.Events {
		i, bytes := w.source(in, &ev.Resource, &ev.Scope, &ev.Service, ev.Origin)
		ev.Platform, ev.Release, ev.Environment = in.text(ev.Platform), in.text(ev.Release), in.text(ev.Environment)
		ev.IssueID, ev.Title, ev.Culprit = in.text(ev.IssueID), in.text(ev.Title), in.text(ev.Culprit)
		w.events = append(w.events, info{proc: i, bytes: bytes})
	}
	for _, l := range b.Logs {
		i, bytes := w.source(in, &l.Resource, &l.Scope, &l.Service, l.Origin)
		l.Logger, l.SeverityText, l.EventName = in.text(l.Logger), in.text(l.SeverityText), in.text(l.EventName)
		w.logs = append(w.logs, info{proc: i, bytes: bytes})
	}
	for _, it := range b.Items {
		i, bytes := w.source(in, &it.Resource, &it.Scope, &it.Service, it.Origin)
		it.Type, it.ContentType = in.text(it.Type), in.text(it.ContentType)
		w.items = append(w.items, info{proc: i, bytes: bytes})
	}
	for _, k := range b.Metrics {
		i, bytes := w.source(in, &k.Resource, &k.Scope, &k.Service, k.Origin)
		k.Name, k.Unit, k.Description = in.text(k.Name), in.text(k.Unit), in.text(k.Description)
		w.metrics = append(w.metrics, info{proc: i, bytes: bytes})
	}
	in.mu.Unlock()

	for i, sp := range b.Spans {
		w.spans[i].bytes += w.m.span(sp)
		w.spans[i].global = setsGlobal(sp)
	}
	for i, ev := range b.Events {
		w.events[i].bytes += w.m.event(ev)
	}
	for i, l := range b.Logs {
		w.logs[i].bytes += w.m.log(l)
		w.logs[i].hash, w.logs[i].numbered = w.h.log(l)
	}
	for i, it := range b.Items {
		w.items[i].bytes += w.m.item(it)
		w.items[i].hash, w.items[i].extra = w.identify(it)
	}
	for i, k := range b.Metrics {
		w.metrics[i].bytes += w.m.metric(k)
		var res uint64
		if src := w.procs[w.metrics[i].proc].src; src != nil {
			res = src.hash
		}
		w.metrics[i].hash = w.h.metric(k, res)
		w.metrics[i].extra = w.serialise(k, res)
	}
}

// meetServices finds or makes the processes of the batch.
func (w *work) meetServices(s *Store) {
	for i := range w.procs {
		w.procs[i].service = s.meet(&w.procs[i])
	}
}
