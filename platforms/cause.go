package platforms

// A Cause is why a connection does not work.
type Cause string

// The causes.
const (
	TokenExpired       Cause = "token_expired"
	PasswordChanged    Cause = "password_changed"
	PermissionRevoked  Cause = "permission_revoked"
	AccountChanged     Cause = "account_changed"
	MissingPermission  Cause = "missing_permission"
	WrongAccountType   Cause = "wrong_account_type"
	NotAdmin           Cause = "not_admin"
	WrongAccount       Cause = "wrong_account"
	NotLinked          Cause = "not_linked"
	UserCancelled      Cause = "user_cancelled"
	AppMisconfigured   Cause = "app_misconfigured"
	RateLimited        Cause = "rate_limited"
	PlatformOutage     Cause = "platform_outage"
	SecurityCheckpoint Cause = "security_checkpoint"
	AccountRestricted  Cause = "account_restricted"
	UnknownCause       Cause = "unknown"
)

// An Owner says whose move it is.
type Owner string

// The owners.
const (
	Person   Owner = "person"
	Admin    Owner = "admin" // an admin of the Page
	Platform Owner = "platform"
	Aibrify  Owner = "aibrify"
	Operator Owner = "operator" // whoever set up the OAuth app used here
)

// Causes are all causes. Unknown is the last one.
func Causes() []Cause {
	return []Cause{
		TokenExpired, PasswordChanged, PermissionRevoked, AccountChanged, MissingPermission,
		WrongAccountType, NotAdmin, WrongAccount, NotLinked, UserCancelled, AppMisconfigured,
		RateLimited, PlatformOutage, SecurityCheckpoint, AccountRestricted, UnknownCause,
	}
}

// Owners are all owners.
func Owners() []Owner { return []Owner{Person, Admin, Platform, Aibrify, Operator} }
