package otelscope

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

type recorder struct {
	mu     sync.Mutex
	events []*Event
}

func (r *recorder) Capture(_ context.Context, ev *Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, ev)
}

func TestClientFor_CurrentIsolationGlobalNoop(t *testing.T) {
	fresh(t)
	ctx, iso := Isolate(context.Background())
	require.Equal(t, Noop{}, ClientFor(ctx))
	CaptureException(ctx, errors.New("nobody listens"))
	g, i, c := &recorder{}, &recorder{}, &recorder{}
	Global().SetClient(g)
	require.Same(t, g, ClientFor(ctx))
	iso.SetClient(i)
	require.Same(t, i, ClientFor(ctx))
	ctx, cur := Fork(ctx)
	cur.SetClient(c)
	require.Same(t, c, ClientFor(ctx))
	inner, _ := Isolate(ctx)
	require.Same(t, c, ClientFor(inner), "forks inherit it")
	CaptureException(inner, errors.New("boom"))
	require.Len(t, c.events, 1)
	require.Empty(t, g.events)
	require.Equal(t, LevelError, c.events[0].Level)
}

func TestCurrent_BeforeAnyFork(t *testing.T) {
	fresh(t)
	ctx := context.Background()
	require.NotNil(t, Current(ctx))
	type other struct{}
	require.Same(t, Current(ctx), Current(context.WithValue(ctx, other{}, 1)))
	require.NotSame(t, Current(ctx), Isolation(ctx))
	SetTag(ctx, "boot", "1")
	a, _ := Isolate(ctx)
	SetTag(a, "boot", "2")
	require.Equal(t, "1", Merged(ctx).Tags.Str("boot"))
	require.Equal(t, "2", Merged(a).Tags.Str("boot"))
}

func TestSet_MakesAScopeTheCurrentOne(t *testing.T) {
	fresh(t)
	s := &Scope{}
	s.SetTag("mine", "1")
	ctx := Set(context.Background(), s)
	require.Same(t, s, Current(ctx))
	require.Equal(t, "1", Merged(ctx).Tags.Str("mine"))
	c := s.Clone()
	c.SetTag("mine", "2")
	require.Equal(t, "1", Merged(ctx).Tags.Str("mine"))
}

func TestMerged_SpecKeepsTwoPeopleApart(t *testing.T) {
	fresh(t)
	ctx, _ := Isolate(context.Background())
	SetUser(ctx, &User{ID: "1", Email: "one@x", Data: map[string]any{"plan": "gold"}})
	WithScope(ctx, func(ctx context.Context, s *Scope) {
		s.SetUser(&User{ID: "2"})
		m := Merged(ctx)
		require.Equal(t, `{"id":"2"}`, string(m.User.AppendJSON(nil)))
		require.Equal(t, []string{"user"}, m.Conflicts)
	})
	require.Equal(t, `{"email":"one@x","id":"1","plan":"gold"}`, string(Merged(ctx).User.AppendJSON(nil)))
}

func TestScope_EverySetter(t *testing.T) {
	fresh(t)
	ctx, iso := Isolate(context.Background())
	iso.SetExtra("x", struct{ A int }{1})
	SetExtra(ctx, "err", errors.New("text of it"))
	SetExtra(ctx, "when", 2*time.Second)
	SetExtra(ctx, "bad", func() {})
	iso.SetAttributes(attribute.Int64Slice("ids", []int64{1, 2}))
	iso.SetLevel(LevelWarning)
	iso.SetFingerprint("a", "b")
	iso.SetTransaction("GET /")
	iso.SetTag("", "no name")
	m := Merged(ctx)
	x, _ := m.Extra.Get("x")
	require.Equal(t, `{"A":1}`, string(x.AppendJSON(nil)))
	require.Equal(t, "text of it", m.Extra.Str("err"))
	require.Equal(t, "2s", m.Extra.Str("when"))
	require.NotEmpty(t, m.Extra.Str("bad"))
	ids, _ := m.Attributes.Get("ids")
	require.Equal(t, "[1,2]", string(ids.AppendJSON(nil)))
	require.Equal(t, LevelWarning, m.Level)
	require.Equal(t, []string{"a", "b"}, m.Fingerprint)
	require.Equal(t, "GET /", m.Transaction)
	require.Empty(t, m.Tags)
	iso.Clear()
	require.Empty(t, Merged(ctx).Extra)
}

