"""Asks for tokens with the real Python SDKs: one request a line of JSON in, one outcome a line of JSON out."""

import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack

import msal
import requests
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from azure.identity.aio import ManagedIdentityCredential as AsyncManagedIdentityCredential


class NotOffered(Exception):
    """The SDK has no parameter for what was asked."""


def sync_credential(selector):
    """The sync credential runs on MSAL, which knows `resource_id` and sends it as `mi_res_id`."""
    return ManagedIdentityCredential(**identity_arguments(selector, resource_id_key="resource_id"))


def async_credential(selector):
    """The async credential puts every key of `identity_config` into the query as it stands."""
    return AsyncManagedIdentityCredential(**identity_arguments(selector, resource_id_key="mi_res_id"))


def identity_arguments(selector, resource_id_key):
    match selector:
        case {"by": "none"}:
            return {}
        case {"by": "clientId", "value": value}:
            return {"client_id": value}
        case {"by": "objectId", "value": value}:
            return {"identity_config": {"object_id": value}}
        case {"by": "resourceId", "value": value}:
            return {"identity_config": {resource_id_key: value}}
        case {"by": "miResId", "value": value}:
            return {"identity_config": {"mi_res_id": value}}


def default_credential(selector):
    match selector:
        case {"by": "none"}:
            return DefaultAzureCredential()
        case {"by": "clientId", "value": value}:
            return DefaultAzureCredential(managed_identity_client_id=value)
        case _:
            raise NotOffered(f"DefaultAzureCredential by {selector['by']}")


def msal_client(selector):
    return msal.ManagedIdentityClient(msal_identity(selector), http_client=requests.Session())


def msal_identity(selector):
    match selector:
        case {"by": "none"}:
            return msal.SystemAssignedManagedIdentity()
        case {"by": "clientId", "value": value}:
            return msal.UserAssignedManagedIdentity(client_id=value)
        case {"by": "objectId", "value": value}:
            return msal.UserAssignedManagedIdentity(object_id=value)
        case {"by": "resourceId", "value": value}:
            return msal.UserAssignedManagedIdentity(resource_id=value)


async def token_of_credential(credential, resource):
    token = credential.get_token(f"{resource}/.default")
    return token_fields(token.token, token.expires_on)


async def token_of_async_credential(credential, resource):
    token = await credential.get_token(f"{resource}/.default")
    return token_fields(token.token, token.expires_on)


async def token_of_msal(client, resource):
    """MSAL for Python returns a refusal instead of raising it."""
    result = client.acquire_token_for_client(resource=resource)
    if "error" in result:
        return error_fields(result["error"], result["error_description"])
    return token_fields(result["access_token"], int(time.time()) + result["expires_in"])


CLIENTS = {
    "azure-identity": (sync_credential, token_of_credential),
    "azure-identity-async": (async_credential, token_of_async_credential),
    "default-azure-credential": (default_credential, token_of_credential),
    "msal": (msal_client, token_of_msal),
}


def token_fields(token, expires_on):
    return {"token": token, "expiresOn": expires_on}


def error_fields(name, message):
    return {"error": {"name": name, "message": message}}


class Credentials:
    """Makes the credential of a request, and keeps those that later requests ask with again."""

    def __init__(self, opened):
        self._opened = opened
        self._kept = {}

    async def get(self, request, create):
        name = request.get("reuse")
        if name in self._kept:
            return self._kept[name]
        credential = create(request["selector"])
        if isinstance(credential, AsyncManagedIdentityCredential):
            await self._opened.enter_async_context(credential)
        if name is not None:
            self._kept[name] = credential
        return credential


async def answer(request, credentials):
    create, get_token = CLIENTS[request["client"]]
    try:
        return await get_token(await credentials.get(request, create), request["resource"])
    except Exception as error:  # Whatever the SDK raises is the outcome under test.
        return error_fields(type(error).__name__, str(error))


async def main():
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as opened:
        credentials = Credentials(opened)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(await answer(json.loads(line), credentials)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
