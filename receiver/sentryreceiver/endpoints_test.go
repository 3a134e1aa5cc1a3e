package sentryreceiver

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// bodies returns the bodies of all log records by event name.
func (h *harness) bodies() map[string][]string {
	m := map[string][]string{}
	for _, ld := range h.logs.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					m[lr.EventName()] = append(m[lr.EventName()], text0(lr.Body()))
				}
			}
		}
	}
	return m
}

func TestSecurity(t *testing.T) {
	h := start(t, nil)
	const csp = `{"csp-report":{"document-uri":"http://localhost/","violated-directive":"img-src"}}`
	for _, c := range []struct {
		name, path, body, contentType string
		want                          []string
	}{
		{"one", "/api/1/security/?sentry_key=k", csp, "application/csp-report", []string{csp}},
		{"old path", "/api/1/csp-report/", csp, "application/json", []string{csp}},
		{"no content type", "/api/1/security/", csp, "", []string{csp}},
		{"text", "/api/1/security/", csp, "text/plain", []string{csp}},
		{"list", "/api/1/security/", `[{"type":"csp-violation","body":{"n":1}} , 5, {"type":"deprecation","body":{"n":1.10}}]`, "application/reports+json",
			[]string{`{"type":"csp-violation","body":{"n":1}}`, `{"type":"deprecation","body":{"n":1.10}}`}},
	} {
		h.reset()
		resp := h.post(c.path, c.body, "Content-Type", c.contentType)
		require.Equal(t, http.StatusOK, resp.status, "%s: %s", c.name, resp.body)
		require.Empty(t, resp.body)
		require.Equal(t, map[string][]string{"sentry.raw_security": c.want}, h.bodies(), c.name)
		require.Equal(t, "security", h.resource()["sentry.received_from"])
	}
	h.reset()
	require.Equal(t, http.StatusOK, h.post("/api/1/security/?sentry_release=web%401.2&sentry_environment=dev", csp).status)
	require.Contains(t, h.stored(), "web@1.2")

	for _, c := range []struct {
		body, contentType string
		status            int
	}{
		{"hello", "text/html", http.StatusUnsupportedMediaType},
		{"hello", "application/csp-report", http.StatusBadRequest},
		{"[]", "application/reports+json", http.StatusBadRequest},
		{"[1,2]", "application/reports+json", http.StatusBadRequest},
		{"", "application/csp-report", http.StatusBadRequest},
	} {
		require.Equal(t, c.status, h.post("/api/1/security/", c.body, "Content-Type", c.contentType).status, "%+v", c)
	}
}

func TestNEL(t *testing.T) {
	h := start(t, nil)
	resp := h.post("/api/1/nel/", `[{"type":"network-error","url":"http://localhost/a"},{"type":"network-error","url":"http://localhost/b"}]`, "Content-Type", "application/reports+json")
	require.Equal(t, http.StatusOK, resp.status)
	require.Len(t, h.bodies()["sentry.nel"], 2)
}

type field struct{ name, filename, data string }

func multi(t *testing.T, fields ...field) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if f.filename == "" {
			require.NoError(t, w.WriteField(f.name, f.data))
			continue
		}
		part, err := w.CreateFormFile(f.name, f.filename)
		require.NoError(t, err)
		_, _ = part.Write([]byte(f.data))
	}
	require.NoError(t, w.Close())
	return b.String(), w.FormDataContentType()
}

