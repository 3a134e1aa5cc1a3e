package otelscope

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// forkOp is an operation of a fork program, see the README of the vectors.
type forkOp struct {
	Op, On, Key, Message, As string
	T                        int64
	Value                    any
	User                     map[string]any
	Event                    struct{ Level Level }
	Body                     []forkOp
}

// program runs fork programs against this package. Merging follows the SDK that made the vectors.
type program struct {
	t        *testing.T
	got      map[string]map[string]any
	deferred []func()
}

func TestForkPrograms(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(testkit.ScopeVectors(t), "fork-*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct {
			Cases []struct {
				ID     string
				Ops    []forkOp
				Expect map[string]map[string]any
			}
		}
		require.NoError(t, json.Unmarshal(data, &file))
		require.NotEmpty(t, file.Cases)
		for _, c := range file.Cases {
			t.Run(c.ID, func(t *testing.T) {
				fresh(t)
				p := program{t: t, got: map[string]map[string]any{}}
				WithIsolationScope(context.Background(), func(ctx context.Context, _ *Scope) {
					p.run(ctx, c.Ops)
					for len(p.deferred) > 0 {
						next := p.deferred[0]
						p.deferred = p.deferred[1:]
						next()
					}
				})
				want, err := json.Marshal(c.Expect)
				require.NoError(t, err)
				got, err := json.Marshal(p.got)
				require.NoError(t, err)
				require.JSONEq(t, string(want), string(got))
			})
		}
	}
}

func (p *program) run(ctx context.Context, ops []forkOp) {
	for _, op := range ops {
		p.do(ctx, op)
	}
}

func (p *program) do(ctx context.Context, op forkOp) {
	on := map[string]*Scope{"global": Global(), "isolation": Isolation(ctx), "current": Current(ctx)}[op.On]
	switch op.Op {
	case "setTag":
		on.SetTag(op.Key, op.Value.(string))
	case "topTag":
		SetTag(ctx, op.Key, op.Value.(string))
	case "setUser":
		on.SetUser(userOf(op.User))
	case "setContext":
		fields, _ := op.Value.(map[string]any)
		on.SetContext(op.Key, fields)
	case "setLevel":
		on.SetLevel(Level(op.Value.(string)))
	case "setFingerprint":
		var parts []string
		for _, v := range op.Value.([]any) {
			parts = append(parts, v.(string))
		}
		on.SetFingerprint(parts...)
	case "crumb":
		b := Breadcrumb{Time: time.Unix(1_700_000_000+op.T, 0), Category: "test", Level: LevelInfo, Message: op.Message}
		if on == nil {
			AddBreadcrumb(ctx, b)
		} else {
			on.AddBreadcrumb(b)
		}
	case "withScope":
		WithScope(ctx, func(ctx context.Context, _ *Scope) { p.run(ctx, op.Body) })
	case "withIsolationScope":
		WithIsolationScope(ctx, func(ctx context.Context, _ *Scope) { p.run(ctx, op.Body) })
	case "defer":
		p.deferred = append(p.deferred, func() { p.run(ctx, op.Body) })
	case "capture":
		event := &scope.Layer{Name: model.LayerEvent, Level: op.Event.Level}
		p.got[op.As] = forkResult(scope.Merge(scope.JS11, stateOf(ctx).layers(nil, event)))
	default:
		p.t.Fatalf("unknown operation %q", op.Op)
	}
}

func userOf(fields map[string]any) *User {
	if fields == nil {
		return nil
	}
	u := &User{Data: map[string]any{}}
	for k, v := range fields {
		switch k {
		case "id":
			u.ID = v.(string)
		case "email":
			u.Email = v.(string)
		case "username":
			u.Username = v.(string)
		default:
			u.Data[k] = v
		}
	}
	return u
}

// forkResult writes what was captured in the form of the vectors.
func forkResult(m scope.Merged) map[string]any {
	out := map[string]any{}
	for key, attrs := range map[string]model.Attributes{"tags": m.Tags, "extra": m.Extra, "user": m.User, "contexts": m.Contexts} {
		if len(attrs) > 0 {
			out[key] = attrs
		}
	}
	if m.Level != "" {
		out["level"] = m.Level
	}
	if len(m.Fingerprint) > 0 {
		out["fingerprint"] = m.Fingerprint
	}
	var crumbs []map[string]any
	for _, c := range m.Breadcrumbs {
		crumbs = append(crumbs, map[string]any{"timestamp": c.Time.Std().Unix(), "message": c.Message, "category": c.Category, "level": c.Level})
	}
	if crumbs != nil {
		out["breadcrumbs"] = crumbs
	}
	return out
}
