#!/bin/bash
rm -f /tmp/core.dump
ln -sfn /etc/s6/app/run /run/service/app/run
s6-svc -wR -T 8000 -r /run/service/app
s6-svc -wu -T 5000 -u /run/service/nginx
s6-svc -d /run/service/node-exporter /run/service/nginx-exporter
