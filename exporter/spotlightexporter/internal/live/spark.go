package live

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// The sparkline of an issue: how often it occurred lately.
const (
	sparkBuckets = 20
	sparkWidth   = 15 * 1_000_000_000 // ns
)

// sparkline counts occurrences by time. The zero value is empty.
type sparkline struct {
	counts [sparkBuckets]int32 // by time / sparkWidth modulo sparkBuckets
	end    int64               // number of the newest bucket
}

// mark counts n occurrences in the bucket with this number; one that is too old for the line is left out.
func (s *sparkline) mark(bucket int64, n int32) {
	if bucket <= s.end-sparkBuckets {
		return
	}
	for s.end < bucket {
		if s.end < bucket-sparkBuckets {
			s.end = bucket - sparkBuckets
		}
		s.end++
		s.counts[s.end%sparkBuckets] = 0
	}
	s.counts[bucket%sparkBuckets] += n
}

// merge adds the occurrences of another line.
func (s *sparkline) merge(o *sparkline) {
	for k := int64(sparkBuckets - 1); k >= 0; k-- {
		if n := o.counts[slot(o.end-k)]; n > 0 {
			s.mark(o.end-k, n)
		}
	}
}

// draw returns the counts, oldest first, and the time at which the newest bucket ends.
func (s *sparkline) draw() ([]int, model.Time) {
	list := make([]int, sparkBuckets)
	for i := range list {
		list[i] = int(s.counts[slot(s.end-int64(sparkBuckets-1-i))])
	}
	return list, model.Time((s.end + 1) * sparkWidth)
}

func slot(bucket int64) int64 { return (bucket%sparkBuckets + sparkBuckets) % sparkBuckets }
