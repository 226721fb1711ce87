package explain

import (
	"reconnect/platforms"
)

// findPlatform is the platform that is given, or that the signs of the text tell;
// empty if they do not. It is also the one whose numbers are understood.
//
// Instagram speaks through Facebook's fields, so a text that names both is about
// Instagram (platforms.md, 6).
func (t *trial) findPlatform() platforms.ID {
	t.platform = t.given
	if t.platform == "" {
		t.platform = t.bySigns()
	}
	if t.platform == "" {
		t.platform = t.bySignatures()
	}
	return t.platform
}

// bySigns counts hosts, names of fields and libraries, and names.
func (t *trial) bySigns() platforms.ID {
	signs := t.heard.platform
	for _, r := range t.reports {
		for _, f := range r.fields {
			switch {
			case f.kind == kindSubcode && t.know.subcodeOf(f.code) != "":
				signs[platformIndex(t.know.subcodeOf(f.code))].weight += signWeight
			case f.name == "(#)":
				signs[platformIndex(platforms.Facebook)].weight += signWeight
			case f.name == "error_type" && f.key == "oauthexception":
				signs[platformIndex(platforms.Instagram)].weight += signWeight // platforms.md, 2.3
			case f.name == "error_message":
				signs[platformIndex(platforms.Instagram)].weight++
			}
		}
	}
	if signs[platformIndex(platforms.Instagram)].weight > 0 {
		signs[platformIndex(platforms.Facebook)].weight = 0
	}
	best, id := 0, platforms.ID("")
	for i, other := range platforms.IDs() {
		if signs[i].weight > best {
			best, id = signs[i].weight, other
		}
	}
	if id == "" && bareX(t.text) {
		return platforms.X
	}
	return id
}

// bareX tells whether X stands there as a name: the capital alone between words.
func bareX(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == 'X' && (i == 0 || s[i-1] == ' ' && !(i > 1 && digit(s[i-2]))) && (s[i+1] == ' ' || s[i+1] == ',' || s[i+1] == ':') &&
			i+2 < len(s) && !digit(s[i+2]) {
			return true
		}
	}
	return false
}

// bySignatures is the only platform that writes such words or such a code.
func (t *trial) bySignatures() platforms.ID {
	best, id := 0, platforms.ID("")
	take := func(s *signature) {
		if s.Platform != "" && s.score > best {
			best, id = s.score, s.Platform
		}
	}
	for _, said := range t.heard.said {
		if s := t.know.rules[said.rule].sig; !said.gone && !s.Match.fields() && len(s.Match.Contains) > 0 && !t.know.shared[s.ID] {
			take(s)
		}
	}
	for _, r := range t.reports {
		for i := range r.fields {
			if only := t.know.only(r.fields[i].key); only != nil {
				take(only)
			}
		}
	}
	return id
}

// subcodeOf is the platform that alone uses a subcode. What Instagram uses, too, is
// Facebook's: Instagram speaks through its fields.
func (k *knowledge) subcodeOf(code int) platforms.ID {
	var id platforms.ID
	for _, s := range k.bySubcode[code] {
		switch {
		case id == "" || id == s.Platform:
			id = s.Platform
		case meta(id) && meta(s.Platform):
			id = platforms.Facebook
		default:
			return ""
		}
	}
	return id
}

func meta(id platforms.ID) bool { return id == platforms.Facebook || id == platforms.Instagram }

// only is a signature with the symbolic code if one platform alone uses it.
func (k *knowledge) only(key string) *signature {
	list := k.symbols[key]
	for _, s := range list {
		if s.Platform == "" || s.Platform != list[0].Platform {
			return nil
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}
