package main

import (
	"compress/zlib"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const mostLists, longestListBytes = 200, 1 << 20

var algorithms = []string{oidc.ES256, oidc.RS256}

// statusList is where a token says that it stands (a place in the list at an address), or the list itself.
type statusList struct {
	URI, Lst string
	Idx      *int
	Bits     int
}

// document is a JWT of the issuer: an access token, or a status list with what is kept of it.
type document struct {
	*oidc.IDToken `json:"-"`
	Status        map[string]statusList
	List          statusList `json:"status_list"`
	bits          []byte
	freshUntil    int64
}

// verifier verifies access tokens by itself, and by the issuer's status lists whether they were revoked.
// It is for one goroutine: guard it with a mutex to share it.
type verifier struct {
	issuer         string
	tokens, signed *oidc.IDTokenVerifier
	client         http.Client
	lists          map[string]*document
}

func newVerifier(ctx context.Context, issuer, audience string) *verifier {
	keys := oidc.NewRemoteKeySet(ctx, issuer+"/keys")
	tokens := oidc.NewVerifier(issuer, keys, &oidc.Config{ClientID: audience, SupportedSigningAlgs: algorithms})
	signed := oidc.NewVerifier(issuer, keys, &oidc.Config{SkipClientIDCheck: true, SupportedSigningAlgs: algorithms})
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := http.Client{Timeout: 5 * time.Second, CheckRedirect: stay}
	return &verifier{issuer, tokens, signed, client, map[string]*document{}}
}

func (v *verifier) verify(ctx context.Context, raw string) (string, error) {
	token, err := parse(ctx, raw, "at+jwt", v.tokens)
	if err != nil {
		return "", err
	}
	at := token.Status["status_list"]
	if !strings.HasPrefix(at.URI, v.issuer+"/status-lists/") {
		return "", errors.New("the token names no status list of its issuer")
	}
	if at.Idx == nil || token.Subject == "" {
		return "", errors.New("the token has no place in its status list, or no subject")
	}
	list := v.lists[at.URI]
	// A list that is older than the token says nothing against it: the place may have been another's then.
	if list == nil || time.Now().Unix() >= list.freshUntil || list.revokes(*at.Idx) && list.IssuedAt.Before(token.IssuedAt) {
		if list, err = v.fetch(ctx, at.URI); err != nil {
			return "", err
		}
	}
	if list.revokes(*at.Idx) {
		return "", errors.New("the token was revoked")
	}
	return token.Subject, nil
}

func (v *verifier) fetch(ctx context.Context, uri string) (*document, error) {
	response, err := v.client.Get(uri)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longestListBytes))
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("the status list cannot be read: HTTP %d", response.StatusCode), err)
	}
	list, err := parse(ctx, string(body), "statuslist+jwt", v.signed)
	if err != nil || list.Subject != uri || list.List.Bits != 1 {
		return nil, errors.Join(errors.New("this is no status list of that address, of single bits"), err)
	}
	inflated, err := zlib.NewReader(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader(list.List.Lst)))
	if err == nil {
		list.bits, err = io.ReadAll(io.LimitReader(inflated, longestListBytes))
	}
	if err != nil || len(list.bits) == longestListBytes {
		return nil, errors.Join(errors.New("the status list is not compressed, or too long"), err)
	}
	_, maxAge, _ := strings.Cut(response.Header.Get("Cache-Control"), "max-age=")
	fmt.Sscan(maxAge, &list.freshUntil) // It is not fresh at all where none is said.
	list.freshUntil = min(time.Now().Unix()+list.freshUntil, list.Expiry.Unix())
	if len(v.lists) >= mostLists {
		clear(v.lists)
	}
	v.lists[uri] = list
	return list, nil
}

func (list *document) revokes(idx int) bool {
	return idx < 0 || idx/8 >= len(list.bits) || list.bits[idx/8]>>(idx%8)&1 == 1
}

func parse(ctx context.Context, raw, typ string, by *oidc.IDTokenVerifier) (*document, error) {
	verified, err := by.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	jws, err := jose.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
	if err != nil || jws.Signatures[0].Protected.ExtraHeaders[jose.HeaderType] != typ {
		return nil, errors.Join(fmt.Errorf("this is no %s", typ), err)
	}
	parsed := &document{IDToken: verified}
	return parsed, verified.Claims(parsed)
}
