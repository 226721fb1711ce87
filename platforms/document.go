package platforms

// A Document is the whole guide of a platform as data for other programs: the
// placeholders are filled in and the pages are in order. With it goes our own caution.
type Document struct {
	Schema   int    `json:"schema"`
	Platform ID     `json:"platform"`
	Pages    []Leaf `json:"pages"` // takes the place of the guide's own pages
	Guide
	Caution Caution `json:"caution"` // the figures that no source gives
}

// A Leaf is a page with its name and its step.
type Leaf struct {
	Name string `json:"page"`
	Step Step   `json:"step,omitempty"`
	Page
}

// DocumentOf is the guide of s as a document.
func DocumentOf(s Service) Document {
	g := s.Guide()
	vars := g.Vars()
	g = g.Fill(vars)
	d := Document{Schema: 1, Platform: s.ID, Guide: g, Caution: OwnCaution().For(s.ID).Fill(vars)}
	for _, shape := range shapes {
		d.Pages = append(d.Pages, Leaf{shape.Page, shape.Step, g.Pages[shape.Page]})
	}
	return d
}
