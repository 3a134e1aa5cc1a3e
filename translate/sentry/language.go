package sentry

import "strings"

// An SDK is called sentry.<language>[.<framework>], sentry.javascript.<framework>, or raven-<language> in old times.

// sdkNames are languages and frameworks whose name in an SDK is not what developers call them.
var sdkNames = map[string]string{
	"cocoa": "apple", "csharp": ".NET", "dotnet": ".NET", "java": "Java", "javascript": "browser", "js": "browser",
	"nextjs": "Next.js", "react-native": "React Native", "react": "React", "vue": "Vue", "nuxt": "Nuxt", "angular": "Angular",
	"svelte": "Svelte", "sveltekit": "SvelteKit", "python": "Python", "go": "Go", "ruby": "Ruby", "php": "PHP", "rust": "Rust",
	"node": "Node", "nestjs": "NestJS", "deno": "Deno", "bun": "Bun", "kotlin": "Kotlin", "elixir": "Elixir",
	"perl": "Perl", "native": "native", "electron": "Electron", "remix": "Remix", "astro": "Astro", "aws-serverless": "AWS Lambda",
}

// appName is the name of a service that nobody named: "Node app", "browser app", "Python app".
func appName(sdk, platform string) string {
	what := sdkFamily(sdk)
	if i := strings.LastIndexAny(what, ".-"); i >= 0 && (strings.HasPrefix(what, "sentry.javascript.") || strings.HasPrefix(what, "raven-")) {
		what = what[i+1:]
		if sub, ok := strings.CutPrefix(sdk, "sentry.javascript."); ok { // react-native
			what = sub
		}
	} else if rest, ok := strings.CutPrefix(what, "sentry."); ok {
		what = rest
	}
	if what == "" {
		what = platform
	}
	if what == "" || what == "other" {
		return "unknown app"
	}
	if name, ok := sdkNames[what]; ok {
		what = name
	}
	return what + " app"
}

// sdkFamily cuts what an SDK adds to its name while it runs (sentry.go becomes sentry.go.http with the first request).
func sdkFamily(sdk string) string {
	rest, ok := strings.CutPrefix(sdk, "sentry.")
	if !ok || strings.HasPrefix(rest, "javascript.") {
		return sdk
	}
	if i := strings.IndexByte(rest, '.'); i >= 0 {
		return sdk[:len("sentry.")+i]
	}
	return sdk
}

// language is telemetry.sdk.language (semantic conventions, resource/telemetry): from the SDK's name, else from the
// platform of an event. Frameworks that run on both sides (nextjs, react-native) are told by the platform.
func language(sdk, platform string) string {
	if framework, ok := strings.CutPrefix(sdk, "sentry.javascript."); ok {
		switch framework {
		case "node", "nestjs", "bun", "deno", "aws-serverless", "google-cloud-serverless", "cloudflare", "vercel-edge", "opentelemetry":
			return "nodejs"
		case "nextjs", "nuxt", "sveltekit", "remix", "astro", "solidstart", "tanstackstart-react", "react-router", "electron":
			if platform == "node" {
				return "nodejs"
			}
		}
		return "webjs"
	}
	name := strings.TrimPrefix(strings.TrimPrefix(sdkFamily(sdk), "sentry."), "raven-")
	for _, n := range [...]string{name, platform} {
		switch n {
		case "python", "go", "ruby", "php", "java", "rust", "elixir", "perl", "dart":
			return n
		case "kotlin":
			return "java"
		case "dotnet", "csharp":
			return "dotnet"
		case "cocoa", "objc", "swift":
			return "swift"
		case "native", "c", "cpp":
			return "cpp"
		case "node":
			return "nodejs"
		case "javascript", "js":
			return "webjs"
		}
	}
	return ""
}
