#!/bin/bash
rm -f /tmp/core.dump
s6-svc -wR -T 8000 -r /run/service/app
s6-svc -wu -T 5000 -u /run/service/nginx
