package stacktrace

// language is a way of writing stack traces.
type language struct {
	name    string
	aliases []string // values of telemetry.sdk.language, and platforms of Sentry
	parse   func(lines []line) *node
}

// languages has one row for each file of this package that reads a language. The order decides between parsers that find
// equally many frames in a text of unknown language: the stricter ones stand first.
var languages = [...]language{
	{"python", []string{"python"}, parsePython},
	{"go", []string{"go", "golang"}, parseGo},
	{"rust", []string{"rust", "native"}, parseRust},
	{"java", []string{"java", "kotlin", "scala", "groovy", "clojure", "android"}, parseJava},
	{"php", []string{"php"}, parsePHP},
	{"dotnet", []string{"dotnet", "csharp", "net"}, parseDotnet},
	{"javascript", []string{"nodejs", "webjs", "javascript", "node", "browser", "deno", "bun", "react-native"}, parseJavaScript},
	{"ruby", []string{"ruby"}, parseRuby},
	{"elixir", []string{"elixir", "erlang"}, parseElixir},
}

// find returns the row of a language, nil for one that is not known.
func find(name string) *language {
	for i := range languages {
		if languages[i].name == name {
			return &languages[i]
		}
		for _, alias := range languages[i].aliases {
			if alias == name {
				return &languages[i]
			}
		}
	}
	return nil
}
