// Command service verifies its callers' tokens with go-oidc and the issuer's public keys, and lets in who has the role.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	audience = "https://prices.prices.svc"
	role     = "price-reader"
)

type claims struct {
	Roles      []string `json:"roles"`
	ResourceID string   `json:"xms_mirid"`
}

func answer(ctx context.Context, verifier *oidc.IDTokenVerifier, authorization string) (int, any) {
	token, err := verifier.Verify(ctx, strings.TrimPrefix(authorization, "Bearer "))
	if err != nil {
		return http.StatusUnauthorized, map[string]string{"error": "the token is missing or not valid here"}
	}
	var caller claims
	if err := token.Claims(&caller); err != nil || !slices.Contains(caller.Roles, role) {
		return http.StatusForbidden, map[string]string{"error": "the role " + role + " is missing"}
	}
	return http.StatusOK, map[string]any{"prices": map[string]int{"apples": 3}, "caller": caller.ResourceID}
}

func main() {
	issuer := cmp.Or(os.Getenv("ISSUER"), "http://127.0.0.1:8400")
	// Fetched with the first token, so the issuer may start later than this service; and again for an unknown key id.
	keys := oidc.NewRemoteKeySet(context.Background(), issuer+"/keys")
	verifier := oidc.NewVerifier(issuer, keys, &oidc.Config{
		ClientID:             audience, // What go-oidc calls the audience.
		SupportedSigningAlgs: []string{oidc.RS256},
	})
	http.HandleFunc("/", func(writer http.ResponseWriter, request *http.Request) {
		status, body := answer(request.Context(), verifier, request.Header.Get("Authorization"))
		writer.Header().Set("Content-Type", "application/json")
		writer.WriteHeader(status)
		_ = json.NewEncoder(writer).Encode(body)
	})
	listener, err := net.Listen("tcp", net.JoinHostPort(cmp.Or(os.Getenv("HOST"), "127.0.0.1"), cmp.Or(os.Getenv("PORT"), "8080")))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
