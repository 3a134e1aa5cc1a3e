package scope

import "strings"

// patterns match names: exact ones, and ones with * for any text.
type patterns struct {
	exact map[string]bool
	wild  []string
}

func compilePatterns(list []string) patterns {
	p := patterns{exact: make(map[string]bool, len(list))}
	for _, s := range list {
		if strings.Contains(s, "*") {
			p.wild = append(p.wild, s)
		} else {
			p.exact[s] = true
		}
	}
	return p
}

func (p *patterns) empty() bool { return len(p.exact) == 0 && len(p.wild) == 0 }

func (p *patterns) match(name string) bool {
	if p.exact[name] {
		return true
	}
	for _, w := range p.wild {
		if matchWild(w, name) {
			return true
		}
	}
	return false
}

// matchWild reports whether name fits pattern. It takes time in proportion to the product of their lengths at worst.
func matchWild(pattern, name string) bool {
	if name == "" || pattern[0] != '*' && pattern[0] != name[0] { // most of the names
		return pattern == "*" && name == ""
	}
	p, n := 0, 0
	star, mark := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && pattern[p] == name[n]:
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
