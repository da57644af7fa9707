#!/bin/bash
ufw allow 22/tcp
ufw allow 80/tcp
ufw allow 443/tcp
ufw --force enable
while true; do
  ufw status
  sleep 5
done