func TestMinidump(t *testing.T) {
	h := start(t, nil)
	body, kind := multi(t,
		field{"upload_file_minidump", `C:\dumps\crash.dmp`, "MDMP\x93\xa7\x00\n\r\n--"},
		field{"sentry", "", `{"release":"native@1","tags":{"a":"b"},"extra":{"big":12345678901234567890}}`},
		field{"sentry[environment]", "", "dev"},
		field{"sentry[tags][c]", "", "d"},
		field{"sentry[release][x]", "", "ignored: release is text"},
		field{"gpu", "", "none"},
		field{"log", "app.log", "line\n"},
		field{"__sentry-event", "__sentry-event", "\x82\xa7message\xa5hello"},
	)
	for _, path := range []string{"/api/1/minidump/?sentry_key=k", "/api/1/minidump"} {
		h.reset()
		resp := h.post(path, body, "Content-Type", kind)
		require.Equal(t, http.StatusOK, resp.status, resp.body)
		require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, resp.body)
		id := strings.ReplaceAll(resp.body, "-", "")

		got := h.bodies()
		require.Len(t, got["sentry.attachment"], 3)
		require.Contains(t, got["sentry.attachment"], "MDMP\x93\xa7\x00\n\r\n--")
		require.Equal(t, []string{`[["sentry","{\"release\":\"native@1\",\"tags\":{\"a\":\"b\"},\"extra\":{\"big\":12345678901234567890}}"],["sentry[environment]","dev"],["sentry[tags][c]","d"],["sentry[release][x]","ignored: release is text"],["gpu","none"]]`},
			got["sentry.form_data"])
		var crash string
		for name, bodies := range got {
			if name == "exception" || name == "sentry.message" {
				crash += strings.Join(bodies, "")
			}
		}
		require.JSONEq(t, `{"event_id":"`+id+`","platform":"native","level":"fatal","release":"native@1","environment":"dev","tags":{"a":"b","c":"d"},
			"extra":{"big":12345678901234567890,"gpu":"none"},
			"exception":{"values":[{"type":"Minidump","value":"Native crash; the minidump is attached","mechanism":{"type":"minidump","handled":false,"synthetic":true}}]}}`, crash)
		require.Contains(t, crash, "12345678901234567890")
		for _, kind := range []string{"event.minidump", "event.payload", `C:\dumps\crash.dmp`} {
			require.Contains(t, h.stored(), kind)
		}
	}
}

func TestMinidump_JSONInPieces(t *testing.T) {
	h := start(t, nil)
	body, kind := multi(t,
		field{"sentry__2", "", `"cut in pieces","event_id":"B2C3D4E5-F607-1829-3A4B-5C6D7E8F9012"}`},
		field{"sentry__1", "", `{"message":`},
		field{"upload_file_minidump", "a.dmp", "MDMP"},
	)
	resp := h.post("/api/1/minidump/", body, "Content-Type", kind)
	require.Equal(t, "b2c3d4e5-f607-1829-3a4b-5c6d7e8f9012", resp.body)
	require.Contains(t, h.stored(), `"message":"cut in pieces"`)
}

func TestMinidump_Raw(t *testing.T) {
	h := start(t, nil)
	for _, body := range []string{"MDMP\x93\xa7", string(gzipped([]byte("MDMP\x93\xa7")))} {
		h.reset()
		resp := h.post("/api/1/minidump/", body, "Content-Type", "application/octet-stream")
		require.Equal(t, http.StatusOK, resp.status, resp.body)
		require.Equal(t, []string{"MDMP\x93\xa7"}, h.bodies()["sentry.attachment"])
	}
}

func TestMinidump_Refused(t *testing.T) {
	h := start(t, nil)
	without, kind := multi(t, field{"log", "app.log", "x"})
	for _, c := range []struct{ name, body, contentType string }{
		{"not a dump", "hello", "application/octet-stream"},
		{"no dump in the form", without, kind},
		{"no boundary", "--XX\r\n", "multipart/form-data"},
		{"not a form", "hello", "multipart/form-data; boundary=XX"},
		{"empty", "", "multipart/form-data; boundary=XX"},
	} {
		resp := h.post("/api/1/minidump/", c.body, "Content-Type", c.contentType)
		require.Equal(t, http.StatusBadRequest, resp.status, c.name)
	}
	many := make([]field, maxParts+1)
	for i := range many {
		many[i] = field{name: "a"}
	}
	body, kind := multi(t, many...)
	require.Equal(t, http.StatusRequestEntityTooLarge, h.post("/api/1/minidump/", body, "Content-Type", kind).status)
	require.Zero(t, h.records())
}

func TestMinidump_FormCutOff(t *testing.T) {
	h := start(t, nil)
	body, kind := multi(t, field{"upload_file_minidump", "a.dmp", "MDMPxyz"}, field{"log", "app.log", strings.Repeat("x", 100)})
	resp := h.post("/api/1/minidump/", body[:len(body)-120], "Content-Type", kind)
	require.Equal(t, http.StatusOK, resp.status, resp.body)
	require.Contains(t, h.bodies()["sentry.attachment"], "MDMPxyz")
}

