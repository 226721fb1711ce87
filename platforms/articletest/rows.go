package articletest

import "reconnect/platforms"

const path = "Dashboard → Settings → Connected Platforms"

// on is a list of platforms.
func on(ids ...platforms.ID) []platforms.ID { return ids }

// at is a list of places.
func at(places ...string) []string { return places }

// says is a list of words that must occur.
func says(words ...string) []string { return words }

// Rows are all statements of the article, in its order.
func Rows() []Row {
	var rows []Row
	for _, part := range [][]Row{connection(), status(), reconnecting(), meta(), others(), ladder(), impact()} {
		rows = append(rows, part...)
	}
	return rows
}

func connection() []Row {
	return []Row{
		{Says: "Understanding Platform Connections"},
		{"When you connect a social media account to Aibrify, you authorize us to schedule and publish on your behalf via the platform's API", nil,
			at("status", "before"), says("authorize", "Aibrify to schedule and publish on your behalf", "through the platform's API")},
		{"This authorization uses a system called OAuth", nil, at("status", "before"), says("uses OAuth")},
		{"it grants Aibrify a temporary access token", nil, at("status", "before", "reconnect", "fresh"), says("Aibrify gets a temporary access token")},
		{"without sharing your password", nil, at("status", "before"), says("your password is not shared")},
		{"These tokens can expire or become invalid for several reasons", nil, at("status", "changed"), says("the token can expire or become invalid", "reasons")},
		{"Token expiry", nil, at("status", "changed"), says("token expiry")},
		{"Most platforms refresh tokens every 60–90 days", nil, at("status", "changed"), says("most platforms refresh tokens every 60–90 days")},
		{"Password change", nil, at("status", "changed"), says("password change")},
		{"Changing your social media account password invalidates existing tokens", nil, at("status", "changed"),
			says("changing the password of the social media account invalidates existing tokens")},
		{"Changing your social media account password invalidates existing tokens", on(platforms.Instagram, platforms.Facebook, platforms.TikTok),
			at("change.password"), says("changing the password invalidates existing tokens")},
		{"Permission revoked", nil, at("status", "changed"), says("permission revoked")},
		{"You (or someone with account access) revoked Aibrify's authorization via the platform's connected apps settings", nil, at("status", "changed"),
			says("you, or someone with account access, revoked Aibrify's authorization", "the platform's connected apps settings")},
		{"You (or someone with account access) revoked Aibrify's authorization via the platform's connected apps settings", nil, at("change.app_removed"),
			says("Aibrify was removed from connected apps", "the permission was revoked")},
		{"Account changes", nil, at("status", "changed"), says("account changes")},
		{"Changing your Facebook page role", nil, at("status", "changed"), says("changing a Facebook Page role")},
		{"Changing your Facebook page role", on(platforms.Instagram, platforms.Facebook), at("change.role"), says("changing a Facebook Page role can break the connection")},
		{"converting a personal to a business account", nil, at("status", "changed"), says("converting a personal to a business account")},
		{"converting a personal to a business account", on(platforms.Instagram, platforms.TikTok), at("change.account_type"), says("converting the account can break the connection")},
		{"or migrating platforms can break connections", nil, at("status", "changed"), says("or migrating platforms can break a connection")},
	}
}

func status() []Row {
	return []Row{
		{Says: "Identifying a Connection Problem"},
		{"Navigate to: " + path, nil, at("status"), says("open " + path)},
		{"Each connected platform shows a status indicator", nil, at("status"), says("find {platform} and read its status indicator")},
		{"Green (Connected)", nil, at("status"), says("Green (Connected)")},
		{"Active, no action needed", nil, at("status", "green", "nothing"), says("active, no action needed")},
		{"Yellow (Warning)", nil, at("status"), says("Yellow (Warning)")},
		{"Connection is approaching expiry or has minor issues", nil, at("status"), says("the connection is approaching expiry or has minor issues")},
		{"reconnection recommended", nil, at("status"), says("reconnection is recommended")},
		{"Red (Disconnected)", nil, at("status"), says("Red (Disconnected)")},
		{"Active connection broken", nil, at("status"), says("the active connection is broken")},
		{"content cannot be scheduled or published", nil, at("status"), says("content cannot be scheduled or published")},
		{"You may also see a banner at the top of your dashboard", nil, at("status", "resolved", "nothing"), says("a banner at the top of your dashboard")},
		{"or receive an email notification", nil, at("status", "resolved", "nothing"), says("email notification")},
	}
}

