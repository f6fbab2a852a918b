// The floor that the sidecar is measured against: the least that a Go program can do for the same job. It serves one
// dialect (Azure IMDS), keeps tokens in memory, fetches and renews them over TLS, and checks no more than it must.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

func main() {
	tokens := newTokenCache(os.Getenv("LANYARD_ISSUER_URL"), os.Getenv("LANYARD_SUBJECT_TOKEN_FILE"))
	for audience := range strings.SplitSeq(os.Getenv("LANYARD_AUDIENCES"), ",") {
		go tokens.get(audience)
	}

	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("LANYARD_PORT"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("{\"port\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	http.HandleFunc("GET /metadata/identity/oauth2/token", serveToken(tokens))
	log.Fatal(http.Serve(listener, nil))
}

func serveToken(tokens *tokenCache) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("Content-Type", "application/json")
		if request.Header.Get("Metadata") != "true" || request.Header.Get("X-Forwarded-For") != "" {
			refuse(response, http.StatusBadRequest, "invalid_request")
			return
		}
		query := request.URL.Query()
		find := tokens.get
		if query.Get("bypass_cache") == "true" {
			find = tokens.fetch
		}
		token, err := find(query.Get("resource"))
		if err != nil {
			refuse(response, http.StatusServiceUnavailable, err.Error())
			return
		}
		response.Header().Set("Cache-Control", "no-store")
		json.NewEncoder(response).Encode(token.reply())
	}
}

func refuse(response http.ResponseWriter, status int, reason string) {
	response.WriteHeader(status)
	json.NewEncoder(response).Encode(map[string]string{"error": reason})
}
