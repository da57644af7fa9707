#!/bin/bash
apt-get install -y ufw
ufw default deny incoming
for port in 22 80 443; do ufw allow "$port/tcp"; done
ufw enable -y
