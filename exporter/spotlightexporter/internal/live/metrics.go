package live

import (
	"slices"
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// metric is all that was received under one name, type and service.
type metric struct {
	changed node[metric]
	key     MetricKey
	born    uint64
	version uint64
	exports list[export] // oldest first
	series  map[uint64]*series
	points  int
	snap    *MetricSnapshot
}

// export is one metric of one export request.
type export struct {
	unit
	inMetric node[export]
	metric   *metric
	rec      *model.Metric
	series   []*series // of each point
}

// series are the points of one process with the same attributes; they share those.
type series struct {
	hash       uint64
	attributes model.Attributes
	points     int
	bytes      int64
}

const (
	metricBytes = int64(unsafe.Sizeof(metric{})) + int64(unsafe.Sizeof(MetricSnapshot{})) + mapEntry + 96
	exportBytes = int64(unsafe.Sizeof(export{}))
	seriesBytes = int64(unsafe.Sizeof(series{})) + smallMapEntry
)

func (s *Store) addMetric(rec *model.Metric, in info, sv *service) {
	hashes, _ := in.extra.([]seriesHash)
	s.received["metric_points"] += uint64(len(rec.Points))
	if s.tooLarge(in.bytes) {
		return
	}
	if s.recentMetrics.seen(in.hash, s.batch, false, s.time) {
		s.drop(droppedDuplicate, len(rec.Points))
		return
	}
	key := MetricKey{Name: rec.Name, Type: rec.Type, Service: rec.Service}
	m := s.metrics[key]
	if m == nil {
		m = &metric{key: key, born: s.next(), series: map[uint64]*series{}}
		s.metrics[key] = m
		s.bytes += metricBytes
	}
	s.countMetric(m, -1)
	x := &export{metric: m, rec: rec, series: make([]*series, len(rec.Points))}
	for i := range rec.Points {
		sr := m.series[hashes[i].hash]
		if sr == nil {
			sr = &series{hash: hashes[i].hash, attributes: rec.Points[i].Attributes, bytes: hashes[i].bytes + seriesBytes}
			m.series[sr.hash] = sr
			s.bytes += sr.bytes
		}
		sr.points++
		rec.Points[i].Attributes = sr.attributes
		x.series[i] = sr
	}
	m.points += len(rec.Points)
	rec.Session = s.present()
	s.next()
	s.enter(&x.unit, x)
	s.grow(&x.unit, in.bytes+exportBytes+class(int64(len(x.series))*pointer))
	m.exports.pushBack(&x.inMetric, x)
	m.version, m.snap = s.seq, nil
	s.countMetric(m, +1)
	s.changedMetrics.moveBack(&m.changed, m)
	sv.sawMetric(s, len(rec.Points))
}

// countMetric adds a metric to the counts, or takes it out.
func (s *Store) countMetric(m *metric, by int) {
	if m.exports.back != nil && m.exports.back.v.seq > s.sessionStart() {
		s.counts.Metrics += by
	}
}

// dropExport removes an export that leaves. It returns how many points it had.
func (s *Store) dropExport(x *export) (records int) {
	m := x.metric
	s.countMetric(m, -1)
	x.inMetric.remove()
	for _, sr := range x.series {
		if sr.points--; sr.points == 0 {
			delete(m.series, sr.hash)
			s.bytes -= sr.bytes
		}
	}
	m.points -= len(x.series)
	m.snap = nil
	if m.exports.n == 0 {
		delete(s.metrics, m.key)
		m.changed.remove()
		s.bytes -= metricBytes
		s.bury(grave{kind: graveMetric, born: m.born, metric: &m.key})
	} else {
		s.countMetric(m, +1)
		m.version = s.next()
		s.changedMetrics.moveBack(&m.changed, m)
	}
	return len(x.series)
}

// Metrics returns all metrics, last changed first.
func (s *Store) Metrics() []MetricRow {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]MetricRow, 0, len(s.metrics))
	for n := s.changedMetrics.back; n != nil; n = n.prev {
		if !s.cleared(&n.v.exports.back.v.unit) {
			all = append(all, n.v.row())
		}
	}
	return all
}

func (m *metric) row() MetricRow {
	return MetricRow{MetricKey: m.key, Version: m.version, Newest: m.exports.back.v.seq, Series: len(m.series), Points: m.points}
}

// RecentMetric returns a metric with its newest exports.
func (s *Store) RecentMetric(key MetricKey) (*MetricSnapshot, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.metrics[key]
	if m == nil {
		return nil, false
	}
	if m.snap == nil {
		m.snap = s.metricSnapshot(m, MaxRecentExports)
	}
	return m.snap, len(m.snap.Exports) > 0
}

// Metric returns a metric with all exports.
func (s *Store) Metric(key MetricKey) (*MetricSnapshot, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.metrics[key]
	if m == nil {
		return nil, false
	}
	snap := s.metricSnapshot(m, m.exports.n)
	return snap, len(snap.Exports) > 0
}

func (s *Store) metricSnapshot(m *metric, limit int) *MetricSnapshot {
	snap := &MetricSnapshot{MetricRow: m.row()}
	snap.Exports = make([]*model.Metric, 0, min(limit, m.exports.n))
	for n := m.exports.back; n != nil && len(snap.Exports) < limit && !s.cleared(&n.v.unit); n = n.prev {
		snap.Exports = append(snap.Exports, n.v.rec)
	}
	slices.Reverse(snap.Exports)
	return snap
}

// seriesHash is the series a point belongs to, and what its attributes need.
type seriesHash struct {
	hash  uint64
	bytes int64
}

// serialise finds out which series the points of a metric belong to: those of one process and one instrumentation scope
// with equal attributes.
func (w *work) serialise(k *model.Metric, resource uint64) []seriesHash {
	var scope uint64
	if k.Scope != nil {
		scope = w.h.scope(k.Scope)
	}
	hashes := make([]seriesHash, len(k.Points))
	for i := range k.Points {
		w.h.num(resource)
		w.h.num(scope)
		w.h.attributes(k.Points[i].Attributes)
		hashes[i] = seriesHash{w.h.sum(), w.m.attributes(k.Points[i].Attributes)}
	}
	return hashes
}
