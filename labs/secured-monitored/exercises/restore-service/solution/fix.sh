#!/bin/bash
set -eu

# A file that nobody needs fills /tmp.
rm -f /tmp/core.dump

# The application is started by a script that somebody has changed: the image's own again.
ln -sfn /etc/s6/app/run /run/service/app/run
rm -f /run/holding-back.cjs
s6-svc -wR -T 8000 -r /run/service/app || s6-svc -u /run/service/app

s6-svc -wu -T 5000 -u /run/service/nginx
