#!/usr/bin/env bash
# Submit with bsub, and print the job's number only: Job <123> is submitted to queue <normal>. An
# answer without a number is an error.
set -euo pipefail
bsub "$@" | sed -n 's/^Job <\([0-9]*\)>.*/\1/p' | grep .
