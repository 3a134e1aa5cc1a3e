package scope

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// vectorFile is a merge-*.json: inputs with what the JavaScript SDK made of them, or only what another SDK made of the
// inputs of the same id (see the README of the folder).
type vectorFile struct {
	Inputs string
	Cases  []vectorCase
}

type vectorCase struct {
	ID                                            string
	Global, Isolation, Current, Additional, Event map[string]json.RawMessage
	AdditionalForm                                string   `json:"additional_form"`
	EventAttachments                              []string `json:"event_attachments"`
	Log                                           *struct{ Attributes json.RawMessage }
	Expect                                        json.RawMessage
	ExpectLog                                     *struct{ Attributes map[string]json.RawMessage } `json:"expect_log"`
}

func readVectors(t *testing.T, name string) vectorFile {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testkit.ScopeVectors(t), name))
	require.NoError(t, err)
	var f vectorFile
	require.NoError(t, json.Unmarshal(data, &f))
	require.NotEmpty(t, f.Cases, name)
	return f
}

// mergeFiles returns the vector files of an SDK; every folder has some of each.
func mergeFiles(t *testing.T, sdk string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testkit.ScopeVectors(t), "merge-"+sdk+"-*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths, "no merge-%s-*.json", sdk)
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths
}

func TestMerge_JS11DoesWhatTheSDKDid(t *testing.T)    { testVectors(t, "js", JS11) }
func TestMerge_Python2DoesWhatTheSDKDid(t *testing.T) { testVectors(t, "python", Python2) }
func TestMerge_Go0DoesWhatTheSDKDid(t *testing.T)     { testVectors(t, "go", Go0) }

func testVectors(t *testing.T, sdk string, policy Policy) {
	for _, name := range mergeFiles(t, sdk) {
		f := readVectors(t, name)
		inputs := map[string]vectorCase{}
		if sdk != "js" {
			source, _, _ := strings.Cut(f.Inputs, " ") // a note may follow the name
			if source == "" {
				source = strings.Replace(name, sdk, "js", 1)
			}
			for _, c := range readVectors(t, source).Cases {
				inputs[c.ID] = c
			}
		}
		for _, c := range f.Cases {
			in := c
			if sdk != "js" {
				var ok bool
				in, ok = inputs[c.ID]
				require.True(t, ok, "%s: no input for %s", name, c.ID)
			}
			t.Run(c.ID, func(t *testing.T) {
				layers := vectorLayers(t, in)
				got := Merge(policy, layers)
				require.JSONEq(t, normal(t, c.Expect), mergedJSON(t, got, sdk), c.ID)
				if c.ExpectLog != nil {
					testLogVector(t, policy, in, c)
				}
				requireProvenance(t, got)
			})
		}
	}
}

// requireProvenance checks that every leaf says where it comes from, and that nothing else does.
func requireProvenance(t *testing.T, m Merged) {
	t.Helper()
	want := map[string]bool{}
	for prefix, attrs := range map[string]model.Attributes{"tags.": m.Tags, "extra.": m.Extra, "user.": m.User, "attributes.": m.Attributes} {
		for _, a := range attrs {
			want[prefix+a.Key] = true
		}
	}
	for _, c := range m.Contexts {
		if c.Key != traceContext {
			want["contexts."+c.Key] = true
		}
	}
	for path := range want {
		from, ok := m.Provenance[path]
		require.True(t, ok, "no provenance of %s", path)
		require.NotEmpty(t, from.Layer, path)
		require.LessOrEqual(t, len(from.Shadowed), maxShadowed)
	}
	for path := range m.Provenance {
		if prefix, _, leaf := strings.Cut(path, "."); leaf && path != "contexts.trace" {
			require.True(t, want[path], "provenance of %s (%s), which is not there", path, prefix)
		}
	}
}

