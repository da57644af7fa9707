"""One process with threads, behind Caddy. Most threads may wait for a database; some always answer for health."""

from server.log import log

bind = ["127.0.0.1:3000", "0.0.0.0:9464"]
workers = 1
worker_class = "gthread"
threads = 64
backlog = 512
# Longer than Caddy keeps an idle connection, so that it is never Caddy that finds one closed.
keepalive = 75
timeout = 30
graceful_timeout = 1
worker_tmp_dir = "/run"
proc_name = "app"
loglevel = "warning"


def post_worker_init(worker):
    log("info", "listening", site="127.0.0.1:3000", operations="0.0.0.0:9464")
