package sources

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

// maxResolved bounds the frames of one event that are looked up: a stack overflow has thousands, all alike.
const maxResolved = 500

// Resolve puts the frames of an event back to their source: bundled JavaScript through source maps, with the frames as
// they came kept beside them, and frames of every language get the lines around them where their file may be read. It
// changes ev, but nothing that ev shares with others.
func (f *Finder) Resolve(ev *model.Event) {
	var received time.Time
	if !ev.ReceivedTime.IsZero() {
		received = ev.ReceivedTime.Std()
	}
	r := f.resolver(ev, received)
	for i := range ev.Exceptions {
		frames, mapped, changed := r.stack(ev.Exceptions[i].Frames)
		if !changed {
			continue
		}
		if !r.owned {
			ev.Exceptions, r.owned = slices.Clone(ev.Exceptions), true
		}
		if mapped {
			ev.Exceptions[i].RawFrames = ev.Exceptions[i].Frames
		}
		ev.Exceptions[i].Frames = frames
	}
	ownThreads := false
	for i := range ev.Threads {
		frames, mapped, changed := r.stack(ev.Threads[i].Frames)
		if !changed {
			continue
		}
		if !ownThreads {
			ev.Threads, ownThreads = slices.Clone(ev.Threads), true
		}
		if mapped {
			ev.Threads[i].RawFrames = ev.Threads[i].Frames
		}
		ev.Threads[i].Frames = frames
	}
}

// resolver resolves the stacks of one event.
type resolver struct {
	finder   *Finder
	event    *model.Event
	received time.Time
	around   *surroundings
	found    map[[2]string]foundScript // by file and debug ID: frames of a stack mostly share their scripts
	left     int                       // frames that may still be looked up
	owned    bool                      // ev.Exceptions is a copy
}

func (f *Finder) resolver(ev *model.Event, received time.Time) *resolver {
	return &resolver{finder: f, event: ev, received: received, around: f.surroundingsOf(ev), found: map[[2]string]foundScript{}, left: maxResolved}
}

type foundScript struct {
	script *sourcemap.Script
	reason string
}

// stack resolves the frames of one stack. mapped says that a source map was used or is missed, changed that anything
// differs from before; the slice is then a new one.
func (r *resolver) stack(frames []model.Frame) (out []model.Frame, mapped, changed bool) {
	head := frames[:min(len(frames), max(0, r.left))]
	r.left -= len(head)
	out = frames
	if slices.ContainsFunc(head, func(f model.Frame) bool { return r.isJavaScript(&f) }) {
		var resolved []model.Frame
		if resolved, changed = sourcemap.ResolveFrames(head, r.event.DebugImages, r.findScript); changed {
			out = append(resolved, frames[len(head):]...)
			mapped = slices.ContainsFunc(out, func(f model.Frame) bool { return f.Generated != nil })
			for i := range head {
				r.finder.place(&out[i])
			}
		}
	}
	for i := range head {
		if abs := r.finder.openable(&out[i]); abs != "" {
			if !changed {
				out, changed = slices.Clone(frames), true
			}
			out[i].AbsPath = abs
		}
		if out[i].ContextLine != nil || out[i].Line < 1 {
			continue
		}
		c, ok := r.finder.Lines(fileOf(&out[i]), out[i].Line)
		if !ok {
			continue
		}
		if !changed {
			out, changed = slices.Clone(frames), true
		}
		out[i].PreContext, out[i].ContextLine, out[i].PostContext = c.Pre, &c.Line, c.Post
	}
	return out, mapped, changed
}

// place gives a resolved frame the path of its file on disk, where its map knows a URL only (a dev server's, or one of
// webpack's), so that an editor can open it: the file of that name below a root, when it has the same line there.
func (f *Finder) place(frame *model.Frame) {
	if frame.ResolvedWith == "" || frame.ContextLine == nil || !strings.Contains(frame.AbsPath, "://") {
		return
	}
	if name, ok := strings.CutPrefix(frame.Filename, "~/"); ok {
		if path := f.fileWith(name, frame.Line, *frame.ContextLine); path != "" {
			frame.AbsPath = path
		}
	}
}

