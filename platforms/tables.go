package platforms

import (
	"io/fs"
	"slices"
	"sync"
)

// The tables of the embedded data. Each is read when it is first asked for.
var (
	ownDetours = sync.OnceValue(func() []Detour { return ownTable(readDetours(data)) })
	ownRules   = sync.OnceValue(func() []Rule { return ownTable(readRules(data)) })
	ownCaution = sync.OnceValue(func() Caution { return ownTable(readCaution(data)) })
)

// ownTable is a table of the embedded data, which a test has tested.
func ownTable[T any](table T, f *file) T {
	f.mustBeGood()
	return table
}

// Detours are what to do about each cause, in the order in which they are tried.
// Nobody changes the lists in a row.
func Detours() []Detour { return slices.Clone(ownDetours()) }

// Rules are what facts say about causes. Nobody changes the lists in a row.
func Rules() []Rule { return slices.Clone(ownRules()) }

// OwnCaution are the figures that no source gives.
func OwnCaution() Caution {
	c := ownCaution()
	c.CoolDown = slices.Clone(c.CoolDown)
	return c
}

func readDetours(from fs.FS) ([]Detour, *file) {
	var sheet struct {
		Detours []Detour `json:"detours"`
	}
	f := open(from, "common/detours.json", &sheet)
	return sheet.Detours, f
}

func readRules(from fs.FS) ([]Rule, *file) {
	var sheet struct {
		Rules []Rule `json:"rules"`
	}
	f := open(from, "common/rules.json", &sheet)
	return sheet.Rules, f
}

func readCaution(from fs.FS) (Caution, *file) {
	var c Caution
	f := open(from, "common/caution.json", &c)
	return c, f
}
