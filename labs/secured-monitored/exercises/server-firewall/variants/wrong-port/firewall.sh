#!/bin/bash
ufw allow 22/tcp
ufw allow 8080/tcp
ufw allow 443/tcp
ufw --force enable
