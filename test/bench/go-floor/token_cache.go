package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type token struct {
	jwt, clientID, resource string
	obtainedAt, expiresAt   time.Time
}

// imdsReply has the fields of the sidecar's reply, in the same order.
type imdsReply struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    string `json:"expires_in"`
	ExpiresOn    string `json:"expires_on"`
	NotBefore    string `json:"not_before"`
	Resource     string `json:"resource"`
	TokenType    string `json:"token_type"`
	ClientID     string `json:"client_id"`
}

func (t *token) reply() imdsReply {
	return imdsReply{
		AccessToken: t.jwt,
		ExpiresIn:   strconv.FormatInt(int64(time.Until(t.expiresAt).Seconds()), 10),
		ExpiresOn:   strconv.FormatInt(t.expiresAt.Unix(), 10),
		NotBefore:   strconv.FormatInt(t.obtainedAt.Unix(), 10),
		Resource:    t.resource,
		TokenType:   "Bearer",
		ClientID:    t.clientID,
	}
}

type tokenCache struct {
	issuerURL, subjectTokenFile string
	mutex                       sync.RWMutex
	tokens                      map[string]*token
	renewals                    map[string]*time.Timer
}

func newTokenCache(issuerURL, subjectTokenFile string) *tokenCache {
	return &tokenCache{
		issuerURL:        issuerURL,
		subjectTokenFile: subjectTokenFile,
		tokens:           map[string]*token{},
		renewals:         map[string]*time.Timer{},
	}
}

// get answers from memory when it can.
func (c *tokenCache) get(resource string) (*token, error) {
	c.mutex.RLock()
	cached := c.tokens[resource]
	c.mutex.RUnlock()
	if cached != nil {
		return cached, nil
	}
	return c.fetch(resource)
}

// fetch asks the issuer, keeps what it says and renews it at three quarters of its life.
func (c *tokenCache) fetch(resource string) (*token, error) {
	fetched, err := c.exchange(resource)
	if err != nil {
		return nil, err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.tokens[resource] = fetched
	if renewal := c.renewals[resource]; renewal != nil {
		renewal.Stop()
	}
	life := fetched.expiresAt.Sub(fetched.obtainedAt)
	c.renewals[resource] = time.AfterFunc(life*3/4, func() { c.fetch(resource) })
	return fetched, nil
}

// exchange is RFC 8693 token exchange.
func (c *tokenCache) exchange(resource string) (*token, error) {
	subjectToken, err := os.ReadFile(c.subjectTokenFile)
	if err != nil {
		return nil, err
	}
	obtainedAt := time.Now()
	response, err := http.PostForm(c.issuerURL+"/oauth2/token", url.Values{
		"grant_type":         {"urn:ietf:params:oauth:grant-type:token-exchange"},
		"subject_token":      {strings.TrimSpace(string(subjectToken))},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:jwt"},
		"audience":           {resource},
	})
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var reply struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
		ClientID    string `json:"client_id"`
	}
	if err := json.NewDecoder(response.Body).Decode(&reply); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the issuer answered %d", response.StatusCode)
	}
	expiresAt := obtainedAt.Add(time.Duration(reply.ExpiresIn) * time.Second)
	return &token{reply.AccessToken, reply.ClientID, resource, obtainedAt, expiresAt}, nil
}
