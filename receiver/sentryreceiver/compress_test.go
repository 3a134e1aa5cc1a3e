package sentryreceiver

import (
	"bytes"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// The compressions of the encodings table. A bytes.Buffer does not fail, so neither do they.

func compressed(b []byte, open func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := open(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func zlibbed(b []byte) []byte {
	return compressed(b, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

func deflated(b []byte) []byte {
	return compressed(b, func(w io.Writer) io.WriteCloser {
		f, _ := flate.NewWriter(w, flate.DefaultCompression)
		return f
	})
}

func brotlied(b []byte) []byte {
	return compressed(b, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
}

func zstandard(b []byte) []byte {
	return compressed(b, func(w io.Writer) io.WriteCloser {
		z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		return z
	})
}
