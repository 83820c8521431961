#!/usr/bin/env bash
# What has become of a Grid Engine job: running, success or failed. While it is in the queue, qstat
# knows it; later, qacct, some seconds after its end. A queue that does not answer is asked again.
if ! queue=$(qstat -u '*'); then
  echo running
  exit
fi
state=$(awk -v job="$1" '$1 == job { print $5; exit }' <<<"$queue")
if [[ $state == *E* ]]; then # an error before its start: it would wait for ever
  qdel "$1" >/dev/null
  echo failed
elif [ -z "$state" ] && record=$(qacct -j "$1" 2>/dev/null); then
  # a job that was started again has several records, of which the last one counts
  awk '$1 == "failed" || $1 == "exit_status" { last[$1] = $2 }
    END { print !("exit_status" in last) ? "running" : last["failed"] != 0 || last["exit_status"] != 0 ? "failed" : "success" }' <<<"$record"
else
  echo running
fi
