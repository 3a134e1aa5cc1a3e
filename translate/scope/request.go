package scope

import (
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Keys of the HTTP semantic conventions, the present one in front of those it replaced.
var (
	methodKeys = []string{"http.request.method", "http.method"}
	statusKeys = []string{"http.response.status_code", "http.status_code"}
	schemeKeys = []string{"url.scheme", "http.scheme"}
	hostKeys   = []string{"server.address", "http.host", "net.host.name", "http.server_name"}
	portKeys   = []string{"server.port", "net.host.port"}
	agentKeys  = []string{"user_agent.original", "http.user_agent"}
	clientKeys = []string{"client.address", "http.client_ip"}
)

// sensitive are headers whose values are shown only with send_default_pii.
var sensitive = map[string]bool{
	"authorization": true, "cookie": true, "set-cookie": true, "x-api-key": true, "proxy-authorization": true,
}

const filtered = "[Filtered]"

func firstText(a model.Attributes, keys []string) string {
	for _, k := range keys {
		if s := text(a, k); s != "" {
			return s
		}
	}
	return ""
}

// rootLayer returns what the first span of a request says about it: the request, the response, the name of the
// transaction, and with send_default_pii the user's address.
func rootLayer(n *node, r *rules) *Layer {
	s := n.span
	l := &Layer{Name: model.LayerIsolation, Origin: n.origin()}
	entry := s.Kind == model.KindServer || s.Kind == model.KindConsumer
	if entry || n.final && (!n.nested || isSegment(n)) {
		l.Transaction = transactionOf(s)
	}
	if !entry {
		return l
	}
	attrs := s.Attributes.Unpack()
	l.Request = requestOf(attrs, r)
	if resp := responseOf(attrs, r); len(resp) > 0 {
		l.Contexts = model.Attributes{{Key: "response", Value: model.Map(resp)}}
	}
	if ip := firstText(attrs, clientKeys); ip != "" && r.SendDefaultPII {
		l.User = User{State: UserSet, Fields: model.Attributes{{Key: "ip_address", Value: model.String(ip)}}}
	}
	return l
}

// transactionOf names what a request was about: method and route, service and method, operation and destination, else
// the span.
func transactionOf(s *model.Span) string {
	a := s.Attributes.Unpack()
	if method, route := firstText(a, methodKeys), text(a, "http.route"); method != "" && route != "" {
		return method + " " + route
	}
	if service, method := text(a, "rpc.service"), text(a, "rpc.method"); service != "" && method != "" {
		return service + "/" + method
	}
	op := firstText(a, []string{"messaging.operation.name", "messaging.operation.type", "messaging.operation"})
	if dest := firstText(a, []string{"messaging.destination.name", "messaging.destination"}); op != "" && dest != "" {
		return op + " " + dest
	}
	return s.Name
}

// requestOf reads the request of a server span, nil when the span knows none.
func requestOf(a model.Attributes, r *rules) *model.Request {
	var req model.Request
	req.Method = firstText(a, methodKeys)
	address := urlOf(a)
	query := strings.TrimPrefix(text(a, "url.query"), "?")
	var inside string
	req.URL, inside, _ = strings.Cut(address, "?")
	req.URL, _, _ = strings.Cut(req.URL, "#")
	if query == "" {
		query, _, _ = strings.Cut(inside, "#")
	}
	req.Query = queryOf(query)
	req.Headers = headersOf(a, "http.request.header.", r)
	if agent := firstText(a, agentKeys); agent != "" && !hasHeader(req.Headers, "User-Agent") {
		req.Headers = append(req.Headers, model.NameValue{Name: "User-Agent", Value: agent})
	}
	if req.Method == "" && req.URL == "" && len(req.Headers) == 0 {
		return nil
	}
	if ip := firstText(a, clientKeys); ip != "" {
		req.Env = model.Attributes{{Key: "REMOTE_ADDR", Value: model.String(ip)}}
	}
	return &req
}

// urlOf returns the URL of a server span, which may come in one piece or in several.
func urlOf(a model.Attributes) string {
	if full := firstText(a, []string{"url.full", "http.url"}); full != "" {
		return full
	}
	path := firstText(a, []string{"url.path", "http.target"})
	scheme, host := firstText(a, schemeKeys), firstText(a, hostKeys)
	if scheme == "" || host == "" {
		return path
	}
	port := firstText(a, portKeys)
	if standard := scheme == "http" && port == "80" || scheme == "https" && port == "443"; port != "" && !standard && !hasPort(host) {
		if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
			host = "[" + host + "]"
		}
		host += ":" + port
	}
	return scheme + "://" + host + path
}

// hasPort reports whether a host, as http.host had it, ends in a port.
func hasPort(host string) bool {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.Contains(host[:i], ":") && !strings.HasSuffix(host[:i], "]") {
		return false
	}
	_, err := strconv.ParseUint(host[i+1:], 10, 16)
	return err == nil
}

// queryOf splits a query string; what cannot be unescaped stays as it is.
func queryOf(query string) []model.NameValue {
	if query == "" {
		return nil
	}
	var out []model.NameValue
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if part != "" && len(out) < maxFieldKeys {
			out = append(out, model.NameValue{Name: unescape(name), Value: unescape(value)})
		}
	}
	return out
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// headersOf reads captured headers, in order of name. Values of one header are joined as HTTP does.
func headersOf(a model.Attributes, prefix string, r *rules) []model.NameValue {
	var out []model.NameValue
	for _, at := range a {
		key, ok := strings.CutPrefix(at.Key, prefix)
		if !ok || key == "" || len(out) >= maxFieldKeys {
			continue
		}
		key = strings.ReplaceAll(strings.ToLower(key), "_", "-") // semantic conventions before 1.21 wrote underscores
		value := strings.Join(texts(at.Value), ", ")
		if sensitive[key] && !r.SendDefaultPII {
			value = filtered
		}
		if name := textproto.CanonicalMIMEHeaderKey(key); !hasHeader(out, name) {
			out = append(out, model.NameValue{Name: name, Value: value})
		}
	}
	return out
}

func hasHeader(headers []model.NameValue, name string) bool {
	for _, h := range headers {
		if h.Name == name {
			return true
		}
	}
	return false
}

// responseOf reads the response of a server span: Sentry's context "response".
func responseOf(a model.Attributes, r *rules) model.Attributes {
	var out model.Attributes
	if headers := headersOf(a, "http.response.header.", r); len(headers) > 0 {
		fields := make(model.Attributes, len(headers))
		for i, h := range headers {
			fields[i] = model.Attribute{Key: h.Name, Value: model.String(h.Value)}
		}
		out = append(out, model.Attribute{Key: "headers", Value: model.Map(fields.Sort())})
	}
	for _, key := range statusKeys {
		if v, ok := a.Get(key); ok {
			return append(out, model.Attribute{Key: "status_code", Value: v})
		}
	}
	return out
}

func spanOrigin(id model.SpanID) string { return "span:" + id.String() }
