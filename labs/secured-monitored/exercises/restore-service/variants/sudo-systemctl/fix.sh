#!/bin/bash
set -e
sudo rm -f /tmp/core.dump
sudo systemctl restart nginx
sudo systemctl restart app
