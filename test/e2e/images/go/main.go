// Command app is an application in a pod, with the unmodified Go SDK. What it reads and prints: ../README.md.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

const (
	interval  = 200 * time.Millisecond
	asksALine = 5
)

type answer struct {
	Claims json.RawMessage `json:"claims"`
	Status int             `json:"status,omitempty"`
	Body   string          `json:"body,omitempty"`
}

type progress struct {
	Asked  int    `json:"asked"`
	Failed int    `json:"failed"`
	Error  string `json:"error,omitempty"`
}

func (a answer) failure() error {
	if a.Status == 0 || a.Status == http.StatusOK {
		return nil
	}
	return fmt.Errorf("%d %s", a.Status, a.Body)
}

func ask(ctx context.Context) (answer, error) {
	credential, err := azidentity.NewDefaultAzureCredential(nil)
	if err != nil {
		return answer{}, err
	}
	scopes := []string{os.Getenv("AUDIENCE") + "/.default"}
	token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: scopes})
	if err != nil {
		return answer{}, err
	}
	claims, err := claimsOf(token.Token)
	if err != nil {
		return answer{}, err
	}
	return useToken(ctx, answer{Claims: claims}, token.Token)
}

func claimsOf(token string) (json.RawMessage, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("the token is no JWT")
	}
	return base64.RawURLEncoding.DecodeString(parts[1])
}

// useToken calls the target, if there is one.
func useToken(ctx context.Context, got answer, token string) (answer, error) {
	target := os.Getenv("TARGET_URL")
	if target == "" {
		return got, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return got, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return got, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	got.Status, got.Body = response.StatusCode, string(body)
	return got, err
}

func once(ctx context.Context) error {
	got, err := ask(ctx)
	if err != nil {
		return err
	}
	if err := show(got); err != nil {
		return err
	}
	if got.failure() != nil {
		os.Exit(1)
	}
	return nil
}

func loop(ctx context.Context) error {
	var so progress
	for {
		got, err := ask(ctx)
		if err == nil {
			err = got.failure()
		}
		so.Asked++
		if err != nil {
			so.Failed, so.Error = so.Failed+1, err.Error()
		}
		if so.Asked%asksALine == 0 {
			if err := show(so); err != nil {
				return err
			}
		}
		time.Sleep(interval)
	}
}

func show(line any) error {
	return json.NewEncoder(os.Stdout).Encode(line)
}

func run(ctx context.Context, arguments []string) error {
	modes := map[string]func(context.Context) error{"once": once, "loop": loop}
	if len(arguments) == 1 && modes[arguments[0]] != nil {
		return modes[arguments[0]](ctx)
	}
	return errors.New("usage: app once|loop")
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		_ = show(map[string]string{"error": err.Error()})
		os.Exit(1)
	}
}
