package sources

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

// profileFrame is what a frame of a profile says of its place (Sentry's sample format, versions 1 and 2).
type profileFrame struct {
	Function string `json:"function"`
	Filename string `json:"filename"`
	AbsPath  string `json:"abs_path"`
	Line     int    `json:"lineno"`
	Column   int    `json:"colno"`
	Platform string `json:"platform"`
}

// Profile returns a profile of Sentry's sample format with the frames of bundled JavaScript put back to their source, as
// Resolve does it for events. A frame that was gets its place in the bundle as "generated", its name there, when it was another,
// as "raw_function", and "resolved_with"; one that could not be the reason as "unresolved". Everything else stays, numbers of
// frames too. received is when it came.
func (f *Finder) Profile(payload []byte, received time.Time) ([]byte, error) {
	var whole, profile, meta map[string]json.RawMessage
	if err := json.Unmarshal(payload, &whole); err != nil {
		return nil, fmt.Errorf("the profile is not a JSON object: %w", err)
	}
	var raw []json.RawMessage
	if json.Unmarshal(whole["profile"], &profile) != nil || json.Unmarshal(profile["frames"], &raw) != nil {
		return nil, errors.New("the profile has no list profile.frames: it is not of Sentry's sample format")
	}
	ev := model.Event{EventSummary: model.EventSummary{Platform: text(whole["platform"]), Release: text(whole["release"])}, Dist: text(whole["dist"])}
	if json.Unmarshal(whole["debug_meta"], &meta) == nil {
		_ = json.Unmarshal(meta["images"], &ev.DebugImages) // without images it goes by files
	}
	frames := make([]model.Frame, len(raw))
	for i := range raw {
		var frame profileFrame
		if json.Unmarshal(raw[i], &frame) == nil { // one that cannot be read stays as it is
			frames[i] = model.Frame{Function: frame.Function, Filename: frame.Filename, AbsPath: frame.AbsPath, Line: frame.Line, Column: frame.Column, Platform: frame.Platform}
		}
	}
	r := f.resolver(&ev, received)
	resolved, _ := sourcemap.ResolveFrames(frames, ev.DebugImages, func(file, debugID string) (*sourcemap.Script, string) {
		if !r.isJavaScript(&model.Frame{Filename: file}) {
			return nil, ""
		}
		return r.findScript(file, debugID)
	})
	if !slices.ContainsFunc(resolved, func(f model.Frame) bool { return f.Generated != nil }) {
		return payload, nil
	}
	for i := range resolved {
		if resolved[i].ResolvedWith == "" && resolved[i].Unresolved == "" {
			continue
		}
		var frame map[string]json.RawMessage
		if err := json.Unmarshal(raw[i], &frame); err != nil {
			continue
		}
		maps.Copy(frame, written(&resolved[i]))
		raw[i] = encoded(frame)
	}
	profile["frames"] = encoded(raw)
	whole["profile"] = encoded(profile)
	return encoded(whole), nil
}

// written are the members of a frame that resolving changes.
func written(frame *model.Frame) map[string]json.RawMessage {
	out := map[string]json.RawMessage{"generated": encoded(frame.Generated)}
	if frame.Unresolved != "" {
		out["unresolved"] = encoded(frame.Unresolved)
		return out
	}
	out["resolved_with"], out["function"], out["filename"] = encoded(frame.ResolvedWith), encoded(frame.Function), encoded(frame.Filename)
	out["abs_path"], out["lineno"], out["colno"] = encoded(frame.AbsPath), encoded(frame.Line), encoded(frame.Column)
	if frame.RawFunction != "" {
		out["raw_function"] = encoded(frame.RawFunction)
	}
	if frame.InApp != nil {
		out["in_app"] = encoded(*frame.InApp)
	}
	return out
}

// encoded is the JSON of a value that always has one.
func encoded(v any) json.RawMessage {
	out, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return out
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}
