package sentryreceiver

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// identity is how a request says who sends it. All forms are labels: none is required, none is checked, and it does not
// matter when two disagree (Sentry answers 401 and 403 there).
type identity struct {
	key    string // public key of the DSN
	client string // sentry_client: SDK name/version
}

// identify reads the forms in the order of Sentry's documentation: X-Sentry-Auth, Authorization, query, path. What is still
// missing then may be in the dsn of the envelope's header, see dsnOf.
func (c *call) identify() identity {
	var id identity
	id.fill(sentryAuth(c.Header.Get("X-Sentry-Auth")))
	id.fill(authorization(c.Header.Get("Authorization")))
	if c.URL.RawQuery != "" {
		query := c.query()
		id.fill(identity{key: first(query.Get("sentry_key"), query.Get("glitchtip_key")), client: query.Get("sentry_client")})
	}
	id.fill(identity{key: c.pathKey})
	if agent := c.Header.Get("User-Agent"); strings.HasPrefix(agent, "sentry") || strings.HasPrefix(agent, "raven") {
		id.fill(identity{client: agent})
	}
	return id
}

// fill takes from other what is not known yet.
func (id *identity) fill(other identity) {
	id.key = first(id.key, other.key)
	id.client = first(id.client, other.client)
}

// sentryAuth reads "Sentry sentry_key=K, sentry_version=7, sentry_client=NAME/VERSION", with or without the first word. Old
// SDKs separate with blanks or leave out the blank after a comma.
func sentryAuth(header string) (id identity) {
	rest := strings.TrimSpace(header)
	if len(rest) >= 6 && strings.EqualFold(rest[:6], "sentry") && (len(rest) == 6 || rest[6] == ' ') {
		rest = rest[6:]
	}
	for part := range strings.FieldsFuncSeq(rest, func(r rune) bool { return r == ',' || r == ' ' }) {
		name, value, _ := strings.Cut(part, "=")
		value = strings.Trim(value, `"`)
		if strings.Contains(value, "%") {
			if plain, err := url.QueryUnescape(value); err == nil {
				value = plain
			}
		}
		switch strings.ToLower(name) {
		case "sentry_key":
			id.key = value
		case "sentry_client":
			id.client = value
		}
	}
	return id
}

// authorization reads the header Authorization: the form of X-Sentry-Auth, or Basic with the key as user.
func authorization(header string) identity {
	scheme, value, _ := strings.Cut(header, " ")
	switch strings.ToLower(scheme) {
	case "sentry":
		return sentryAuth(header)
	case "basic":
		plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil {
			return identity{}
		}
		user, _, _ := strings.Cut(string(plain), ":")
		return identity{key: user}
	}
	return identity{}
}

// dsnOf takes a DSN apart: scheme://KEY[:SECRET]@host[/path]/PROJECT.
func dsnOf(dsn string) (key, project string) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", ""
	}
	if u.User != nil {
		key = u.User.Username()
	}
	path := strings.TrimRight(u.Path, "/")
	return key, path[strings.LastIndexByte(path, '/')+1:]
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
