package issue

import "strings"

// word looks at what begins with a letter or a digit, the longest reading first.
func (n *normaliser) word() {
	rest := n.in[n.at:]
	end := 0
	for end < len(rest) && (isLetter(rest[end]) || isDigit(rest[end])) {
		end++
	}
	if !n.afterBreak() { // goes on behind something that was kept, like the letters behind a number
		n.keep(end)
		return
	}
	switch {
	case n.url(rest, end), n.email(rest, end), n.uuid(rest), n.date(rest), n.ipv4(rest), n.ipv6(n.at), n.hexNumber(rest):
	case end == 1 && strings.HasPrefix(rest[1:], `:\`), end == 1 && strings.HasPrefix(rest[1:], ":/"):
		n.drive(rest)
	case isDigit(rest[0]):
		n.number(rest, end)
	default:
		n.identifier(rest[:end])
	}
}

// url replaces scheme://...
func (n *normaliser) url(rest string, end int) bool {
	if !strings.HasPrefix(rest[end:], "://") {
		return false
	}
	end += len("://")
	for end < len(rest) && !isSpace(rest[end]) && strings.IndexByte("\"'`<>|)]}", rest[end]) < 0 {
		end++
	}
	n.take(len(strings.TrimRight(rest[:end], ".,:;!?")), partURL)
	return true
}

const maxEmail = 254 // RFC 5321

// email replaces name@host.tld.
func (n *normaliser) email(rest string, end int) bool {
	rest = rest[:min(len(rest), maxEmail)]
	at := min(end, len(rest))
	for at < len(rest) && (isLetter(rest[at]) || isDigit(rest[at]) || strings.IndexByte("._%+-", rest[at]) >= 0) {
		at++
	}
	if at == len(rest) || rest[at] != '@' {
		return false
	}
	stop, dots := at+1, 0
	for stop < len(rest) && (isLetter(rest[stop]) || isDigit(rest[stop]) || rest[stop] == '-' || rest[stop] == '.') {
		if rest[stop] == '.' {
			dots++
		}
		stop++
	}
	host := strings.TrimRight(rest[at+1:stop], ".-")
	if host == "" || !strings.Contains(host, ".") {
		return false
	}
	n.take(at+1+len(host), partEmail)
	return true
}

// uuid replaces 8-4-4-4-12 hex digits.
func (n *normaliser) uuid(rest string) bool {
	const length = 36
	if len(rest) < length || len(rest) > length && (isLetter(rest[length]) || isDigit(rest[length])) {
		return false
	}
	for i := range length {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (rest[i] == '-') || !dash && !isHexDigit(rest[i]) {
			return false
		}
	}
	n.take(length, partUUID)
	return true
}

// date replaces dates and times of ISO 8601 (2026-11-21, 2026-11-21T19:57:00.123Z, 19:57:00) and 2026/11/21.
func (n *normaliser) date(rest string) bool {
	end := 0
	if fits(rest, "0000-00-00") || fits(rest, "0000/00/00") {
		end = 10
		if end+1 < len(rest) && (rest[end] == 'T' || rest[end] == ' ') && fits(rest[end+1:], "00:00") {
			end += 1 + clockLength(rest[end+1:])
		}
	} else if fits(rest, "00:00:00") {
		end = clockLength(rest)
	}
	if end == 0 || end < len(rest) && isDigit(rest[end]) {
		return false
	}
	n.take(end, partDate)
	return true
}

// clockLength returns the length of 19:57, 19:57:00, 19:57:00.123, with Z or +02:00 behind.
func clockLength(s string) int {
	end := len("00:00")
	if fits(s[end:], ":00") {
		end += len(":00")
		if end+1 < len(s) && (s[end] == '.' || s[end] == ',') && isDigit(s[end+1]) {
			for end++; end < len(s) && isDigit(s[end]); end++ {
			}
		}
	}
	switch {
	case end < len(s) && s[end] == 'Z':
		end++
	case end < len(s) && (s[end] == '+' || s[end] == '-') && fits(s[end+1:], "00:00"):
		end += len("+00:00")
	case end < len(s) && (s[end] == '+' || s[end] == '-') && fits(s[end+1:], "0000"):
		end += len("+0000")
	}
	return end
}

// fits reports whether s begins like the pattern, in which 0 is any digit.
func fits(s, pattern string) bool {
	if len(s) < len(pattern) {
		return false
	}
	for i := range len(pattern) {
		if pattern[i] == '0' && !isDigit(s[i]) || pattern[i] != '0' && s[i] != pattern[i] {
			return false
		}
	}
	return true
}

