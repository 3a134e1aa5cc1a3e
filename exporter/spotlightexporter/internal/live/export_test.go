package live

// overhead returns the bytes of what stays when everything has left.
func (s *Store) overhead() int64 {
	return int64(len(s.logs.chunks))*s.logs.chunkBytes() + int64(len(s.items.chunks))*s.items.chunkBytes() + int64(len(s.occurrences.chunks))*s.occurrences.chunkBytes()
}
