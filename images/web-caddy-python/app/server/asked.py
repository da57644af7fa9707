"""What a request says, as far as it can be believed, and its body."""

import re
import uuid

from .errors import HttpError

# Most bytes of a request's body that are read.
BODY_LIMIT = 4096


def visitor_of(request):
    """
    Who asks: the visitor's address, the scheme, and what the balancer put in X-Forwarded-For, None without the balancer. Read from
    headers that Caddy sets itself; only Caddy can reach the application, so they are believed.
    """
    forwarded = request.headers.get("X-Lab-Forwarded-For") or None
    peer = request.headers.get("X-Lab-Peer") or request.remote_addr
    return {
        "clientAddress": forwarded.split(",")[-1].strip() if forwarded else peer,
        "scheme": "https" if request.headers.get("X-Lab-Forwarded-Proto") == "https" else "http",
        "forwardedFor": forwarded,
    }


def request_id(request):
    """
    Names one request of a visitor. The balancer sends the same name along when it tries a request again on another server, so that
    what the first one may have written is not written twice.
    """
    given = request.headers.get("X-Request-ID", "")
    return given if re.fullmatch(r"[A-Za-z0-9_.:-]{1,64}", given) else str(uuid.uuid4())


def require_type(request, wanted):
    """Throws 415 unless the request says that its body is of that type."""
    given = request.headers.get("Content-Type", "").split(";", 1)[0].strip().lower()
    if given != wanted:
        raise HttpError(415, "unsupported_type", f"The body must be {wanted}.")


def read_body(request):
    """Reads a body as UTF-8. Throws 413 above `BODY_LIMIT` bytes and 400 when it is not UTF-8."""
    refuse_large(request.content_length or 0)
    body = request.environ["wsgi.input"].read(BODY_LIMIT + 1)
    refuse_large(len(body))
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HttpError(400, "invalid_encoding", "The body must be UTF-8.") from error


def refuse_large(size):
    if size > BODY_LIMIT:
        # The rest of the body is not read, so the connection cannot be used again.
        raise HttpError(413, "body_too_large", f"The body may have at most {BODY_LIMIT} bytes.", {"Connection": "close"})
