package sourcemap

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// How a frame was resolved (model.Frame.ResolvedWith).
const (
	WithDebugID   = "debug_id"   // the script's debug ID named the map
	WithPath      = "path"       // the map lay beside the script on disk
	WithDevServer = "dev_server" // a dev server on this machine served script and map
	WithRelease   = "release"    // an artifact uploaded for this release has the script's URL
)

// Script is a script of a stack trace with its source map.
type Script struct {
	Map     *Map    // nil: there is none; frames get their lines from Text
	Text    string  // the script itself, when Map is nil
	Why     string  // with Text: why the script has no map; "" when it needs none
	Glue    bool    // with Text: the bundler wrote all of it, modules are evaluated texts
	Scopes  *Scopes // nil: functions keep the names of the stack trace
	DebugID string
	With    string // one of the With constants
	MapName string // where the map came from, for a person
	BaseURL string // what the map's sources are relative to, when it is not the script's own path
}

// Find looks a script up by the file a frame names and the debug ID that goes with it ("" for none). When it has none it
// says why, and what to do about it; an empty reason means that the frame needs no resolving.
type Find func(file, debugID string) (script *Script, reason string)

// ResolveFrames returns the frames of one stack with every frame of bundled code put back to its source: file, line,
// column, function, context lines and in_app (debugid rules, section 6). changed is false when nothing was resolved and
// nothing has a reason; the frames are then those given. Frames that cannot be resolved keep all they have and say why.
func ResolveFrames(frames []model.Frame, images []model.DebugImage, find Find) (resolved []model.Frame, changed bool) {
	resolved = frames
	for i := range frames {
		frame, touched := resolveFrame(frames[i], images, find)
		if !touched {
			continue
		}
		if !changed {
			resolved = append([]model.Frame(nil), frames...)
			changed = true
		}
		resolved[i] = frame
	}
	return resolved, changed
}

func resolveFrame(frame model.Frame, images []model.DebugImage, find Find) (model.Frame, bool) {
	file := frame.AbsPath
	if file == "" {
		file = frame.Filename
	}
	if file == "" || !isScript(file) || IsSource(file) {
		return frame, false
	}
	id := debugIDOf(file, images)
	if id != "" && namesSources(id, images) {
		return frame, false
	}
	script, reason := find(file, id)
	if script != nil && script.Map == nil {
		reason = script.Why
		if frame.ContextLine == nil {
			if c, ok := ContextOf(script.Text, frame.Line); ok {
				c = c.Cut(longGenerated, frame.Column)
				frame.PreContext, frame.ContextLine, frame.PostContext = c.Pre, &c.Line, c.Post
			}
		}
		if rest, _ := bundlerPath(file); script.Glue || notOwn(rest, displayPath(file, "")) {
			no := false
			frame.InApp = &no
		}
		if reason == "" {
			return frame, true
		}
		script = nil
	}
	if script == nil {
		if reason == "" {
			return frame, false
		}
		frame.Unresolved = reason
		frame.Generated = &model.Generated{Filename: file, Line: frame.Line, Column: frame.Column, DebugID: id}
		return frame, true
	}
	if id != "" && script.Map.hasSource(file, script.BaseURL) {
		return frame, false
	}
	generated := &model.Generated{Filename: file, Line: frame.Line, Column: frame.Column, DebugID: script.DebugID, Map: script.MapName}
	token, ok := script.Map.Lookup(frame.Line, frame.Column)
	if !ok {
		frame.Generated = generated
		frame.Unresolved = "the source map says nothing of this position: a tool wrote it, or the map belongs to another script; if it should be there, build again"
		switch {
		case frame.Line < 1:
			frame.Unresolved = "the frame has no line number, and without one a source map says nothing"
		case isGlue(frame.Function):
			frame.Unresolved = "the bundler wrote this line: it is in no source"
			no := false
			frame.InApp = &no
		}
		return frame, true
	}
	return mapped(frame, script, token, file, generated), true
}

