#!/usr/bin/env bash
# Lets people reach SSH, HTTP and HTTPS on this server, and nothing else.