func reconnecting() []Row {
	owner := says("not a personal account unless it is an admin of that business page | not with a personal account, unless it is an admin of that business page")
	return []Row{
		{Says: "Standard Fix: Reconnect"},
		{"For most connection errors, reconnecting resolves the issue", nil, at("reconnect"),
			says("for most connection errors, reconnecting resolves the issue | for most connection errors, it resolves the issue")},
		{"Go to " + path, nil, at("reconnect", "retry"), says("open " + path)},
		{"Click Reconnect next to the affected platform", nil, at("reconnect", "retry"), says(`click "Reconnect" next to {platform}`)},
		{"You'll be redirected to the platform's login page", nil, at("reconnect", "retry", "fresh"), says("redirected to the platform's login page")},
		{"log in with the account you want to connect", nil, at("reconnect", "retry", "fresh"), says("log in with the ")},
		{"Approve the permissions Aibrify requests", nil, at("reconnect", "retry", "fresh"), says("approve the permissions Aibrify requests")},
		{"You'll be returned to the dashboard with a \"Connected\" status", nil, at("reconnect", "retry", "fresh"), says(`back on the dashboard and see "Connected"`)},
		{"Important: Log in with the account that owns the social media page or profile", nil, at("account", "proof"),
			says("log in with the account that owns the social media page or profile")},
		{"not a personal account unless it's an admin of that business page", nil, at("account", "proof", "reconnect", "retry", "fresh"), owner},
	}
}

func meta() []Row {
	instagram, facebook := on(platforms.Instagram), on(platforms.Facebook)
	return []Row{
		{Says: "Platform-Specific Issues"},
		{"Instagram connections require your account to be a Professional Account (Creator or Business)", instagram, at("before", "status", "check.professional"),
			says("Professional Account", "Creator or Business")},
		{"Personal accounts cannot be connected", instagram, at("before", "status", "check.professional"), says("personal accounts cannot be connected")},
		{"If Instagram reconnection fails:", instagram, at("clear"), says("if Instagram reconnection fails")},
		{"Confirm your account is set to Professional (Instagram → Profile → Edit Profile → Account Type)", instagram, at("check.professional"),
			says("Instagram → Profile → Edit Profile → Account Type")},
		{"Check that your Instagram account is linked to a Facebook page", instagram, at("check.linked"), says("Instagram account linked to a Facebook page")},
		{"Check that your Instagram account is linked to a Facebook page", instagram, at("before"), says("to a Facebook page")},
		{"(required for Instagram API access)", instagram, at("check.linked", "before"), says("required for Instagram API access")},
		{"Try disconnecting and reconnecting via Facebook's connected apps: Facebook → Settings → Business Integrations", instagram, at("clear"),
			says("try disconnecting and reconnecting via Facebook's connected apps", "open Facebook → Settings → Business Integrations")},
		{"Facebook connections are managed through Meta Business Suite", facebook, at("status", "reconnect"), says("managed through Meta Business Suite")},
		{"If your page connection breaks:", facebook, at("check.active"), says("if your Page connection breaks")},
		{"Ensure you are an Admin of the Facebook page you're trying to connect", facebook, at("check.admin", "before"), says("you an Admin of the Facebook Page | an Admin of the Facebook Page")},
		{"(not just an Editor or Moderator)", facebook, at("check.admin", "before"), says("not just an Editor or Moderator")},
		{"Check that your personal Facebook account (which owns the page) is still active", facebook, at("check.active", "before"),
			says("the personal Facebook account that owns the Page", "active")},
		{"If your page was transferred or its roles changed, you'll need to reconnect with the new owner's credentials", facebook, at("check.owner", "account"),
			says("the Page was transferred or its roles changed", "reconnect with the new owner's credentials")},
		{"If your page was transferred or its roles changed, you'll need to reconnect with the new owner's credentials", facebook, at("change.owner"),
			says("reconnect with the new owner's credentials")},
	}
}

