# cluster.sh - a Slurm of one node in this namespace, with all its files in
# $work/slurm.
# shellcheck shell=bash
#
# Nothing of the system's is used or touched but the programs.  Sourced by
# tests/slurm/scene after rig.sh.

PATH=$PATH:/usr/sbin
slurm=$work/slurm
munged_pid='' slurmctld_pid='' slurmd_pid=''
export SLURM_CONF=$slurm/slurm.conf

# A job that starts again waits cred_expire, and then for a look at what waits.
# All of a job's processes are one group's: no control group is needed.
write_slurm_conf()
{
	local user host

	user=$(id -un) host=$(uname -n)
	host=${host%%.*}
	cat >"$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
NodeName=node NodeHostname=$host NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
PartitionName=night Nodes=node Default=YES MaxTime=INFINITE State=UP
SlurmdParameters=config_overrides
SlurmUser=$user
SlurmdUser=$user
AuthInfo=socket=$slurm/munge/socket,cred_expire=10
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=2
MpiDefault=none
BatchStartTimeout=1
MailProg=/bin/true
ReturnToService=2
END
	# Older ones look at what there is, and have no word for none.
	[[ $(slurmd -V) =~ \ ([0-9]+)\. ]]
	[ "${BASH_REMATCH[1]}" -lt 23 ] ||
	    echo 'CgroupPlugin=disabled' >"$slurm/cgroup.conf"
}

start_munged()
{
	(umask 077 && head -c 64 /dev/urandom >"$slurm/munge/key")
	munged --foreground --key-file="$slurm/munge/key" \
	    --socket="$slurm/munge/socket" --pid-file="$slurm/munge/pid" \
	    --log-file="$slurm/munge/log" --seed-file="$slurm/munge/seed" \
	    >"$slurm/munge/out" 2>&1 &
	munged_pid=$!
	wait_until test -S "$slurm/munge/socket"
}

start_slurmd()
{
	slurmd -D "$@" >>"$slurm/slurmd.out" 2>&1 &
	slurmd_pid=$!
}

node_is_idle()
{
	[ "$(timeout 5 sinfo -h -o '%T' 2>/dev/null)" = idle ]
}

# The node takes jobs on return.
start_cluster()
{
	# Names of addresses are not asked for where there is only a loopback.
	ip address add 192.0.2.1/32 dev lo
	mkdir -p "$slurm"/{munge,state,spool}
	write_slurm_conf
	start_munged || fail "no munged: $(cat "$slurm/munge/out")"
	slurmctld -D >"$slurm/slurmctld.out" 2>&1 &
	slurmctld_pid=$!
	start_slurmd
	wait_until node_is_idle && return
	fail "no Slurm: $(tail -n 5 "$slurm/slurmctld.out" "$slurm/slurmd.out")"
	return 1
}

# End what is there, also of a scene that failed in the middle: jobs, then who
# runs them.
end_cluster()
{
	local pid

	[ -n "$munged_pid" ] || return 0
	timeout 10 scancel --full --signal=KILL --user="$(id -un)" 2>/dev/null
	wait_until no_jobs || fail "jobs are left: $(jobs_now)"
	for pid in "$slurmd_pid" "$slurmctld_pid" "$munged_pid"; do
		end_program "$pid"
	done
}

# --- jobs ---

# Task of the array and state of each, one a line; of all that have not ended.
jobs_now()
{
	timeout 10 squeue -h -a -r -o '%K %j %T %r'
}

no_jobs()
{
	local jobs

	jobs=$(jobs_now 2>/dev/null) && [ -z "$jobs" ]
}

# The id of a task's own job: ARRAY TASK
job_of()
{
	timeout 10 squeue -h -a -j "$1_$2" -o %A
}

# A word of what Slurm keeps of a job: JOB NAME
of_job()
{
	timeout 10 scontrol -o show job "$1" | tr ' ' '\n' |
	    sed -n "s/^$2=//p"
}

# The same of a task: ARRAY TASK NAME.  The last one has the array's own id.
of_task()
{
	timeout 10 scontrol -o show job "$1" | grep " ArrayTaskId=$2 " |
	    tr ' ' '\n' | sed -n "s/^$3=//p"
}

# Who minds it, the script that is his child, and the script's program.
step_of()
{
	pgrep -f "^slurmstepd: \[$1[.]batch"
}

script_of()
{
	pgrep -P "$(step_of "$1")"
}

program_of()
{
	pgrep -P "$(script_of "$1")"
}

# The node goes down and all of one job with it, who minds it first: he would
# tell of the end of the others.  Those of other jobs go on.
lose_node_of()
{
	local pids

	pids=("$(step_of "$1")" "$(script_of "$1")" "$(program_of "$1")")
	kill -KILL "$slurmd_pid"
	wait "$slurmd_pid" 2>/dev/null
	kill -KILL "${pids[@]}" || fail "job $1 does not run: ${pids[*]}"
}

# Back again, and freshly booted, as -b has it: Slurm misses the job, unless it
# was submitted only $1 seconds ago.
find_node()
{
	sleep "$((16 > $1 ? 16 - $1 : 0))"
	start_slurmd -b
}
