import socket
import time

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from .api import api_routes
from .asked import refuse_large, visitor_of
from .config import load_config
from .database import Database
from .errors import HttpError
from .health import health_routes
from .log import log, log_access
from .messages import Messages
from .metrics import Metrics
from .pages import page_routes
from .reply import json_reply

OPERATIONS_PORT = "9464"
KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def create_application(path):
    """What visitors get through Caddy, and what operators get on a port of their own; Gunicorn listens on both."""
    server = socket.gethostname()
    metrics = Metrics(server)
    database = Database(load_config(path), metrics)
    messages = Messages(database)

    site = flask_with([*page_routes(server, messages), *api_routes(server, messages), *health_routes(database)])
    site.before_request(lambda: setattr(g, "started", time.monotonic()))
    site.before_request(lambda: refuse_large(request.content_length or 0))
    site.after_request(lambda response: counted(metrics, response))
    operations = flask_with([("GET", "/metrics", lambda: Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")), *health_routes(database)])

    def by_port(environ, start_response):
        chosen = operations if environ["SERVER_PORT"] == OPERATIONS_PORT else site
        return chosen(environ, start_response)

    return by_port


def flask_with(routes):
    """An application with these routes alone: (method, path, function) each. Every error is JSON."""
    app = Flask("server", static_folder=None)
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    for method, path, handle in routes:
        app.add_url_rule(path, f"{method} {path}", handle, methods=[method], provide_automatic_options=False)
    app.register_error_handler(HttpError, lambda error: json_reply(error.status, {"error": {"code": error.code, "message": error.message}}, error.headers))
    app.register_error_handler(NotFound, lambda _: refusal(404, "not_found", "There is nothing at this path."))
    app.register_error_handler(MethodNotAllowed, method_not_allowed)
    app.register_error_handler(Exception, failed)
    app.after_request(uncached)
    return app


def uncached(response):
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def refusal(status, code, message, headers=None):
    return json_reply(status, {"error": {"code": code, "message": message}}, headers)


def method_not_allowed(error):
    allowed = ", ".join(sorted(error.valid_methods or []))
    return refusal(405, "method_not_allowed", f"This path takes {allowed}.", {"Allow": allowed})


def failed(error):
    if isinstance(error, HTTPException):
        return refusal(error.code, "refused", error.name)
    log("error", "a request failed", url=request.full_path, stack=repr(error))
    return refusal(500, "internal", "The application failed to answer.")


def counted(metrics, response):
    seconds = time.monotonic() - g.started
    # Label values come from fixed sets: a visitor must not be able to make new series.
    route = route_of(request)
    method = request.method if request.method in KNOWN_METHODS else "other"
    metrics.observe_request(route, method, str(response.status_code), seconds)
    # Successful health checks are not worth a line each. Caddy has no say in its log's words, so it is here that visits are logged.
    if not (route == "/healthz" and response.status_code == 200):
        visitor = visitor_of(request)
        log_access(
            client=visitor["clientAddress"],
            peer=request.headers.get("X-Lab-Peer", ""),
            scheme=visitor["scheme"],
            host=request.host,
            method=request.method,
            uri=request.environ.get("RAW_URI", request.full_path),
            status=response.status_code,
            bytes=response.content_length or 0,
            seconds=round(seconds, 4),
            agent=request.headers.get("User-Agent", ""),
        )
    return response


def route_of(asked):
    """The path as it is declared, whatever the method: `/api/messages/:id`."""
    if asked.url_rule is not None:
        return asked.url_rule.rule.replace("<", ":").replace(">", "")
    if isinstance(asked.routing_exception, MethodNotAllowed):
        return "/api/messages/:id" if asked.path.startswith("/api/messages/") else asked.path
    return "unmatched"
