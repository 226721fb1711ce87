package connection

import (
	"context"
	"encoding/json"
	"slices"

	"reconnect/platforms/text"
	"reconnect/store"
	"reconnect/store/secrets"
)

// feedToken is the name of the secret that the feed is asked with.
const feedToken = "feed/token"

// PutFeedToken keeps the bearer token of the feed, which ask gives. Where it will
// be kept is opened before, so that nobody types it in vain.
func (c *Connections) PutFeedToken(ctx context.Context, ask func(context.Context) (text.Secret, error)) error {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return err
	}
	if err := k.Unlock(ctx); err != nil {
		return err
	}
	token, err := ask(ctx)
	if err != nil {
		return err
	}
	if k.Place() == secrets.File { // before: a token that is kept is not to be overlooked
		if err := c.options.Records.PutRecord(ctx, store.Record{Name: feedRecord, Data: json.RawMessage("true"), At: c.Now()}); err != nil {
			return err
		}
	}
	return k.Put(ctx, feedToken, secrets.NewSecret(token.Reveal()))
}

// feedRecord is the name of the record that a token of the feed is in the encrypted
// file, which hides what is in it.
const feedRecord = "secret/" + feedToken

// FeedToken is the bearer token of the feed, empty if there is none. The encrypted file
// is opened only where one was put into it.
func (c *Connections) FeedToken(ctx context.Context) (text.Secret, error) {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return text.Secret{}, err
	}
	if k.Place() == secrets.File && c.options.Records != nil {
		if kept, err := c.options.Records.Records(ctx, feedRecord); err != nil || len(kept) == 0 {
			return text.Secret{}, err
		}
	}
	kept, err := k.Get(ctx, feedToken)
	if isUnknown(err) {
		return text.Secret{}, nil
	}
	return text.NewSecret(kept.Reveal()), err
}

// ForgetFeedToken forgets it, and tells whether there was one.
func (c *Connections) ForgetFeedToken(ctx context.Context) (forgotten bool, err error) {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return false, err
	}
	if _, err := k.Get(ctx, feedToken); err != nil {
		if isUnknown(err) {
			err = nil
		}
		return false, err
	}
	if err := k.Delete(ctx, feedToken); err != nil {
		return false, err
	}
	return true, c.options.Records.DropRecord(ctx, feedRecord)
}

// A Keeping says where secrets are, and which, as far as that can be told without
// asking anybody.
type Keeping struct {
	Where    text.Safe
	Fallback error // why the keyring was not taken
	Listed   bool  // the names of the secrets are known: the encrypted file hides them

	names []string
}

// Keeping looks where secrets are. It opens nothing that a person would have to
// unlock.
func (c *Connections) Keeping(ctx context.Context) (Keeping, error) {
	k, err := c.keeperNow(ctx)
	if err != nil {
		return Keeping{}, err
	}
	found := Keeping{Where: text.Line(k.Where()), Fallback: k.Fallback(), Listed: k.Place() != secrets.File}
	if found.Listed {
		found.names, err = k.List(ctx)
	}
	return found, err
}

// Secret tells whether the client secret of a service is kept.
func (k Keeping) Secret(s Service) bool { return slices.Contains(k.names, secretName(s)) }

// FeedToken tells whether the bearer token of the feed is kept.
func (k Keeping) FeedToken() bool { return slices.Contains(k.names, feedToken) }
