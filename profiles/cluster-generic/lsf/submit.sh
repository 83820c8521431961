#!/usr/bin/env bash
# Submit with bsub, and print the job's number only: Job <123> is submitted to queue <normal>.
set -euo pipefail
bsub "$@" | sed -n 's/^Job <\([0-9]*\)>.*/\1/p'
