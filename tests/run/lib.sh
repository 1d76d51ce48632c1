# lib.sh - what every whole-program script starts from: a namespace of its own,
# a work folder, lab and agent in it.  Sourced by bash scripts only.
# shellcheck shell=bash

bin=${BIN:-bin}
lab_runner=() # what the lab is run by

# Can this user have a network namespace, and how?  Prints the command that
# enters one; empty where neither way is allowed.  A /proc of its own, where
# that is allowed too, shows the processes of the namespace alone; the leak
# sanitizer cannot do without.  It comes with mounts of its own, which end with
# the namespace; OWN_MOUNTS tells.
namespace_command()
{
	local common="--net --pid --fork --kill-child" way mounts
	local ways=("unshare --user --map-current-user --keep-caps $common")

	[ "$(id -u)" = 0 ] && ways=("unshare $common" "${ways[@]}")
	for way in "${ways[@]}"; do
		for mounts in --mount-proc --mount ""; do
			# shellcheck disable=SC2086 # options
			if $way $mounts true 2>/dev/null; then
				echo "env OWN_MOUNTS=$mounts $way $mounts"
				return
			fi
		done
	done
}

# Run the rest of the calling script in a namespace: call it first, with the
# script's own name and arguments.
enter_namespace()
{
	local command

	if [ -n "${IN_NAMESPACE:-}" ]; then
		ip link set lo up
		return
	fi
	command=$(namespace_command)
	[ -n "$command" ] || return 1
	# shellcheck disable=SC2086 # a command and its options
	IN_NAMESPACE=yes exec $command "$@"
}

# mount(8), but never among the mounts of the whole system, where it would stay.
# Who looks at reports from outside does not see what is there.
mount()
{
	reports_asked=
	if [ -z "${OWN_MOUNTS:-}" ]; then
		echo 'no namespace of mounts here' >&2
		return 1
	fi
	command mount "$@"
}

# As sleep(1), without a process: what looks again and again takes less of the
# time that programs are measured by.  Nobody writes into the FIFO.
pause()
{
	[ -p "$work/silence" ] || mkfifo "$work/silence"
	read -r -t "$1" <>"$work/silence"
	true
}

# Wait until a file has a line, an extended regular expression; $3: seconds, 20
# if not given.  It is read on from where it ended, and by no process: pause().
wait_for_line()
{
	local end=$((SECONDS + ${3:-20})) lines line begun='' fd=''

	while [ "$SECONDS" -lt "$end" ]; do
		[ -n "$fd" ] || [ ! -r "$1" ] || exec {fd}<"$1"
		lines=()
		[ -z "$fd" ] || mapfile -u "$fd" lines
		for line in "${lines[@]}"; do
			line=$begun$line begun=''
			if [[ $line != *$'\n' ]]; then
				begun=$line
			elif [[ ${line%$'\n'} =~ $2 ]]; then
				exec {fd}<&-
				return
			fi
		done
		pause 0.02
	done
	[ -z "$fd" ] || exec {fd}<&-
	echo "no line '$2' in $1:" >&2
	tail -n 20 "$1" >&2
	return 1
}

# Until this command succeeds, ten seconds at least.
wait_until()
{
	local left=100

	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		pause 0.1
	done
}

# A file that only its owner reads: name, content.
private_file()
{
	(umask 077 && printf '%s\n' "$2" >"$1")
}

# Programs get a session of their own, so that Ctrl-C is for the script alone
# and it can end them in order.

# Start the lab with the scenario in $work/lab.conf; it is ready on return.
start_lab()
{
	: >"$work/lab.out" # an earlier one's line is no sign of this
	setsid "${lab_runner[@]}" "$bin/traffic-capture-lab" \
	    -f "$work/lab.conf" --stats "$work/lab.json" \
	    >"$work/lab.out" 2>"$work/lab.log" &
	lab_pid=$!
	wait_for_line "$work/lab.out" "lab: ready"
}

# Start an agent with a configuration file; it listens on return.
start_agent()
{
	: >"$work/agent.log"
	setsid "$bin/traffic-capture-agent" -v -c "$1" "${@:2}" \
	    >"$work/agent.out" 2>"$work/agent.log" &
	agent_pid=$!
	wait_for_line "$work/agent.log" " listens on UDP port "
}

# End a program of ours in order: its pid.  Tells its exit status.
end_program()
{
	[ -n "$1" ] || return 0
	kill -TERM "$1" 2>/dev/null
	wait "$1"
}
