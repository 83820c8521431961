#!/usr/bin/env bash
# What has become of an LSF job: running, success or failed. A queue that does not answer is asked
# again; a job that it no longer knows has failed.
if ! state=$(bjobs -noheader -o stat "$1" 2>&1); then
  case $state in
    *"is not found"*) echo failed ;;
    *) echo running ;;
  esac
  exit
fi
case $state in
  DONE) echo success ;;
  EXIT | ZOMBI | *"is not found"*) echo failed ;;
  *) echo running ;;
esac