func testLogVector(t *testing.T, policy Policy, in, c vectorCase) {
	layers := vectorLayers(t, in)
	scopes := layers.Scopes[:0:0]
	for _, l := range layers.Scopes {
		if l.Name != model.LayerAdditional && l.Name != model.LayerEvent {
			scopes = append(scopes, l)
		}
	}
	own := &Layer{Name: model.LayerEvent, Origin: OriginSDK, Attributes: attributesOf(t, in.Log.Attributes)}
	got := MergeAttributes(policy, Layers{Scopes: append(scopes, own)})
	want := map[string]any{}
	for k, v := range c.ExpectLog.Attributes {
		var typed map[string]any
		require.NoError(t, json.Unmarshal(v, &typed))
		delete(typed, "type") // follows from the value
		want[k] = typed
	}
	have := map[string]any{}
	for _, a := range got {
		typed := map[string]model.Value{"value": a.Value}
		if v, ok := a.Value.Map().Get("value"); ok {
			typed["value"] = v
			if unit, ok := a.Value.Map().Get("unit"); ok {
				typed["unit"] = unit
			}
		}
		have[a.Key] = typed
	}
	require.JSONEq(t, toJSON(t, want), toJSON(t, have), "%s: log", c.ID)
}

// vectorLayers turns a case into layers.
func vectorLayers(t *testing.T, c vectorCase) Layers {
	t.Helper()
	layers := Layers{Scopes: []*Layer{
		vectorScope(t, model.LayerGlobal, c.Global),
		vectorScope(t, model.LayerIsolation, c.Isolation),
		vectorScope(t, model.LayerCurrent, c.Current),
	}}
	if c.Additional != nil {
		l := vectorScope(t, model.LayerAdditional, c.Additional)
		l.Instance = c.AdditionalForm == "scope"
		layers.Scopes = append(layers.Scopes, l)
	}
	event := vectorScope(t, model.LayerEvent, c.Event)
	event.Origin = OriginSDK
	for _, name := range c.EventAttachments {
		event.Attachments = append(event.Attachments, Attachment{Filename: name})
	}
	layers.Scopes = append(layers.Scopes, event)
	if string(c.Event["type"]) == `"transaction"` {
		layers.Type = model.EventTransaction
	}
	return layers
}

func vectorScope(t *testing.T, name model.Layer, data map[string]json.RawMessage) *Layer {
	t.Helper()
	l := &Layer{Name: name, Origin: string(name)}
	for key, raw := range data {
		switch key {
		case "tags":
			l.Tags = attributesOf(t, raw)
		case "extra":
			l.Extra = attributesOf(t, raw)
		case "user":
			l.User = User{State: UserSet, Fields: attributesOf(t, raw)}
			if string(raw) == "null" {
				l.User = User{State: UserNull}
			}
		case "contexts":
			for _, c := range attributesOf(t, raw) {
				if name == model.LayerEvent || !c.Value.IsNull() { // setContext(name, null) removes it from that scope
					l.Contexts = append(l.Contexts, c)
				}
			}
		case "attributes":
			l.Attributes = attributesOf(t, raw)
		case "level":
			require.NoError(t, json.Unmarshal(raw, &l.Level))
		case "transaction", "transactionName":
			require.NoError(t, json.Unmarshal(raw, &l.Transaction))
		case "fingerprint":
			if bytes.HasPrefix(raw, []byte(`"`)) {
				raw = []byte("[" + string(raw) + "]")
			}
			require.NoError(t, json.Unmarshal(raw, &l.Fingerprint))
		case "breadcrumbs":
			l.Breadcrumbs = vectorCrumbs(t, raw)
		case "attachments":
			var names []string
			require.NoError(t, json.Unmarshal(raw, &names))
			for _, n := range names {
				l.Attachments = append(l.Attachments, Attachment{Filename: n})
			}
		case "eventProcessors":
			require.NoError(t, json.Unmarshal(raw, &l.Processors))
		case "sdkProcessingMetadata":
			l.SDKMetadata = attributesOf(t, raw)
		case "propagationContext":
			var p struct{ TraceID, ParentSpanID, PropagationSpanID string }
			require.NoError(t, json.Unmarshal(raw, &p))
			l.Propagation = Propagation{TraceID: p.TraceID, SpanID: p.PropagationSpanID, ParentSpanID: p.ParentSpanID}
		case "type", "spans", "start_timestamp": // say what kind of event it is
		default:
			t.Fatalf("a scope of the vectors has a field %q that is not known here", key)
		}
	}
	return l
}

