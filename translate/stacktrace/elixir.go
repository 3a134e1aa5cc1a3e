package stacktrace

import (
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseElixir reads what Exception.format writes, with or without the line that names the exception:
//
//	** (ArithmeticError) bad argument in arithmetic expression
//	    (shop 0.1.0) lib/shop/prices.ex:12: Shop.Prices.get/1
//	    (stdlib 6.0) :timer.tc/2
//	    lib/shop/worker.ex:30: anonymous fn/1 in Shop.Worker.run/1
func parseElixir(lines []line) *node {
	root := &node{}
	var message []line
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l.body, "** ("); ok && len(root.frames) == 0 && l.indent == 0 {
			if name, text, ok := strings.Cut(rest, ")"); ok && isTypeName(name) {
				root.typ = name
				message = append(message[:0], line{text: strings.TrimLeft(text, " ")})
				continue
			}
		}
		if f, ok := elixirFrame(l); ok {
			root.frames = append(root.frames, f)
		} else if len(root.frames) == 0 && len(message) > 0 {
			message = append(message, l)
		}
	}
	if len(message) > 0 {
		root.value = strings.TrimSpace(joined(message))
	}
	return root
}

// elixirFrame reads: (shop 0.1.0) lib/shop/prices.ex:12: Shop.Prices.get/1
func elixirFrame(l line) (model.Frame, bool) {
	var f model.Frame
	rest, app := l.body, ""
	if l.indent < 2 {
		return f, false
	}
	if in, after, ok := quoted(rest, '(', ')'); ok && strings.HasPrefix(after, " ") {
		app, _, _ = strings.Cut(in, " ")
		rest = after[1:]
	}
	if place, call, ok := strings.Cut(rest, ": "); ok {
		path, row, column, ok := cutPosition(place)
		if !ok || column != 0 || !strings.HasSuffix(path, ".ex") && !strings.HasSuffix(path, ".exs") && !strings.HasSuffix(path, ".erl") {
			return f, false
		}
		f.Filename, f.Line = path, row
		rest = call
	} else if app == "" {
		return f, false
	}
	if rest == "" {
		return f, false
	}
	f.Package = app
	f.Function = rest
	if rest[0] != '(' && !strings.HasPrefix(rest, "anonymous fn/") {
		if i := strings.LastIndexByte(strings.TrimRight(rest, `"/0123456789`), '.'); i > 0 && !strings.Contains(rest[:i], `"`) {
			f.Module, f.Function = rest[:i], rest[i+1:]
		}
	}
	f.InApp = new(elixirInApp(app, f.Filename))
	return f, true
}

// elixirLibraries are applications of the platform and of what most applications run on.
var elixirLibraries = [...]string{
	"elixir", "stdlib", "kernel", "erts", "mix", "ex_unit", "logger", "iex", "compiler", "crypto", "ssl", "phoenix", "phoenix_live_view", "plug",
	"plug_cowboy", "cowboy", "bandit", "thousand_island", "ecto", "ecto_sql", "postgrex", "db_connection", "finch", "mint", "oban", "telemetry", "absinthe",
}

func elixirInApp(app, path string) bool {
	return !slices.Contains(elixirLibraries[:], app) && !strings.HasPrefix(path, "deps/")
}
