"""`client.py AUDIENCE URL`: calls a service with the managed identity of whatever it runs as. It holds no credential."""

import sys

import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential

audience, url = sys.argv[1:]
try:
    token = DefaultAzureCredential().get_token(f"{audience}/.default").token
except ClientAuthenticationError as error:
    sys.exit(str(error))
response = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
print(response.status_code, response.text.strip())
sys.exit(0 if response.ok else 1)
