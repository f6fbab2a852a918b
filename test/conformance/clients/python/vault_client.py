"""Works with the vault through the real Python SDK: one request a line of JSON in, one outcome a line of JSON out."""

import json
import os
import sys
from datetime import datetime, timezone

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient

url = os.environ["VAULT_URL"]
credential = DefaultAzureCredential()
tolerant = SecretClient(url, credential, verify_challenge_resource=False)
strict = SecretClient(url, credential)


def attributes(asked):
    given = {
        "content_type": asked.get("contentType"),
        "tags": asked.get("tags"),
        "enabled": asked.get("enabled"),
        "expires_on": asked.get("expires") and datetime.fromtimestamp(asked["expires"], timezone.utc),
    }
    return {name: value for name, value in given.items() if value is not None}


def run(client, asked):
    name, version = asked.get("name"), asked.get("version")
    page_size = {"max_page_size": asked["pageSize"]} if "pageSize" in asked else {}
    match asked["operation"]:
        case "set":
            return {"secret": seen(client.set_secret(name, asked["value"], **attributes(asked)))}
        case "get":
            return {"secret": seen(client.get_secret(name, version))}
        case "update":
            return {"secret": properties(client.update_secret_properties(name, version, **attributes(asked)))}
        case "delete":
            return {"secret": seen(client.begin_delete_secret(name).result())}
        case "getDeleted":
            return {"secret": seen(client.get_deleted_secret(name))}
        case "recover":
            return {"secret": properties(client.begin_recover_deleted_secret(name).result())}
        case "purge":
            client.purge_deleted_secret(name)
            return {"done": True}
        case "list":
            return {"secrets": [properties(one) for one in client.list_properties_of_secrets(**page_size)]}
        case "versions":
            return {"secrets": [properties(one) for one in client.list_properties_of_secret_versions(name, **page_size)]}
        case "listDeleted":
            return {"secrets": [seen(one) for one in client.list_deleted_secrets(**page_size)]}


def seen(secret):
    shown = {"value": getattr(secret, "value", None), "recoveryId": getattr(secret, "recovery_id", None)}
    return properties(secret.properties) | {name: value for name, value in shown.items() if value is not None}


def properties(described):
    shown = {
        "name": described.name,
        "version": described.version,
        "contentType": described.content_type,
        "tags": described.tags,
        "enabled": described.enabled,
        "expires": described.expires_on and int(described.expires_on.timestamp()),
        "recoverableDays": described.recoverable_days,
    }
    return {name: value for name, value in shown.items() if value is not None}


def failed(error):
    message = str(error)
    if not isinstance(error, HttpResponseError):
        return {"error": {"message": message}}
    return {"error": {"status": error.status_code, "code": error.error and error.error.code, "message": message}}


for line in sys.stdin:
    request = json.loads(line)
    try:
        outcome = run(strict if request.get("checksChallenge") else tolerant, request)
    except Exception as error:
        outcome = failed(error)
    print(json.dumps(outcome), flush=True)
