package model

import "unicode/utf8"

// Cut returns the longest beginning of text that has at most n bytes and ends where a character ends. Of text that is not
// UTF-8 it cuts at n. The result shares the memory of text.
func Cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for at := n; at >= 0 && n-at < utf8.UTFMax; at-- {
		if utf8.RuneStart(text[at]) {
			return text[:at]
		}
	}
	return text[:max(n, 0)]
}
