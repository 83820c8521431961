#!/usr/bin/env bash
# A real Slurm of this one machine, on its loopback interface, without systemd: for tests, as root.
#   slurm_sandbox.sh up FOLDER | stop-controller FOLDER | start-controller FOLDER | down FOLDER
# FOLDER takes keys, logs, state and process ids. Only slurm.conf and gres.conf lie in /etc/slurm:
# job steps look nowhere else. Those of a real cluster are never touched.
set -euo pipefail
export PATH=$PATH:/usr/sbin
command=${1:?what to do} folder=${2:?folder}
etc=/etc/slurm mark="# written by spikeloc's slurm_sandbox.sh"

fail() {
  echo "slurm sandbox: $1" >&2
  exit 1
}

write_config() { # memory is scheduled, not there: jobs that are tried again ask for more
  # MinJobAge: jobs that have ended are not forgotten, for tests look at them
  # plain nproc would heed OMP_NUM_THREADS, which the tests pin
  local host cpus
  host=$(hostname -s) cpus=$(nproc --all)
  mkdir -p "$etc"
  cat >"$etc/slurm.conf" <<CONF
$mark
ClusterName=sandbox
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,bf_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
DefMemPerCPU=500
KillWait=2
MinJobAge=86400
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
GresTypes=gpu
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=128000 Gres=gpu:1 State=UNKNOWN
PartitionName=cpu Nodes=$host Default=YES MaxTime=INFINITE State=UP
PartitionName=gpu Nodes=$host MaxTime=INFINITE State=UP
CONF
  # a GPU in name only: it is scheduled, and CUDA_VISIBLE_DEVICES is set
  [ -e "$folder/gpu0" ] || mknod "$folder/gpu0" c 1 3
  printf '%s\nNodeName=%s Name=gpu File=%s\n' "$mark" "$host" "$folder/gpu0" >"$etc/gres.conf"
}

ours() { grep -qsF "$mark" "$etc/slurm.conf"; }

stop() { # a daemon, by its process id file
  local pid file=$folder/$1.pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 80); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.25
  done
  kill -9 "$pid" 2>/dev/null || true
  rm -f "$file"
}

start_controller() {
  slurmctld
  for _ in $(seq 120); do
    case $(timeout 5 sinfo --noheader --format %T 2>/dev/null | head -1) in
      idle | mixed | allocated) return 0 ;;
    esac
    sleep 0.25
  done
  tail -5 "$folder"/*.log >&2
  fail "the controller did not come up"
}

case $command in
  up)
    [ "$(id -u)" = 0 ] || fail "only root can start Slurm"
    for daemon in munged slurmctld slurmd; do
      command -v "$daemon" >/dev/null \
        || fail "$daemon is missing: apt-get install -y --no-install-recommends slurm-wlm munge"
    done
    for file in slurm.conf gres.conf; do
      if [ -e "$etc/$file" ] && ! grep -qF "$mark" "$etc/$file"; then
        fail "$etc/$file is another Slurm's"
      fi
    done
    if ours; then # left by a test that was killed
      "$0" down "$(sed -n 's|^StateSaveLocation=\(.*\)/state$|\1|p' "$etc/slurm.conf")"
    fi
    mkdir -p "$folder"/{state,spool}
    chmod 755 "$folder"
    write_config
    mungekey --create --keyfile="$folder/munge.key"
    munged --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
      --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
    slurmd
    start_controller
    ;;
  stop-controller) stop slurmctld ;;
  start-controller) start_controller ;;
  down)
    if ours; then timeout 10 scancel --user root 2>/dev/null || true; fi
    for daemon in slurmd slurmctld munged; do stop "$daemon"; done
    for file in slurm.conf gres.conf; do
      if grep -qsF "$mark" "$etc/$file"; then rm "$etc/$file"; fi
    done
    ;;
  *) fail "unknown command $command" ;;
esac
