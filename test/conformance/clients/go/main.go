// Command client asks for tokens with the real Go SDKs: one request a line of JSON in, one outcome a line of JSON out.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/managedidentity"
)

type request struct {
	Client   string   `json:"client"`
	Selector selector `json:"selector"`
	Resource string   `json:"resource"`
	// Reuse names a client that later requests ask with again.
	Reuse string `json:"reuse"`
}

type selector struct {
	By    string `json:"by"`
	Value string `json:"value"`
}

type outcome struct {
	Token     string   `json:"token,omitempty"`
	ExpiresOn int64    `json:"expiresOn,omitempty"`
	Error     *failure `json:"error,omitempty"`
}

type failure struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// getToken is what every SDK's client does, whatever it is called there.
type getToken func(ctx context.Context, resource string) (token string, expiresOn time.Time, err error)

var errNotOffered = errors.New("not offered by this SDK")

func newClient(name string, by selector) (getToken, error) {
	switch name {
	case "azure-identity":
		return newManagedIdentityCredential(by)
	case "default-azure-credential":
		return newDefaultAzureCredential(by)
	case "msal":
		return newMSALClient(by)
	default:
		return nil, fmt.Errorf("%w: client %s", errNotOffered, name)
	}
}

func newManagedIdentityCredential(by selector) (getToken, error) {
	var options azidentity.ManagedIdentityCredentialOptions
	switch by.By {
	case "clientId":
		options.ID = azidentity.ClientID(by.Value)
	case "objectId":
		options.ID = azidentity.ObjectID(by.Value)
	case "resourceId":
		options.ID = azidentity.ResourceID(by.Value)
	}
	credential, err := azidentity.NewManagedIdentityCredential(&options)
	if err != nil {
		return nil, err
	}
	return fromCredential(credential), nil
}

// newDefaultAzureCredential names an identity in the only way there is in Go: by AZURE_CLIENT_ID, read at construction.
func newDefaultAzureCredential(by selector) (getToken, error) {
	switch by.By {
	case "none":
	case "clientId":
		if err := os.Setenv("AZURE_CLIENT_ID", by.Value); err != nil {
			return nil, err
		}
		defer os.Unsetenv("AZURE_CLIENT_ID")
	default:
		return nil, fmt.Errorf("%w: DefaultAzureCredential by %s", errNotOffered, by.By)
	}
	credential, err := azidentity.NewDefaultAzureCredential(nil)
	if err != nil {
		return nil, err
	}
	return fromCredential(credential), nil
}

func fromCredential(credential azcore.TokenCredential) getToken {
	return func(ctx context.Context, resource string) (string, time.Time, error) {
		token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{resource + "/.default"}})
		return token.Token, token.ExpiresOn, err
	}
}

func newMSALClient(by selector) (getToken, error) {
	client, err := managedidentity.New(msalID(by))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, resource string) (string, time.Time, error) {
		result, err := client.AcquireToken(ctx, resource)
		return result.AccessToken, result.ExpiresOn, err
	}, nil
}

func msalID(by selector) managedidentity.ID {
	switch by.By {
	case "clientId":
		return managedidentity.UserAssignedClientID(by.Value)
	case "objectId":
		return managedidentity.UserAssignedObjectID(by.Value)
	case "resourceId":
		return managedidentity.UserAssignedResourceID(by.Value)
	default:
		return managedidentity.SystemAssigned()
	}
}

// clients keeps those that were named for reuse.
type clients map[string]getToken

func (kept clients) get(asked request) (getToken, error) {
	if client, ok := kept[asked.Reuse]; ok {
		return client, nil
	}
	client, err := newClient(asked.Client, asked.Selector)
	if err == nil && asked.Reuse != "" {
		kept[asked.Reuse] = client
	}
	return client, err
}

func (kept clients) answer(ctx context.Context, asked request) outcome {
	client, err := kept.get(asked)
	if err != nil {
		return failed(err)
	}
	token, expiresOn, err := client(ctx, asked.Resource)
	if err != nil {
		return failed(err)
	}
	return outcome{Token: token, ExpiresOn: expiresOn.Unix()}
}

func failed(err error) outcome {
	name := fmt.Sprintf("%T", err)
	if errors.Is(err, errNotOffered) {
		name = "NotOffered"
	}
	return outcome{Error: &failure{Name: name, Message: err.Error()}}
}

func serve(ctx context.Context, in io.Reader, out io.Writer) error {
	requests, outcomes := json.NewDecoder(in), json.NewEncoder(out)
	kept := clients{}
	for {
		var asked request
		if err := requests.Decode(&asked); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := outcomes.Encode(kept.answer(ctx, asked)); err != nil {
			return err
		}
	}
}

func main() {
	if err := serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
