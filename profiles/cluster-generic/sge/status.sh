#!/usr/bin/env bash
# What has become of a Grid Engine job: running, success or failed. While it is in the queue, qstat
# knows it; later, qacct, some seconds after its end.
state=$(qstat -u '*' | awk -v job="$1" '$1 == job { print $5; exit }')
if [[ $state == *E* ]]; then # an error before its start: it would wait for ever
  qdel "$1" >/dev/null
  echo failed
elif [ -z "$state" ] && record=$(qacct -j "$1" 2>/dev/null); then
  awk '$1 == "failed" || $1 == "exit_status" { bad += ($2 != 0) } END { print bad ? "failed" : "success" }' <<<"$record"
else
  echo running
fi
