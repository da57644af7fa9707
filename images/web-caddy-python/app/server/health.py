from .reply import json_reply


def health_routes(database):
    """Liveness needs no database; readiness asks both."""

    def ready():
        reachable = {role: database.answers(role) for role in ("primary", "replica")}
        well = all(reachable.values())
        return json_reply(200 if well else 503, {"status": "ok" if well else "unavailable", **reachable})

    return [
        ("GET", "/healthz", lambda: json_reply(200, {"status": "ok"})),
        ("GET", "/readyz", ready),
    ]