type vectorCrumb struct {
	Timestamp json.Number      `json:"timestamp,omitempty"`
	Type      string           `json:"type,omitempty"`
	Message   string           `json:"message,omitempty"`
	Category  string           `json:"category,omitempty"`
	Level     model.Level      `json:"level,omitempty"`
	Data      model.Attributes `json:"data,omitempty"`
}

func vectorCrumbs(t *testing.T, raw json.RawMessage) []model.Breadcrumb {
	t.Helper()
	var crumbs []vectorCrumb
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&crumbs))
	out := make([]model.Breadcrumb, len(crumbs))
	for i, c := range crumbs {
		seconds, err := c.Timestamp.Float64()
		if c.Timestamp != "" {
			require.NoError(t, err)
		}
		out[i] = model.Breadcrumb{Time: model.Time(seconds * 1e9), Message: c.Message, Category: c.Category, Level: c.Level, Data: c.Data}
	}
	return out
}

func attributesOf(t *testing.T, raw json.RawMessage) model.Attributes {
	t.Helper()
	var out model.Attributes
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}

// mergedJSON writes a result in the form of the vectors.
func mergedJSON(t *testing.T, m Merged, sdk string) string {
	t.Helper()
	out := map[string]any{}
	put := func(key string, attrs model.Attributes) {
		if len(attrs) > 0 {
			out[key] = attrs
		}
	}
	put("tags", m.Tags)
	put("extra", m.Extra)
	if m.User != nil { // set to nothing is seen
		out["user"] = m.User
	}
	put("contexts", withoutTrace(m.Contexts))
	if sdk == "js" {
		trace, _ := m.Contexts.Get(traceContext)
		put("trace", trace.Map())
		put("sdkProcessingMetadata", m.SDKMetadata)
	}
	if m.Level != "" {
		out["level"] = m.Level
	}
	if m.Transaction != "" {
		out["transaction"] = m.Transaction
	}
	if len(m.Fingerprint) > 0 {
		out["fingerprint"] = m.Fingerprint
	}
	if len(m.Breadcrumbs) > 0 {
		crumbs := make([]vectorCrumb, len(m.Breadcrumbs))
		for i, c := range m.Breadcrumbs {
			crumbs[i] = vectorCrumb{Message: c.Message, Category: c.Category, Level: c.Level, Data: c.Data}
			if c.Time != 0 {
				crumbs[i].Timestamp = json.Number(model.ParseNumber(string(model.Double(float64(c.Time) / 1e9).AppendJSON(nil))).Text())
			}
		}
		out["breadcrumbs"] = crumbs
	}
	if sdk != "go" {
		if len(m.Processors) > 0 {
			out["processorOrder"] = m.Processors
		}
		var names []string
		for _, a := range m.Attachments {
			names = append(names, a.Filename)
		}
		if len(names) > 0 {
			out["attachments"] = names
		}
	}
	return toJSON(t, out)
}

// normal writes an expectation as mergedJSON writes results: a fingerprint is a list, and what is empty is absent.
func normal(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var out map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&out))
	if text, ok := out["fingerprint"].(string); ok {
		out["fingerprint"] = []any{text}
	}
	for _, key := range []string{"tags", "extra", "contexts"} {
		if m, ok := out[key].(map[string]any); ok && len(m) == 0 {
			delete(out, key)
		}
	}
	return toJSON(t, out)
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}
