"""`client.py URL`: reads the archive, whose password it gets from Vault with the managed identity of whatever it runs as."""

import os
import sys

import hvac
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential

SCOPE = "https://vault.vault.svc/.default"


def archive_password():
    """Kept by nobody: the token that Vault gives for ours ends after ten minutes."""
    vault = hvac.Client(os.environ.get("VAULT_ADDR", "http://127.0.0.1:8200"))
    token = DefaultAzureCredential().get_token(SCOPE).token
    vault.auth.jwt.jwt_login(role="archive-password", jwt=token)
    secret = vault.secrets.kv.v2.read_secret_version("archive", raise_on_deleted_version=True)
    return secret["data"]["data"]["password"]


try:
    password = archive_password()
except (ClientAuthenticationError, hvac.exceptions.VaultError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
response = requests.get(sys.argv[1], auth=("archive", password), timeout=10)
print(response.status_code, response.text.strip())
sys.exit(0 if response.ok else 1)
