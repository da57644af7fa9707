#!/bin/bash
rm -f /tmp/core.dump
ln -sfn /etc/s6/app/run /run/service/app/run
s6-svc -wR -T 8000 -r /run/service/app
nginx -e stderr -c /etc/lab/nginx.conf &
sleep 1
