import type { Exported } from './gradescope.ts';

/** Gradescope runs it once, while it builds the image. Nothing of a submission is there yet. */
export function setupSh(): string {
  return `#!/bin/bash
# Run once, while the autograder's image is built.
set -euo pipefail
cd /autograder/source

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends ca-certificates curl openssh-client xz-utils

# With a machine of one's own (README.md, "Over SSH") nothing else is needed here.
if [ -f runner.conf ]; then
  [ ! -f runner.key ] || chmod 600 runner.key
  exit 0
fi

# lab needs Node.js 20.19 or newer, which few images bring.
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
  case $(uname -m) in x86_64) cpu=x64 ;; aarch64) cpu=arm64 ;; *) echo "no Node.js for $(uname -m)" >&2; exit 1 ;; esac
  at=https://nodejs.org/dist/latest-v20.x
  cd /tmp
  curl -fsSLO "$at/SHASUMS256.txt"
  archive=$(awk '{ print $2 }' SHASUMS256.txt | grep "^node-v20[.0-9]*-linux-$cpu\\.tar\\.xz$")
  curl -fsSLO "$at/$archive"
  grep " $archive$" SHASUMS256.txt | sha256sum -c -
  tar -xJf "$archive" -C /usr/local --strip-components 1 --no-same-owner
  cd /autograder/source
fi

cd lab
npm ci --ignore-scripts --no-audit --no-fund
./lab --version
`;
}

/** Gradescope runs it for each submission. Without an engine it fails aloud instead of giving 0 points. */
export function runAutograder({ name }: Exported): string {
  return `#!/bin/bash
# Run for each submission. The score goes to /autograder/results/results.json; without that file Gradescope reports
# that the autograder failed, which is right when the machine is to blame: nobody gets 0 points for it.
set -euo pipefail
autograder=\${AUTOGRADER:-/autograder}
source=$autograder/source
submission=$autograder/submission
results=$autograder/results
mkdir -p "$results"

# Gradescope's id of the submission, for people who look for it.
student=gradescope
if [ -f "$autograder/submission_metadata.json" ] && command -v node >/dev/null; then
  student=$(node -e '
    const { users = [] } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    console.log("gradescope-" + (users.map(({ id }) => Number(id) || 0).sort((a, b) => a - b).join("-") || "unknown"));
  ' "$autograder/submission_metadata.json")
fi

# 1. Over SSH, on a machine of one's own.
if [ -f "$source/runner.conf" ]; then
  # runner.conf has one line: user@host
  read -r runner <"$source/runner.conf"
  tar -C "$submission" -cf - . |
    ssh -i "$source/runner.key" -o BatchMode=yes -o IdentitiesOnly=yes -o ConnectTimeout=20 \\
      -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$source/runner.known_hosts" \\
      -- "$runner" "$student" >"$results/results.json.new"
  mv "$results/results.json.new" "$results/results.json"
  exit 0
fi

# 2. Here, where a Docker engine answers or may be started.
cd "$source/lab"
if ! ./lab doctor --json >/dev/null 2>&1 && ! ./lab setup --yes >&2; then
  echo 'There is no Docker engine here, and none can be started: Gradescope runs this container without the rights' >&2
  echo 'that an engine needs. README.md says how to grade on a machine of your own.' >&2
  exit 1
fi

key=()
if [ -f "$source/grader.key" ]; then key=(--key "$source/grader.key"); fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# 1 says that the submission did not pass, and is a score like any other.
code=0
./lab grade "$submission" --exercise ${name} --student "$student" --out "$out" "\${key[@]}" >&2 || code=$?
result=$(find "$out" -type f -name result.json -print -quit)
if [ "$code" -gt 1 ] || [ -z "$result" ]; then
  echo "lab grade ended with $code and left no score" >&2
  exit 1
fi
./lab results show "$result" --reporter gradescope --audience student --output "$results/results.json"
`;
}

/** The other end: what a machine of one's own runs, and nothing else, when the autograder calls. */
export function gradeOverSsh({ name }: Exported): string {
  return `#!/bin/bash
# The forced command of the autograder's key on a machine with a Docker engine (README.md, "Over SSH"). Takes the
# submission as a tar archive on standard input and writes results.json to standard output.
set -euo pipefail
lab=\${LAB:-/srv/lab/lab}
key=\${LAB_KEY:-}

student=\${SSH_ORIGINAL_COMMAND:-gradescope}
case $student in '' | *[!a-z0-9-]*) echo 'not a student id' >&2; exit 2 ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The archive is handed over as it is: lab reads archives itself, trusts nothing in them and bounds what it takes.
head -c 67108864 >"$work/submission.tar"

options=()
if [ -n "$key" ]; then options=(--key "$key"); fi
code=0
"$lab" grade "$work/submission.tar" --exercise ${name} --student "$student" --out "$work/out" \\
  "\${options[@]}" >&2 || code=$?
result=$(find "$work/out" -type f -name result.json -print -quit)
if [ "$code" -gt 1 ] || [ -z "$result" ]; then exit 1; fi
"$lab" results show "$result" --reporter gradescope --audience student
`;
}
