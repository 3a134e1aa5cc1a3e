package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	maxLine      = 64 << 20 // bytes; a Sentry item may have 100 MiB, attachments of that size are rare and left out
	maxResources = 100_000  // processes of one file
	batchRecords = 512      // records that are handed on at a time
)

// Result says what was in a file.
type Result struct {
	Spans   int `json:"spans"`
	Events  int `json:"events"`
	Logs    int `json:"logs"`
	Metrics int `json:"metrics"`
	Items   int `json:"items"`
	Marks   int `json:"marks,omitempty"`   // pins and hidden groups
	Unknown int `json:"unknown,omitempty"` // lines of a kind that this version does not know
}

// Records returns how many records were in the file.
func (r Result) Records() int { return r.Spans + r.Events + r.Logs + r.Metrics + r.Items }

// ErrFormat is returned for a file whose first line is not that of an export.
var ErrFormat = errors.New("this is no session file of Spotlight: its first line does not say so")

// Into is where what is read goes. All of it is called from Read's goroutine.
type Into struct {
	Begin     func()             // once, after the first line was found to be right
	Add       func(*model.Batch) // batches are its to keep
	PinTrace  func(id model.TraceID, pinned bool) bool
	PinIssue  func(id string, pinned bool) bool
	HideIssue func(id string, hidden bool) bool
}

// To reads into a new session of a store.
func To(store *live.Store) Into {
	return Into{store.ImportSession, store.Add, store.PinTrace, store.PinIssue, store.HideIssue}
}

// Read reads a file and hands its records on in batches, each before the marks that come after it. A mark of what is not
// there (any more) is nobody's fault and does nothing. At a line that is wrong it stops with an error that names it; what
// came before was handed on, and is counted in the result.
func Read(r io.Reader, into Into) (Result, error) {
	rd := reader{in: bufio.NewReaderSize(r, 64<<10), into: into, resources: map[int]*model.Resource{}}
	err := rd.read()
	rd.flush()
	return rd.res, err
}

type reader struct {
	in        *bufio.Reader
	into      Into
	resources map[int]*model.Resource
	batch     model.Batch
	n         int // records in batch
	res       Result
}

func (r *reader) read() error {
	for number := 1; ; number++ {
		text, err := r.line()
		if errors.Is(err, io.EOF) {
			if number == 1 {
				return ErrFormat
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if number == 1 {
			var h header
			if json.Unmarshal(text, &h) != nil || h.Format == 0 {
				return ErrFormat
			}
			if h.Format != Format {
				return fmt.Errorf("the file has format %d of Collector %.20s, this one reads format %d", h.Format, h.Version, Format)
			}
			r.into.Begin()
			continue
		}
		if len(text) == 0 {
			continue
		}
		if err := r.record(text); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
}

// line returns the next line without its end, io.EOF after the last. It is valid until the next call.
func (r *reader) line() ([]byte, error) {
	var long []byte
	for {
		part, err := r.in.ReadSlice('\n')
		if long == nil && err == nil {
			return bytes.TrimSpace(part), nil
		}
		long = append(long, part...)
		switch {
		case len(long) > maxLine:
			return nil, fmt.Errorf("longer than %d bytes", maxLine)
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(long) > 0, err == nil:
			return bytes.TrimSpace(long), nil
		default:
			return nil, err
		}
	}
}

func (r *reader) record(text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("not a record: %w", err)
	}
	if l.Resource != nil {
		if len(r.resources) >= maxResources {
			return fmt.Errorf("more than %d processes", maxResources)
		}
		r.resources[l.N] = l.Resource
		return nil
	}
	res := r.resources[l.Of]
	if l.Of != 0 && res == nil {
		return fmt.Errorf("process %d was not named before", l.Of)
	}
	switch {
	case l.Span != nil:
		s := l.Span
		if s.TraceID.IsZero() || s.SpanID.IsZero() {
			return errors.New("a span without trace_id or span_id")
		}
		s.Resource, s.Payload, s.ReceivedTime = res, l.Payload, l.Received
		s.Service, s.DurationNS = named(s.Service), max(0, s.DurationNS)
		r.batch.Spans = append(r.batch.Spans, s)
		r.res.Spans++
	case l.Event != nil:
		ev := model.EventRecord(*l.Event)
		if ev.EventID.IsZero() {
			return errors.New("an event without event_id")
		}
		ev.Resource, ev.Payload, ev.Service = res, l.Payload, named(ev.Service)
		r.batch.Events = append(r.batch.Events, &ev)
		r.res.Events++
	case l.Log != nil:
		l.Log.Resource, l.Log.Service = res, named(l.Log.Service)
		r.batch.Logs = append(r.batch.Logs, l.Log)
		r.res.Logs++
	case l.Metric != nil:
		if l.Metric.Name == "" {
			return errors.New("a metric without a name")
		}
		l.Metric.Resource, l.Metric.Service = res, named(l.Metric.Service)
		r.batch.Metrics = append(r.batch.Metrics, l.Metric)
		r.res.Metrics++
	case l.Item != nil:
		l.Item.Resource, l.Item.Payload, l.Item.Service = res, l.Payload, named(l.Item.Service)
		r.batch.Items = append(r.batch.Items, l.Item)
		r.res.Items++
	case l.Pin != nil, l.Hide != nil:
		return r.mark(l.Pin, l.Hide)
	default:
		r.res.Unknown++
		return nil
	}
	if r.n++; r.n >= batchRecords {
		r.flush()
	}
	return nil
}

// mark does to what was read what the user had done to it.
func (r *reader) mark(pin, hide *mark) error {
	r.flush()
	switch {
	case pin != nil && !pin.TraceID.IsZero():
		r.into.PinTrace(pin.TraceID, true)
	case pin != nil && pin.IssueID != "":
		r.into.PinIssue(pin.IssueID, true)
	case hide != nil && hide.IssueID != "":
		r.into.HideIssue(hide.IssueID, true)
	case pin != nil:
		return errors.New("a pin without trace_id or issue_id")
	default:
		return errors.New("a hidden group without issue_id")
	}
	r.res.Marks++
	return nil
}

// named keeps the promise that no service is without a name.
func named(service string) string {
	if service == "" {
		return "unknown_service"
	}
	return service
}

func (r *reader) flush() {
	if r.n == 0 {
		return
	}
	b := r.batch
	b.Archived = true
	r.batch, r.n = model.Batch{}, 0
	r.into.Add(&b)
}
