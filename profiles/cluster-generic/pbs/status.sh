#!/usr/bin/env bash
# What has become of a PBS job: running, success or failed. A queue that does not answer is asked
# again; a job that it no longer knows has failed. PBS Pro shows finished jobs with -x only.
if ! record=$(qstat -x -f "$1" 2>/dev/null) && ! record=$(qstat -f "$1" 2>&1); then
  case $record in
    *"Unknown Job"*) echo failed ;;
    *) echo running ;;
  esac
  exit
fi
value() { awk -F ' = ' -v name="$1" '{ sub(/^ +/, "", $1) } tolower($1) == name { print $2; exit }' <<<"$record"; }
case $(value job_state) in
  C | F) if [ "$(value exit_status)" = 0 ]; then echo success; else echo failed; fi ;;
  *) echo running ;;
esac
