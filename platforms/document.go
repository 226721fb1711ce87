package platforms

// A Document is the whole guide of a platform as data for other programs: the
// placeholders are filled in and the pages are in order.
type Document struct {
	Schema   int    `json:"schema"`
	Platform ID     `json:"platform"`
	Pages    []Leaf `json:"pages"` // takes the place of the guide's own pages
	Guide
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
	g = g.Fill(g.Vars())
	d := Document{Schema: 1, Platform: s.ID, Guide: g}
	for _, shape := range shapes {
		d.Pages = append(d.Pages, Leaf{shape.Page, shape.Step, g.Pages[shape.Page]})
	}
	return d
}
