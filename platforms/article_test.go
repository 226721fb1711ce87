package platforms_test

import (
	"os"
	"testing"

	"reconnect/platforms/articletest"
)

// TestArticle fails on a statement of the help article that a platform's guide
// does not carry for each audience, and on a line of the article without a row.
func TestArticle(t *testing.T) {
	article, err := os.ReadFile("testdata/help-article.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range articletest.Uncovered(string(article)) {
		t.Errorf("no row quotes %s", line)
	}
	for _, gap := range articletest.Missing(articletest.Text) {
		t.Error(gap)
	}
}
