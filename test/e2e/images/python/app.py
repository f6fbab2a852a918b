#!/usr/bin/python3
"""An application in a pod, with the unmodified Python SDK. What it reads and prints: ../README.md."""

import base64
import itertools
import json
import logging
import os
import signal
import sys
import time

import requests
from azure.identity import DefaultAzureCredential

AUDIENCE = os.environ.get("AUDIENCE", "")
TARGET_URL = os.environ.get("TARGET_URL", "")
INTERVAL_SECONDS = 0.2
ASKS_A_LINE = 5


def ask():
    with DefaultAzureCredential() as credential:
        token = credential.get_token(f"{AUDIENCE}/.default").token
    answer = {"claims": claims_of(token)}
    if TARGET_URL:
        response = requests.get(TARGET_URL, headers={"authorization": f"Bearer {token}"}, timeout=10)
        answer |= {"status": response.status_code, "body": response.text}
    return answer


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def failure_of(answer):
    return None if answer.get("status", 200) == 200 else f"{answer['status']} {answer['body']}"


def once():
    answer = ask()
    show(answer)
    sys.exit(0 if failure_of(answer) is None else 1)


def loop():
    failed, error = 0, None
    for asked in itertools.count(1):
        failure = failure_of_asking()
        if failure is not None:
            failed, error = failed + 1, failure
        if asked % ASKS_A_LINE == 0:
            show({"asked": asked, "failed": failed} | ({"error": error} if error else {}))
        time.sleep(INTERVAL_SECONDS)


def failure_of_asking():
    try:
        return failure_of(ask())
    except Exception as error:  # Whatever the SDK raises is a failure to count.
        return str(error)


def show(line):
    print(json.dumps(line), flush=True)


def main(arguments):
    modes = {"once": once, "loop": loop}
    try:
        if len(arguments) != 1 or arguments[0] not in modes:
            raise ValueError("usage: app once|loop")
        modes[arguments[0]]()
    except Exception as error:  # Whatever the SDK raises is what the test wants to read.
        show({"error": str(error)})
        sys.exit(1)


if __name__ == "__main__":
    # The SDK's warnings would stand between the lines of JSON.
    logging.disable(logging.WARNING)
    # The first process of a container ignores the signal otherwise.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    main(sys.argv[1:])