func others() []Row {
	tiktok, linkedin, x := on(platforms.TikTok), on(platforms.LinkedIn), on(platforms.X)
	return []Row{
		{"TikTok tokens expire more frequently than other platforms", tiktok, at("status", "reconnect", "expiry"), says("TikTok tokens expire more frequently than other platforms")},
		{"If you reconnect frequently:", tiktok, at("reconnect", "check.business"), says("if you reconnect frequently")},
		{"Ensure you're using a TikTok Business Account (not a personal account)", tiktok, at("check.business", "before"), says("TikTok Business Account", "not a personal account")},
		{"Avoid logging into TikTok from multiple devices or browsers rapidly", tiktok, at("check.devices", "change.devices"), says("from multiple devices or browsers", "rapid")},
		{"Avoid logging into TikTok from multiple devices or browsers rapidly", tiktok, at("before"), says("logging in from several rapidly")},
		{"this can trigger security measures that invalidate tokens", tiktok, at("check.devices", "change.devices"), says("can trigger security", "invalidate")},
		{Says: "TikTok"},
		{"LinkedIn connections are for LinkedIn Pages (company pages), not personal profiles", linkedin, at("status", "account", "reconnect"),
			says("LinkedIn connections are for LinkedIn Pages (company pages), not personal profiles")},
		{"LinkedIn connections are for LinkedIn Pages (company pages), not personal profiles", linkedin, at("before"),
			says("a LinkedIn Page (company page), not a personal profile")},
		{"Connection failures often occur when:", linkedin, at("check.admin", "check.transferred", "check.password"), says("connections often fail when")},
		{"Connection failures often occur when:", linkedin, at("change.password"), says("connections often fail when")},
		{"Your personal LinkedIn account no longer has admin access to the company page", linkedin, at("check.admin"),
			says("your personal LinkedIn account no longer has admin access to the company page")},
		{"Your personal LinkedIn account no longer has admin access to the company page", linkedin, at("change.role"), says("admin access to the company page")},
		{"The company page was transferred to a different admin", linkedin, at("check.transferred", "change.owner"), says("the company page was transferred to a different admin")},
		{"Your LinkedIn password was changed", linkedin, at("check.password", "change.password"), says("LinkedIn password was changed")},
		{Says: "X (Twitter)"},
		{"X connections use standard OAuth", x, at("status", "reconnect"), says("X connections use standard OAuth")},
		{"If you changed your X username or password after connecting, you'll need to reconnect", x, at("status"),
			says("if you changed your X username or password after connecting, you'll need to reconnect")},
		{"If you changed your X username or password after connecting, you'll need to reconnect", x, at("check.username", "change.username"),
			says("if you changed your X username after connecting, you'll need to reconnect")},
		{"If you changed your X username or password after connecting, you'll need to reconnect", x, at("check.password", "change.password"),
			says("if you changed your X password after connecting, you'll need to reconnect")},
	}
}

func ladder() []Row {
	return []Row{
		{Says: "When Reconnection Doesn't Work"},
		{"If you've tried reconnecting and the platform still shows as disconnected", nil, at("disconnect"), says("reconnecting did not help")},
		{"Step 1: Fully disconnect first", nil, at("disconnect"), says("fully disconnect first")},
		{"Go to " + path, nil, at("disconnect"), says("open " + path)},
		{"Click Disconnect next to the platform", nil, at("disconnect"), says(`click "Disconnect" next to {platform}`)},
		{"Confirm the disconnection", nil, at("disconnect"), says("confirm the disconnection")},
		{"Step 2: Clear the connection from the platform side", nil, at("clear"), says("from the platform's side")},
		{"Go to the platform's settings and remove Aibrify from connected apps or authorized applications", nil, at("clear"),
			says("go to the platform's settings and remove Aibrify from connected apps or authorized applications")},
		{"(the exact path varies by platform)", nil, at("clear"), says("the exact path varies by platform")},
		{"Step 3: Reconnect from scratch", nil, at("fresh"), says("from scratch")},
		{"Return to " + path + " → + Add Platform", nil, at("fresh"), says("return to "+path+" | go to "+path, `click "+ Add Platform"`)},
		{"Follow the full authorization flow again", nil, at("fresh"), says("follow the full authorization flow")},
		{"Step 4: If still failing, contact support", nil, at("support"), says("still failing", "your team")},
		{"Message your team via Dashboard → Messages with:", nil, at("support"), says("message your team", "open Dashboard → Messages")},
		{"Which platform is affected", nil, at("support"), says("say which platform is affected: {platform}")},
		{"What happens when you try to reconnect", nil, at("support"), says("say what happens when you try to reconnect")},
		{"(exact error message if available)", nil, at("support"), says("exact error message, if available")},
		{"A screenshot if possible", nil, at("support"), says("a screenshot, if possible")},
	}
}

func impact() []Row {
	where := at("status", "disconnect", "clear", "support", "sent")
	return []Row{
		{Says: "Impact of Disconnected Platforms"},
		{"When a platform is disconnected:", nil, where, says("{platform} is disconnected | {platform} ever be disconnected")},
		{"Scheduled posts for that platform will not be published", nil, where,
			says("scheduled posts will not be published | scheduled posts for it will not be published")},
		{"The content remains in your calendar with a \"Failed\" or \"Pending\" status", nil, where,
			says(`the content remains in your calendar as "Failed" or "Pending"`)},
		{"The content remains in your calendar with a \"Failed\" or \"Pending\" status", nil, at("missed"),
			says(`the content remains in your calendar with a "Failed" or "Pending" status`)},
		{"Your Aibrify team will be alerted and will contact you to reconnect", nil, where, says("your Aibrify team is alerted and will contact you to reconnect")},
		{"Once you reconnect, your team reviews the queue and reschedules any posts that missed their window", nil, at("missed", "resolved"),
			says("once you reconnect, your team reviews the queue and reschedules any posts that missed their window")},
	}
}
