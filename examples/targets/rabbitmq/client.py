"""`client.py publish|consume PORT [VHOST]`: uses the broker with the managed identity of whatever it runs as."""

import sys

import pika
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential

SCOPE = "https://rabbitmq.messaging.svc/.default"


def connect(port, vhost, token):
    """The token is the password; the broker takes the user's name out of the token."""
    credentials = pika.PlainCredentials("", token)
    return pika.BlockingConnection(
        pika.ConnectionParameters("127.0.0.1", port, vhost, credentials, connection_attempts=1)
    )


def publish(channel):
    channel.confirm_delivery()
    channel.basic_publish(exchange="orders", routing_key="", body=b"12 apples")
    return "published"


def consume(channel):
    _, _, body = channel.basic_get("orders", auto_ack=True)
    return f"consumed {body.decode()}" if body else "the queue is empty"


def main(action, port, vhost="shop"):
    token = DefaultAzureCredential().get_token(SCOPE).token
    with connect(int(port), vhost, token) as connection:
        print({"publish": publish, "consume": consume}[action](connection.channel()))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ClientAuthenticationError, pika.exceptions.AMQPError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
