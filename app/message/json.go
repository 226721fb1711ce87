package message

import "encoding/json"

// JSON is m as an object with a schema number, and a line end. The pass of
// redaction over it is the one [Of] makes, text by text: one over the encoded
// bytes could break them.
func JSON(m Message) []byte {
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil // only for a time that RFC 3339 cannot say, and Of makes none
	}
	return append(raw, '\n')
}