func TestScope_Bounds(t *testing.T) {
	fresh(t)
	s := &Scope{}
	for i := range 3 * maxKeys {
		s.SetTag(fmt.Sprint("k", i), "v")
		s.AddBreadcrumb(Breadcrumb{Message: fmt.Sprint("m", i)})
	}
	s.SetTag("k0", "changed")
	s.SetExtra("large", strings.Repeat("ä", maxValue))
	s.SetExtra("large list", []string{strings.Repeat("x", maxValue)})
	m := Merged(Set(context.Background(), s))
	require.Len(t, m.Tags, maxKeys)
	require.Equal(t, "changed", m.Tags.Str("k0"))
	require.Len(t, m.Breadcrumbs, maxBreadcrumbs)
	require.Equal(t, fmt.Sprint("m", 3*maxKeys-1), m.Breadcrumbs[maxBreadcrumbs-1].Message)
	for _, a := range m.Extra {
		require.LessOrEqual(t, len(a.Value.Str()), maxValue+3)
	}
}

func TestClone_BreadcrumbsDoNotMix(t *testing.T) {
	s := &Scope{}
	s.AddBreadcrumb(Breadcrumb{Message: "before"})
	c := s.Clone()
	s.AddBreadcrumb(Breadcrumb{Message: "of the original"})
	c.AddBreadcrumb(Breadcrumb{Message: "of the copy"})
	text := func(s *Scope) (out []string) {
		for _, b := range s.layer(model.LayerCurrent).Breadcrumbs {
			out = append(out, b.Message)
		}
		return out
	}
	require.Equal(t, []string{"before", "of the original"}, text(s))
	require.Equal(t, []string{"before", "of the copy"}, text(c))
}

// With -race: everything at once, on scopes that are shared and on forks of them.
func TestScope_ConcurrentUse(t *testing.T) {
	a := newApp(t)
	rec := &recorder{}
	Global().SetClient(rec)
	shared, _ := Isolate(context.Background())
	shared, root := a.tracer.Start(shared, "root")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				SetTag(shared, fmt.Sprint("shared", j%3), fmt.Sprint(i))
				WithIsolationScope(shared, func(ctx context.Context, iso *Scope) {
					ctx, span := a.tracer.Start(ctx, "job")
					defer span.End()
					iso.SetTag("job", fmt.Sprint(i, j))
					SetUser(ctx, &User{ID: fmt.Sprint(i, j)})
					AddBreadcrumb(ctx, Breadcrumb{Message: fmt.Sprint(i, j)})
					Global().SetTag("g", fmt.Sprint(i))
					CaptureException(ctx, fmt.Errorf("%d %d", i, j))
				})
			}
		})
	}
	wg.Wait()
	root.End()
	require.Len(t, rec.events, 400)
	for _, ev := range rec.events {
		want := ev.Err.Error()
		require.Equal(t, want, ev.Tags.Str("job"))
		require.Equal(t, want, ev.User.Str("id"))
		require.Len(t, ev.Breadcrumbs, 1)
		require.Equal(t, want, ev.Breadcrumbs[0].Message)
	}
}

func BenchmarkFork(b *testing.B) {
	ctx, iso := Isolate(context.Background())
	for i := range 100 {
		iso.SetTag(fmt.Sprint("k", i), "v")
		iso.AddBreadcrumb(Breadcrumb{Message: "m"})
	}
	b.ReportAllocs()
	for b.Loop() {
		Isolate(ctx)
	}
}

func BenchmarkSetTag(b *testing.B) {
	s := &Scope{}
	for i := range 20 {
		s.SetTag(fmt.Sprint("k", i), "v")
	}
	b.ReportAllocs()
	for b.Loop() {
		s.SetTag("k5", "w")
	}
}
