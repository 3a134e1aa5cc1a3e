package stacktrace

import (
	"os"
	"strings"
	"testing"
)

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"javascript/cause", "python/chained", "go/otel-panic-http", "java/reflect", "dotnet/inner"} {
		text, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			b.Fatal(err)
		}
		for _, language := range []string{name[:strings.IndexByte(name, '/')], "guess"} {
			b.Run(name+"/as="+language, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					Parse(string(text), language, "", "")
				}
			})
		}
	}
}

// BenchmarkParse_Hostile shows that no text takes more than some tens of milliseconds.
func BenchmarkParse_Hostile(b *testing.B) {
	for name, unit := range map[string]string{
		"newlines":     "\n",
		"one line":     "x",
		"brackets":     "#0 " + strings.Repeat("(", 2000) + "\n",
		"closed":       "#0 " + strings.Repeat("():", 1000) + "\n",
		"at":           "at a (b:1:1)\n",
		"colours":      "\x1b[",
		"java causes":  "Caused by: a.B\n\t... 999 more\n",
		"java frames":  "\tat a.B.c(B.java:1)\n",
		"js causes":    "    [cause]: E\n... 9 lines matching cause stack trace ...\n",
		"js errors":    "[errors]: [\n  E: x\n",
		"py groups":    "Exception Group Traceback (\n  +-+--- 1\n    +-+--- 1\n",
		"py tracebk":   pyTraceback + "\n" + pyDuring + "\n",
		"dotnet arrow": " ---> a",
		"rust hashes":  "  0: " + strings.Repeat("a[0123456789abcdef]", 100) + "\n",
	} {
		text := strings.Repeat(unit, maxText/len(unit))
		if name == "java causes" {
			text = strings.Repeat("\tat a.B.c(B.java:1)\n", 1000) + text
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(text, "", "", "")
			}
		})
	}
}
