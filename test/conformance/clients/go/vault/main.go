// Command vault works with the vault through the real Go SDK: one request a line of JSON in, one outcome a line of JSON out.
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
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

type request struct {
	Operation       string             `json:"operation"`
	Name            string             `json:"name"`
	Version         string             `json:"version"`
	Value           *string            `json:"value"`
	ContentType     *string            `json:"contentType"`
	Tags            map[string]*string `json:"tags"`
	Enabled         *bool              `json:"enabled"`
	Expires         *int64             `json:"expires"`
	ChecksChallenge bool               `json:"checksChallenge"`
}

type seen struct {
	Name            string             `json:"name"`
	Version         string             `json:"version,omitempty"`
	Value           *string            `json:"value,omitempty"`
	ContentType     *string            `json:"contentType,omitempty"`
	Tags            map[string]*string `json:"tags,omitempty"`
	Enabled         *bool              `json:"enabled,omitempty"`
	Expires         *int64             `json:"expires,omitempty"`
	RecoverableDays *int32             `json:"recoverableDays,omitempty"`
	RecoveryID      *string            `json:"recoveryId,omitempty"`
}

type outcome struct {
	Secret  *seen    `json:"secret,omitempty"`
	Secrets []seen   `json:"secrets,omitempty"`
	Done    bool     `json:"done,omitempty"`
	Error   *failure `json:"error,omitempty"`
}

type failure struct {
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
}

func (asked request) attributes() *azsecrets.SecretAttributes {
	attributes := &azsecrets.SecretAttributes{Enabled: asked.Enabled}
	if asked.Expires != nil {
		expires := time.Unix(*asked.Expires, 0)
		attributes.Expires = &expires
	}
	return attributes
}

func run(ctx context.Context, client *azsecrets.Client, asked request) (outcome, error) {
	switch asked.Operation {
	case "set":
		parameters := azsecrets.SetSecretParameters{
			Value: asked.Value, ContentType: asked.ContentType, Tags: asked.Tags, SecretAttributes: asked.attributes(),
		}
		reply, err := client.SetSecret(ctx, asked.Name, parameters, nil)
		return one(fromSecret(reply.Secret)), err
	case "get":
		reply, err := client.GetSecret(ctx, asked.Name, asked.Version, nil)
		return one(fromSecret(reply.Secret)), err
	case "update":
		parameters := azsecrets.UpdateSecretPropertiesParameters{
			ContentType: asked.ContentType, Tags: asked.Tags, SecretAttributes: asked.attributes(),
		}
		reply, err := client.UpdateSecretProperties(ctx, asked.Name, asked.Version, parameters, nil)
		return one(fromSecret(reply.Secret)), err
	case "delete":
		reply, err := client.DeleteSecret(ctx, asked.Name, nil)
		return one(fromDeleted(reply.DeletedSecret)), err
	case "getDeleted":
		reply, err := client.GetDeletedSecret(ctx, asked.Name, nil)
		return one(fromDeleted(reply.DeletedSecret)), err
	case "recover":
		reply, err := client.RecoverDeletedSecret(ctx, asked.Name, nil)
		return one(fromSecret(reply.Secret)), err
	case "purge":
		_, err := client.PurgeDeletedSecret(ctx, asked.Name, nil)
		return outcome{Done: true}, err
	default:
		return list(ctx, client, asked)
	}
}

func list(ctx context.Context, client *azsecrets.Client, asked request) (outcome, error) {
	switch asked.Operation {
	case "list":
		pager := client.NewListSecretPropertiesPager(nil)
		return pages(ctx, pager, func(page azsecrets.ListSecretPropertiesResponse) []seen {
			return fromProperties(page.Value)
		})
	case "versions":
		pager := client.NewListSecretPropertiesVersionsPager(asked.Name, nil)
		return pages(ctx, pager, func(page azsecrets.ListSecretPropertiesVersionsResponse) []seen {
			return fromProperties(page.Value)
		})
	default:
		pager := client.NewListDeletedSecretPropertiesPager(nil)
		return pages(ctx, pager, func(page azsecrets.ListDeletedSecretPropertiesResponse) []seen {
			var secrets []seen
			for _, deleted := range page.Value {
				secret := described(deleted.ID, deleted.Attributes)
				secret.RecoveryID = deleted.RecoveryID
				secrets = append(secrets, secret)
			}
			return secrets
		})
	}
}

func pages[Page any](ctx context.Context, pager *runtime.Pager[Page], entries func(Page) []seen) (outcome, error) {
	var all outcome
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return outcome{}, err
		}
		all.Secrets = append(all.Secrets, entries(page)...)
	}
	return all, nil
}

func one(secret seen) outcome { return outcome{Secret: &secret} }

func fromSecret(secret azsecrets.Secret) seen {
	shown := described(secret.ID, secret.Attributes)
	shown.Value, shown.ContentType, shown.Tags = secret.Value, secret.ContentType, secret.Tags
	return shown
}

func fromDeleted(secret azsecrets.DeletedSecret) seen {
	shown := described(secret.ID, secret.Attributes)
	shown.Value, shown.ContentType, shown.Tags = secret.Value, secret.ContentType, secret.Tags
	shown.RecoveryID = secret.RecoveryID
	return shown
}

func fromProperties(listed []*azsecrets.SecretProperties) []seen {
	var secrets []seen
	for _, properties := range listed {
		shown := described(properties.ID, properties.Attributes)
		shown.ContentType, shown.Tags = properties.ContentType, properties.Tags
		secrets = append(secrets, shown)
	}
	return secrets
}

func described(id *azsecrets.ID, attributes *azsecrets.SecretAttributes) seen {
	if id == nil || attributes == nil {
		return seen{}
	}
	shown := seen{
		Name: id.Name(), Version: id.Version(), Enabled: attributes.Enabled, RecoverableDays: attributes.RecoverableDays,
	}
	if attributes.Expires != nil {
		expires := attributes.Expires.Unix()
		shown.Expires = &expires
	}
	return shown
}

func failed(err error) outcome {
	failure := &failure{Message: err.Error()}
	var refused *azcore.ResponseError
	if errors.As(err, &refused) {
		failure.Status, failure.Code = refused.StatusCode, refused.ErrorCode
	}
	return outcome{Error: failure}
}

func serve(ctx context.Context, strict, tolerant *azsecrets.Client) error {
	requests, outcomes := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var asked request
		if err := requests.Decode(&asked); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		client := tolerant
		if asked.ChecksChallenge {
			client = strict
		}
		result, err := run(ctx, client, asked)
		if err != nil {
			result = failed(err)
		}
		if err := outcomes.Encode(result); err != nil {
			return err
		}
	}
}

func clients() (strict, tolerant *azsecrets.Client, err error) {
	credential, err := azidentity.NewDefaultAzureCredential(nil)
	if err != nil {
		return nil, nil, fmt.Errorf("no credential: %w", err)
	}
	url := os.Getenv("VAULT_URL")
	strict, err = azsecrets.NewClient(url, credential, nil)
	if err != nil {
		return nil, nil, err
	}
	options := &azsecrets.ClientOptions{DisableChallengeResourceVerification: true}
	tolerant, err = azsecrets.NewClient(url, credential, options)
	return strict, tolerant, err
}

func main() {
	strict, tolerant, err := clients()
	if err != nil {
		log.Fatal(err)
	}
	if err := serve(context.Background(), strict, tolerant); err != nil {
		log.Fatal(err)
	}
}
