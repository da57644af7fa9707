import json

from flask import Response


def json_reply(status, value, headers=None):
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    return Response(body, status=status, headers={"Content-Type": "application/json", **(headers or {})})


def page_reply(status, body):
    return Response(body, status=status, content_type="text/html; charset=utf-8")


def see_other(location):
    """303 See Other: the browser follows with a GET, so that reloading does not post again (RFC 9110, 15.4.4)."""
    reply = Response(b"", status=303, headers={"Location": location})
    reply.headers.remove("Content-Type")
    return reply
