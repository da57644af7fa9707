import json
import re

from flask import request

from .asked import read_body, request_id, require_type, visitor_of
from .errors import HttpError
from .message_text import message_text
from .reply import json_reply

DEFAULT_LIMIT = 20
HIGHEST_LIMIT = 100


def api_routes(server, messages):
    """The JSON interface below `/api`."""

    def add():
        require_type(request, "application/json")
        message = messages.add(message_text(body_of(read_body(request))), server, request_id(request))
        return json_reply(201, message, {"Location": f"/api/messages/{message['id']}"})

    def find(id):
        message = messages.find(id_of(id))
        if message is None:
            raise HttpError(404, "message_not_found", "The replica has no such message.")
        return json_reply(200, message)

    return [
        ("GET", "/api/whoami", lambda: json_reply(200, {"server": server, **visitor_of(request)})),
        ("GET", "/api/messages", lambda: json_reply(200, messages.latest(limit_of(request.args.get("limit"))))),
        ("POST", "/api/messages", add),
        ("GET", "/api/messages/<id>", find),
    ]


def body_of(text):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HttpError(400, "invalid_json", "The body is not JSON.") from error
    return value.get("body") if isinstance(value, dict) else None


def limit_of(given):
    if given is None:
        return DEFAULT_LIMIT
    limit = int(given) if re.fullmatch(r"[0-9]{1,3}", given) else 0
    if not 1 <= limit <= HIGHEST_LIMIT:
        raise HttpError(400, "invalid_limit", f'"limit" must be a whole number from 1 to {HIGHEST_LIMIT}.')
    return limit


def id_of(given):
    if not re.fullmatch(r"[0-9]{1,15}", given):
        raise HttpError(400, "invalid_id", "A message is named by a whole number.")
    return int(given)
