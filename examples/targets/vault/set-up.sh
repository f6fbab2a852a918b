#!/bin/sh
# Keeps the archive's one password in Vault, and lets in who shows a token of ISSUER for it: the principal ORDERS, with the role.
# VAULT_ADDR and VAULT_TOKEN say which Vault; the archive's password is read from standard input.
set -eu

vault secrets enable -path=secret kv-v2
vault kv put -mount=secret archive password=-
vault policy write archive-password - <<END
path "secret/data/archive" {
  capabilities = ["read"]
}
END

vault auth enable jwt
vault write auth/jwt/config jwks_url="$ISSUER/keys" bound_issuer="$ISSUER" jwt_supported_algs=RS256
# Audience, principal and role must all be right. The principal id is one object's: one made later under its name is another.
vault write auth/jwt/role/archive-password - <<END
{
  "role_type": "jwt",
  "bound_audiences": ["https://vault.vault.svc"],
  "bound_subject": "$ORDERS",
  "bound_claims": {"roles": ["archive-password-reader"]},
  "user_claim": "sub",
  "claim_mappings": {"xms_mirid": "identity"},
  "token_policies": ["archive-password"],
  "token_no_default_policy": true,
  "token_type": "batch",
  "token_ttl": "10m",
  "token_max_ttl": "10m"
}
END
