package live

import (
	"slices"
	"unsafe"
)

// chunkLen is the number of records of a chunk: large enough that a chunk's header is nothing, small enough that a chunk
// which one pinned record keeps alive does not matter.
const chunkLen = 128

// sequence keeps records by their number. Numbers are added in rising order and removed in any; removed ones leave a
// hole until their chunk is empty. It is what makes "the newest n before number x" cheap.
type sequence[T any] struct {
	chunks []*chunk[T] // none is empty, except that the last may be
	n      int         // records
}

type chunk[T any] struct {
	used, live int
	ids        [chunkLen]uint64
	recs       [chunkLen]*T // nil: removed
}

func (s *sequence[T]) chunkBytes() int64 { return int64(unsafe.Sizeof(chunk[T]{})) + 16 }

// add appends a record. It returns the bytes the sequence grew by.
func (s *sequence[T]) add(id uint64, rec *T) (grown int64) {
	if k := len(s.chunks); k == 0 || s.chunks[k-1].used == chunkLen {
		s.chunks = append(s.chunks, new(chunk[T]))
		grown = s.chunkBytes()
	}
	c := s.chunks[len(s.chunks)-1]
	c.ids[c.used], c.recs[c.used] = id, rec
	c.used++
	c.live++
	s.n++
	return grown
}

// insert puts a record in, at its place by number: at the end nearly always, else where it has been before. It returns
// the bytes the sequence grew by.
func (s *sequence[T]) insert(id uint64, rec *T) (grown int64) {
	if k := len(s.chunks); k == 0 || s.chunks[k-1].used == 0 || s.chunks[k-1].ids[s.chunks[k-1].used-1] < id {
		return s.add(id, rec)
	}
	k, i, found := s.find(id)
	c := s.chunks[k]
	if i >= c.used || c.ids[i] != id { // its chunk is gone
		c = &chunk[T]{used: 1}
		c.ids[0], i = id, 0
		s.chunks = slices.Insert(s.chunks, k, c)
		grown = s.chunkBytes()
	}
	if !found {
		s.n++
		c.live++
	}
	c.recs[i] = rec
	return grown
}

// find returns where id is, or where it would be.
func (s *sequence[T]) find(id uint64) (k, i int, found bool) {
	k, _ = slices.BinarySearchFunc(s.chunks, id, func(c *chunk[T], id uint64) int {
		switch {
		case c.used == 0 || c.ids[0] > id:
			return 1
		case c.ids[c.used-1] < id:
			return -1
		}
		return 0
	})
	if k == len(s.chunks) {
		return k, 0, false
	}
	c := s.chunks[k]
	i, found = slices.BinarySearch(c.ids[:c.used], id)
	return k, i, found && c.recs[i] != nil
}

// get returns the record with the number id, nil when there is none.
func (s *sequence[T]) get(id uint64) *T {
	k, i, found := s.find(id)
	if !found {
		return nil
	}
	return s.chunks[k].recs[i]
}

// remove removes the record with the number id. It returns the bytes the sequence shrank by.
func (s *sequence[T]) remove(id uint64) (shrunk int64) {
	k, i, found := s.find(id)
	if !found {
		return 0
	}
	c := s.chunks[k]
	c.recs[i] = nil
	c.live--
	s.n--
	if c.live > 0 || c.used < chunkLen && k == len(s.chunks)-1 {
		return 0
	}
	if k == 0 { // the usual case: oldest first
		s.chunks[0] = nil
		s.chunks = s.chunks[1:]
	} else {
		s.chunks = slices.Delete(s.chunks, k, k+1)
	}
	return s.chunkBytes()
}

// before returns up to n records with numbers below id (0: no bound), highest first, and the number of the last one.
func (s *sequence[T]) before(id uint64, n int) (recs []*T, last uint64) {
	k, i := len(s.chunks), 0
	if id > 0 {
		k, i, _ = s.find(id)
	}
	if k == len(s.chunks) {
		if k == 0 {
			return nil, 0
		}
		k--
		i = s.chunks[k].used
	}
	recs = make([]*T, 0, min(n, s.n))
	for len(recs) < n {
		for i--; i < 0; i-- {
			if k--; k < 0 {
				return recs, last
			}
			i = s.chunks[k].used
		}
		if c := s.chunks[k]; c.recs[i] != nil {
			recs, last = append(recs, c.recs[i]), c.ids[i]
		}
	}
	return recs, last
}

// first returns the lowest number, 0 when there is none.
func (s *sequence[T]) first() uint64 {
	for _, c := range s.chunks {
		for i := range c.used {
			if c.recs[i] != nil {
				return c.ids[i]
			}
		}
	}
	return 0
}

// since returns the records with numbers above id, lowest first.
func (s *sequence[T]) since(id uint64) (recs []*T) {
	k, i, _ := s.find(id + 1)
	for ; k < len(s.chunks); k++ {
		for c := s.chunks[k]; i < c.used; i++ {
			if c.recs[i] != nil {
				recs = append(recs, c.recs[i])
			}
		}
		i = 0
	}
	return recs
}

// last returns the highest number, also of a record that was removed since.
func (s *sequence[T]) last() uint64 {
	if k := len(s.chunks); k > 0 && s.chunks[k-1].used > 0 {
		return s.chunks[k-1].ids[s.chunks[k-1].used-1]
	}
	return 0
}

// countSince returns how many records have numbers above id.
func (s *sequence[T]) countSince(id uint64) (n int) {
	k, i, _ := s.find(id + 1)
	for ; k < len(s.chunks); k++ {
		c := s.chunks[k]
		if i == 0 {
			n += c.live
			continue
		}
		for ; i < c.used; i++ {
			if c.recs[i] != nil {
				n++
			}
		}
		i = 0
	}
	return n
}