// mapped is a frame put back to its source.
func mapped(frame model.Frame, script *Script, token Token, file string, generated *model.Generated) model.Frame {
	base := script.BaseURL
	if base == "" {
		base = file
	}
	if strings.Contains(base, "://") {
		base, _, _ = strings.Cut(base, "?")
	}
	source := script.Map.SourceName(token.Source)
	out := frame
	out.Generated, out.ResolvedWith, out.Unresolved = generated, script.With, ""
	out.AbsPath = absolutePath(base, source)
	out.Filename = displayPath(out.AbsPath, script.Map.rootFor(base))
	if pkg, ok := packagePath(file); ok && !strings.HasPrefix(out.Filename, "pkg:") { // a package that is a bundle itself
		out.Filename = "pkg:" + packageName(strings.TrimPrefix(pkg, "pkg:")) + "/" + strings.TrimPrefix(strings.TrimPrefix(out.Filename, "~"), "/")
	}
	out.Line, out.Column = token.Line, token.Column
	out.PreContext, out.ContextLine, out.PostContext = nil, nil, nil
	if c, ok := script.Map.context(token.Source, token.Line); ok {
		c = c.Cut(longSource, token.Column)
		out.PreContext, out.ContextLine, out.PostContext = c.Pre, &c.Line, c.Post
	}
	if name, ok := FunctionAt(script.Map, script.Scopes, generated.Line, generated.Column); ok && (name != "" || frame.Function == "") {
		if name == "<anonymous>" && isTelling(frame.Function) {
			name = frame.Function
			if receiver, ok := strings.CutSuffix(name, ".eval"); ok { // what V8 calls a function without a name in evaluated code
				name = receiver + ".<anonymous>"
			}
		}
		if out.RawFunction == "" && name != frame.Function {
			out.RawFunction = frame.Function
		}
		out.Function = name
	} else {
		out.Function = originalName(frame.Function)
	}
	if notOwn(source, out.Filename) || token.Ignored {
		no := false
		out.InApp = &no
	}
	return out
}

// isGlue reports whether a function is one that webpack puts around the modules of a bundle: it has those of its runtime,
// and calls the wrapper of a module by the module's path.
func isGlue(function string) bool {
	return strings.HasPrefix(function, "__webpack_") || strings.HasPrefix(function, "./") || strings.HasPrefix(function, "(") && strings.Contains(function, ")/./")
}

// isTelling reports whether a name of a stack trace says more than "<anonymous>" does: a name longer than a minifier's.
func isTelling(name string) bool {
	return len(name) > 3 && name != "eval" && !strings.HasPrefix(name, "<") && !strings.HasPrefix(name, "?")
}

// originalName drops the receivers that V8 puts before a function's name and that say nothing.
func originalName(name string) string {
	for _, prefix := range []string{"Object.", "Module."} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			return rest
		}
	}
	return name
}

// notOwn reports whether a source is a package's or a bundler's (debugid rules, section 6.7).
func notOwn(source, display string) bool {
	return strings.HasPrefix(display, "pkg:") || strings.Contains(source, "/node_modules/") || strings.HasPrefix(source, "node:") ||
		strings.HasPrefix(display, "webpack/") || strings.HasPrefix(display, "(webpack)/")
}

// debugIDOf finds the debug ID of a file among the images of an event: exact equality, as SDKs write it.
func debugIDOf(file string, images []model.DebugImage) string {
	for i := range images {
		if images[i].Type == "sourcemap" && images[i].CodeFile == file {
			id, _ := NormalizeID(images[i].DebugID)
			return id
		}
	}
	return ""
}

// sourceExtensions are what only files that somebody wrote end in: no tool writes a bundle so.
var sourceExtensions = []string{".ts", ".mts", ".cts", ".tsx", ".jsx", ".vue", ".svelte", ".astro"}

// IsSource reports whether a frame names a source already: Node with --enable-source-maps, tsx, and Next.js in development
// put stacks back to their source themselves. What a dev server serves under such a name is a script all the same.
func IsSource(file string) bool {
	file = strings.TrimPrefix(file, "file://")
	if i := strings.IndexByte(file, ':'); i > 1 { // a scheme, not a drive
		return false
	}
	for _, ext := range sourceExtensions {
		if strings.HasSuffix(file, ext) {
			return true
		}
	}
	return false
}

// namesSources reports whether the images give one debug ID to several files. A script has one file: these are sources,
// of a stack that was put back to them before the SDK looked for IDs.
func namesSources(id string, images []model.DebugImage) bool {
	files := 0
	for i := range images {
		if images[i].Type != "sourcemap" {
			continue
		}
		if own, _ := NormalizeID(images[i].DebugID); own == id {
			files++
		}
	}
	return files > 1
}

// isScript reports whether a file can be bundled JavaScript at all.
func isScript(file string) bool {
	if strings.HasPrefix(file, "node:") || strings.HasPrefix(file, "native ") || strings.HasPrefix(file, "<") || strings.HasPrefix(file, "internal/") {
		return false
	}
	return file != "native" && file != "[native code]"
}