// ipv4 replaces 127.0.0.1, with a port if there is one.
func (n *normaliser) ipv4(rest string) bool {
	end := 0
	for group := range 4 {
		if group > 0 {
			if end >= len(rest) || rest[end] != '.' {
				return false
			}
			end++
		}
		start := end
		for end < len(rest) && end-start < 3 && isDigit(rest[end]) {
			end++
		}
		if end == start {
			return false
		}
	}
	if end < len(rest) && (isDigit(rest[end]) || isLetter(rest[end])) || end+1 < len(rest) && rest[end] == '.' && isDigit(rest[end+1]) {
		return false
	}
	n.take(end+portLength(rest[end:]), partIP)
	return true
}

// portLength returns the length of :8080, 0 when s does not begin so.
func portLength(s string) int {
	end := 1
	for end < len(s) && end < 6 && isDigit(s[end]) {
		end++
	}
	if s == "" || s[0] != ':' || end == 1 {
		return 0
	}
	return end
}

// ipv6 replaces ::1 and 2001:db8::1.
func (n *normaliser) ipv6(start int) bool {
	rest := n.in[start:]
	end, colons, double, group := 0, 0, false, 0
	for end < len(rest) && end < 45 {
		c := rest[end]
		switch {
		case c == ':':
			colons++
			double = double || end+1 < len(rest) && rest[end+1] == ':'
			group = 0
		case isHexDigit(c) && group < 4:
			group++
		default:
			if isLetter(c) || isDigit(c) {
				return false
			}
			return n.takeIPv6(end, colons, double)
		}
		end++
	}
	return n.takeIPv6(end, colons, double)
}

func (n *normaliser) takeIPv6(size, colons int, double bool) bool {
	if !double && colons != 7 || colons < 2 || size < 3 {
		return false
	}
	if n.in[n.at+size-1] == ':' && !strings.HasSuffix(n.in[n.at:n.at+size], "::") {
		size-- // a colon behind the address
	}
	n.take(size, partIP)
	return true
}

// hexNumber replaces 0x1f, and eight and more hex digits of which one is a digit and one a letter.
func (n *normaliser) hexNumber(rest string) bool {
	end, digits, letters := 0, 0, 0
	if len(rest) > 2 && rest[0] == '0' && (rest[1] == 'x' || rest[1] == 'X') {
		for end = 2; end < len(rest) && isHexDigit(rest[end]); end++ {
		}
		if end > 2 && (end == len(rest) || !isLetter(rest[end])) {
			n.take(end, partHex)
			return true
		}
		return false
	}
	for end < len(rest) && isHexDigit(rest[end]) {
		if isDigit(rest[end]) {
			digits++
		} else {
			letters++
		}
		end++
	}
	if end < 8 || digits == 0 || letters == 0 || end < len(rest) && isLetter(rest[end]) {
		return false
	}
	n.take(end, partHex)
	return true
}

// drive replaces C:\dir\file.
func (n *normaliser) drive(rest string) {
	end := 2
	for end < len(rest) && (isPathByte(rest[end]) || rest[end] == '/' || rest[end] == '\\') {
		end++
	}
	size := len(strings.TrimRight(rest[:end], ".,:;)?"))
	if size < 4 {
		n.keep(1)
		return
	}
	n.take(size, partPath)
}

// number replaces a number; a unit behind it stays (1.5s), a word with digits goes as a whole (3f9a, 1st stays).
func (n *normaliser) number(rest string, end int) {
	digits := 0
	for digits < len(rest) && isNumberByte(rest, digits) {
		digits++
	}
	if digits < end && looksMade(rest[:end]) {
		n.take(end, partID)
		return
	}
	n.take(digits, partNumber)
	if e := digits; e+1 < len(rest) && (rest[e] == 'e' || rest[e] == 'E') { // 1e9, 1.5e-7
		x := e + 1
		if (rest[x] == '-' || rest[x] == '+') && x+1 < len(rest) {
			x++
		}
		if y := x; isDigit(rest[y]) {
			for y < len(rest) && isDigit(rest[y]) {
				y++
			}
			if y == len(rest) || !isLetter(rest[y]) {
				n.parts[len(n.parts)-1].End += y - e
				n.at += y - e
			}
		}
	}
	tail := n.at
	for tail < len(n.in) && (isLetter(n.in[tail]) || isDigit(n.in[tail])) {
		tail++
	}
	n.keep(tail - n.at) // the unit
}

// identifier passes a word on, or replaces it when it looks like an id that a machine made.
func (n *normaliser) identifier(w string) {
	if looksMade(w) {
		n.take(len(w), partID)
		return
	}
	n.keep(len(w))
}

// looksMade reports whether a word of letters and digits is an id: a1b2c3, SKU10042, not sha256 or utf8.
func looksMade(w string) bool {
	digits, turns := 0, 0
	for i := range len(w) {
		if isDigit(w[i]) {
			digits++
			if i > 0 && !isDigit(w[i-1]) {
				turns++
			}
		}
	}
	if digits == len(w) || digits == 0 {
		return false
	}
	return len(w) >= 6 && (turns > 1 || digits > 3) || len(w) >= 16 && digits > 1
}