// openable is the path of a frame's file on disk, where the frame names a source relative to a root, as Next.js does in
// development; "" when there is none, or it has another line there.
func (f *Finder) openable(frame *model.Frame) string {
	if frame.AbsPath != "" && frame.AbsPath != frame.Filename || frame.Generated != nil || frame.Line < 1 || !sourcemap.IsSource(frame.Filename) {
		return ""
	}
	name := strings.TrimPrefix(frame.Filename, "./")
	if frame.ContextLine != nil {
		return f.fileWith(name, frame.Line, *frame.ContextLine)
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return ""
	}
	for _, root := range f.roots.dirs[:f.ownRoots] {
		if path := filepath.Join(root, filepath.FromSlash(name)); f.roots.exists(path) {
			return path
		}
	}
	return ""
}

// fileWith returns the path of a file below a root by its relative name, when its line is as said; else "".
func (f *Finder) fileWith(name string, line int, text string) string {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return ""
	}
	for _, root := range f.roots.dirs[:f.ownRoots] {
		path := filepath.Join(root, filepath.FromSlash(name))
		if c, ok := f.Lines(path, line); ok && strings.TrimSpace(c.Line) == strings.TrimSpace(text) {
			return path
		}
	}
	return ""
}

// findScript is Find for files that can be JavaScript; an event may mix languages.
func (r *resolver) findScript(file, debugID string) (*sourcemap.Script, string) {
	if debugID == "" && !r.scriptByName(file) {
		return nil, ""
	}
	key := [2]string{file, debugID}
	got, ok := r.found[key]
	if !ok {
		if sourcemap.IsEvaluated(file) {
			f := r.finder.cache.get("eval:"+r.around.name()+"\x00"+file, r.received, func(known found) found { return r.around.evaluated(file, known) })
			got = foundScript{f.script, f.reason}
		} else {
			got = r.fromFile(file, debugID)
		}
		r.found[key] = got
	}
	return got.script, got.reason
}

// fromFile finds a script that a stack trace names by a file or URL.
func (r *resolver) fromFile(file, debugID string) foundScript {
	find := func(place string) (got foundScript) {
		got.script, got.reason = r.finder.find(file, place, debugID, r.event.Release, r.event.Dist, r.received)
		return got
	}
	got := find(r.around.locate(file))
	if got.script != nil && got.script.Map != nil || debugID == "" && !hashed(path.Base(file)) {
		return got
	}
	if local := r.around.onDisk(file); local != "" {
		if other := find(local); other.script != nil && other.script.Map != nil {
			return other
		}
	}
	return got
}

var scriptPlatforms = []string{"javascript", "node", "nodejs", "webjs"}

// isJavaScript reports whether a frame can be one of a script, by what is said of it or by its file's name.
func (r *resolver) isJavaScript(frame *model.Frame) bool {
	switch {
	case frame.Platform != "":
		return slices.Contains(scriptPlatforms, frame.Platform)
	case r.event.Platform != "":
		return slices.Contains(scriptPlatforms, r.event.Platform) || len(r.event.DebugImages) > 0 && r.scriptByName(fileOf(frame))
	}
	return r.scriptByName(fileOf(frame))
}

// scriptByName reports whether a file looks like a script. In a browser anything with a URL is one.
func (r *resolver) scriptByName(file string) bool {
	file, _, _ = strings.Cut(file, "?")
	if slices.Contains(scriptExtensions, strings.ToLower(path.Ext(file))) {
		return true
	}
	return strings.HasPrefix(file, "http://") || strings.HasPrefix(file, "https://") || strings.HasPrefix(file, "webpack-internal:")
}

// fileOf returns the path of a frame that can be opened, if any.
func fileOf(frame *model.Frame) string {
	if frame.AbsPath != "" {
		return frame.AbsPath
	}
	if filepath.IsAbs(frame.Filename) || strings.Contains(frame.Filename, "://") {
		return frame.Filename
	}
	return ""
}
