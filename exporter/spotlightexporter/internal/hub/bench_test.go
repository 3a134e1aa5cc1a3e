package hub

import (
	"fmt"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// BenchmarkDelta is one error on its way from the store to the last client that has read it, without the pause between
// two deltas: the hub's goroutines do not run, the benchmark sends.
func BenchmarkDelta(b *testing.B) {
	for _, clients := range []int{1, 200} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			w := newIdleWorld(b, Options{})
			arrived := make(chan struct{}, clients)
			for range clients {
				p := w.join()
				go func() {
					for {
						if _, _, err := p.conn.ReadMessage(); err != nil {
							return
						}
						arrived <- struct{}{}
					}
				}()
			}
			b.ReportAllocs()
			n := uint64(0)
			for b.Loop() {
				n++
				w.addEvent(n)
				w.hub.sendDelta()
				for range clients {
					<-arrived
				}
			}
		})
	}
}

// BenchmarkCompression decided that there is none: what permessage-deflate would cost for the deltas of one error and of
// a moment of flood.
func BenchmarkCompression(b *testing.B) {
	for _, events := range []int{1, 500} {
		lists := &model.Lists{}
		for n := range events {
			lists.Events = append(lists.Events, newEvent(uint64(n)).EventSummary)
		}
		for _, compressed := range []bool{false, true} {
			b.Run(fmt.Sprintf("events=%d/compressed=%t", events, compressed), func(b *testing.B) {
				w := newIdleWorld(b, Options{})
				w.hub.upgrader.EnableCompression = compressed
				dialer := websocket.Dialer{EnableCompression: compressed}
				conn, _, err := dialer.Dial(w.url, nil)
				if err != nil {
					b.Fatal(err)
				}
				defer conn.Close()
				if _, _, err := conn.ReadMessage(); err != nil { // hello: it has joined
					b.Fatal(err)
				}
				c := w.hub.everyone()[0]
				b.ReportAllocs()
				for b.Loop() {
					f, err := encode(&model.ServerFrame{Seq: 1, Type: model.FrameEvent, Delta: lists})
					if err != nil {
						b.Fatal(err)
					}
					b.SetBytes(int64(f.size))
					c.queue.push(f)
					if _, _, err := conn.ReadMessage(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
