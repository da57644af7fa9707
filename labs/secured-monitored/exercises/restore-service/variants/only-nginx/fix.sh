#!/bin/bash
s6-svc -wu -T 5000 -u /run/service/nginx
