package platforms

import (
	"embed"

	"reconnect/platforms/text"
)

//go:embed instagram/README.md facebook/README.md tiktok/README.md linkedin/README.md x/README.md
var appGuides embed.FS

// AppGuide says how to register an OAuth app of one's own on a platform, as Markdown;
// empty for a platform that is not known.
func AppGuide(id ID) text.Safe {
	raw, err := appGuides.ReadFile(string(id) + "/README.md")
	if err != nil {
		return text.Safe{}
	}
	return text.Block(string(raw))
}
