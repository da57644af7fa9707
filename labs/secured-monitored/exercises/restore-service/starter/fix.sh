#!/bin/bash
# Run in the container of web3, as the user of the server. Your task: see README.md.
