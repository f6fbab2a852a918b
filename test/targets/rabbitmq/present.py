"""`present.py PORT VHOST`: logs in with $TOKEN, publishes once, and prints what came of it."""

import os
import sys

import pika
from pika.exceptions import (
    ChannelClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

ACCESS_REFUSED = 403


def publish(port, vhost, token):
    parameters = pika.ConnectionParameters("127.0.0.1", port, vhost, pika.PlainCredentials("", token))
    with pika.BlockingConnection(parameters) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish(exchange="orders", routing_key="", body=b"12 apples")


def outcome(port, vhost, token):
    try:
        publish(port, vhost, token)
    except ProbableAuthenticationError:
        return "refused"
    except ProbableAccessDeniedError:
        return "forbidden"
    except ChannelClosedByBroker as closed:
        if closed.reply_code != ACCESS_REFUSED:
            raise
        return "forbidden"
    return "allowed"


if __name__ == "__main__":
    print(outcome(int(sys.argv[1]), sys.argv[2], os.environ["TOKEN"]))
