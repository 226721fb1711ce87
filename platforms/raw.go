package platforms

import "io/fs"

// Raw are the guides' files as support writers wrote them, to be read only.
func Raw() fs.FS { return data }
