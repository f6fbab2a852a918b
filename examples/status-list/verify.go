package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const mostLists, longestListBytes = 200, 1 << 20

var maxAge = regexp.MustCompile(`max-age=(\d+)`)

type list struct {
	bits       []byte
	issuedAt   int64
	freshUntil time.Time
}

// verifier verifies access tokens by itself, and by the issuer's status lists whether they were revoked.
// It is for one goroutine: guard lists with a mutex to share it.
type verifier struct {
	issuer string
	keys   oidc.KeySet
	tokens *oidc.IDTokenVerifier
	client *http.Client
	lists  map[string]list
}

func newVerifier(ctx context.Context, issuer, audience string) *verifier {
	keys := oidc.NewRemoteKeySet(ctx, issuer+"/keys")
	refuse := func(*http.Request, []*http.Request) error { return errors.New("a status list does not move") }
	client := &http.Client{Timeout: 5 * time.Second, CheckRedirect: refuse}
	config := &oidc.Config{ClientID: audience, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}}
	return &verifier{issuer, keys, oidc.NewVerifier(issuer, keys, config), client, map[string]list{}}
}

func (v *verifier) verify(ctx context.Context, raw string) (string, error) {
	token, err := v.tokens.Verify(ctx, raw)
	if err != nil {
		return "", err
	}
	var claims struct {
		Status struct {
			List struct {
				URI string
				Idx int
			} `json:"status_list"`
		}
	}
	if err := token.Claims(&claims); err != nil {
		return "", err
	}
	uri, idx := claims.Status.List.URI, claims.Status.List.Idx
	if !strings.HasPrefix(uri, v.issuer+"/status-lists/") {
		return "", errors.New("the token names no status list of its issuer")
	}
	kept, found := v.lists[uri]
	// A list that is older than the token says nothing against it: the place may have been another's then.
	if !found || time.Now().After(kept.freshUntil) || (kept.revoked(idx) && kept.issuedAt < token.IssuedAt.Unix()) {
		if kept, err = v.fetch(ctx, uri); err != nil {
			return "", err
		}
	}
	if kept.revoked(idx) {
		return "", errors.New("the token was revoked")
	}
	return token.Subject, nil
}

func (l list) revoked(idx int) bool {
	return idx < 0 || idx/8 >= len(l.bits) || l.bits[idx/8]>>(idx%8)&1 == 1
}

func (v *verifier) fetch(ctx context.Context, uri string) (list, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
	if err != nil {
		return list{}, err
	}
	response, err := v.client.Do(request)
	if err != nil {
		return list{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longestListBytes))
	if err != nil || response.StatusCode != http.StatusOK {
		return list{}, fmt.Errorf("the status list cannot be read: HTTP %d", response.StatusCode)
	}
	payload, err := v.keys.VerifySignature(ctx, string(body))
	if err != nil {
		return list{}, err
	}
	var claims struct {
		Iss, Sub string
		Iat, Exp int64
		List     struct {
			Bits int
			Lst  string
		} `json:"status_list"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return list{}, err
	}
	isRight := typeOf(string(body)) == "statuslist+jwt" && claims.Iss == v.issuer && claims.Sub == uri && claims.List.Bits == 1
	if !isRight || time.Now().Unix() >= claims.Exp {
		return list{}, errors.New("this is no status list of that address, or an old one")
	}
	bits, err := inflate(claims.List.Lst)
	if err != nil {
		return list{}, err
	}
	return v.keep(uri, list{bits, claims.Iat, freshUntil(response.Header, claims.Exp)}), nil
}

func (v *verifier) keep(uri string, fetched list) list {
	if len(v.lists) >= mostLists {
		clear(v.lists)
	}
	v.lists[uri] = fetched
	return fetched
}

func freshUntil(header http.Header, exp int64) time.Time {
	seconds := 0
	if found := maxAge.FindStringSubmatch(header.Get("Cache-Control")); found != nil {
		seconds, _ = strconv.Atoi(found[1])
	}
	fresh := time.Now().Add(time.Duration(seconds) * time.Second)
	if end := time.Unix(exp, 0); end.Before(fresh) {
		return end
	}
	return fresh
}

func typeOf(jwt string) string {
	var header struct{ Typ string }
	encoded, _, _ := strings.Cut(jwt, ".")
	if decoded, err := base64.RawURLEncoding.DecodeString(encoded); err != nil || json.Unmarshal(decoded, &header) != nil {
		return ""
	}
	return header.Typ
}

func inflate(encoded string) ([]byte, error) {
	compressed, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, err
	}
	reader, err := zlib.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, err
	}
	bits, err := io.ReadAll(io.LimitReader(reader, longestListBytes+1))
	if err == nil && len(bits) > longestListBytes {
		return nil, errors.New("the status list is too long")
	}
	return bits, err
}
