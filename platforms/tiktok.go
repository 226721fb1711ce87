package platforms

import "reconnect/platforms/text"

// tiktok is TikTok. What is known about it lies in the folder tiktok.
func tiktok() Service { return known(Service{ID: TikTok, Name: text.Const("TikTok")}) }