func TestUnreal(t *testing.T) {
	h := start(t, nil)
	report := string(zlibbed([]byte("CR1 and so on")))
	resp := h.post("/api/1/unreal/publickey/?UserID=x", report)
	require.Equal(t, http.StatusOK, resp.status)
	require.Len(t, resp.body, 36)
	require.Equal(t, []string{report}, h.bodies()["sentry.unreal_report"], "kept as it came: its compression is its own")
	require.Equal(t, "publickey", h.resource()["sentry.public_key"])
	require.Equal(t, http.StatusBadRequest, h.post("/api/1/unreal/publickey/", "").status)
}

func TestAttachments(t *testing.T) {
	h := start(t, nil)
	const path = "/api/1/events/B2C3D4E5-F607-1829-3A4B-5C6D7E8F9012/attachments/"
	body, kind := multi(t, field{"a", "one.txt", "first\n"}, field{"note", "", "no file"}, field{"b", "../../two.bin", "\x00\xff"})
	resp := h.post(path, body, "Content-Type", kind)
	require.Equal(t, http.StatusCreated, resp.status, resp.body)
	require.Equal(t, map[string][]string{"sentry.attachment": {"first\n", "\x00\xff"}}, h.bodies())
	require.Contains(t, h.stored(), "b2c3d4e5f60718293a4b5c6d7e8f9012")
	require.Contains(t, h.stored(), "../../two.bin", "a name is a label")

	h.reset()
	gz := string(gzipped([]byte("a file that is compressed")))
	resp = h.post(path+"?filename=app.log.gz", gz, "Content-Type", "application/gzip")
	require.Equal(t, http.StatusCreated, resp.status)
	require.Equal(t, []string{gz}, h.bodies()["sentry.attachment"])

	require.Equal(t, http.StatusBadRequest, h.post("/api/1/events/nope/attachments/", "x").status)
	require.Equal(t, http.StatusBadRequest, h.post(path, "").status)
	onlyText, kind := multi(t, field{"note", "", "no file"})
	require.Equal(t, http.StatusBadRequest, h.post(path, onlyText, "Content-Type", kind).status)
}

func TestCron(t *testing.T) {
	h := start(t, nil)
	for _, c := range []struct{ name, method, path, body, want string }{
		{"query", "GET", "/api/1/cron/nightly/publickey/?status=ok&environment=dev&duration=5.25", "",
			`{"check_in_id":"00000000000000000000000000000000","duration":5.25,"environment":"dev","monitor_slug":"nightly","status":"ok"}`},
		{"key in the query", "POST", "/api/1/cron/nightly?sentry_key=k&sentry_version=7&status=in_progress&check_in_id=b2c3d4e5f60718293a4b5c6d7e8f9012", "",
			`{"check_in_id":"b2c3d4e5f60718293a4b5c6d7e8f9012","monitor_slug":"nightly","status":"in_progress"}`},
		{"JSON", "POST", "/api/1/cron/nightly/k", `{"status":"error","monitor_config":{"schedule":{"type":"crontab","value":"5 * * * *"},"timezone":"Europe/Vienna"},"duration":1.10}`,
			`{"check_in_id":"00000000000000000000000000000000","duration":1.10,"monitor_config":{"schedule":{"type":"crontab","value":"5 * * * *"},"timezone":"Europe/Vienna"},"monitor_slug":"nightly","status":"error"}`},
		{"a number that is none", "GET", "/api/1/cron/nightly/k?status=ok&duration=0x10", "",
			`{"check_in_id":"00000000000000000000000000000000","duration":"0x10","monitor_slug":"nightly","status":"ok"}`},
	} {
		h.reset()
		resp := h.send(request(c.method, c.path, c.body))
		require.Equal(t, http.StatusAccepted, resp.status, "%s: %s", c.name, resp.body)
		require.Equal(t, []string{c.want}, h.bodies()["sentry.check_in"], c.name)
	}
	h.reset()
	for _, c := range []struct{ path, body string }{
		{"/api/1/cron/nightly", ""},
		{"/api/1/cron/nightly?status=fine", ""},
		{"/api/1/cron/nightly", `{"status":5}`},
		{"/api/1/cron/nightly", `{"status":`},
	} {
		resp := h.post(c.path, c.body)
		require.Equal(t, http.StatusBadRequest, resp.status, "%+v", c)
	}
	require.Zero(t, h.records())
}
