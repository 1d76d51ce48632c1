# lib.sh - what the benches share: medians, lines of their output, and a fleet
# of the lab's devices with an agent that costs nothing and a campaign.
# shellcheck shell=bash
#
# A bench sources it, calls bench_begin with its own name and arguments, and is
# then in a namespace of its own, which ends whatever it started.  Lines are:
# name, what was measured, the bar or `-` where there is none, unit.  $work is
# its folder.
. tests/run/lib.sh

tools=${OBJ:-build/normal}/bench
runs=${RUNS:-5}
work=''
first=127.1.0.1 # address of the first device
here=127.0.0.2  # the campaign's
agent_at=127.0.0.1
lab_pid='' agent_pid='' campaign_pid='' n_campaigns=0
patience=${PATIENCE:-120} # seconds for anything

bench_begin()
{
	enter_namespace "$@" || {
		echo "bench: neither root nor user namespaces are to be had" >&2
		exit 1
	}
	if [ "${OWN_MOUNTS:-}" != --mount-proc ]; then
		echo "bench: no /proc of its own here" >&2
		exit 1
	fi
	ulimit -n "$(ulimit -Hn)"
	work=$(mktemp -d "${TMPDIR:-/tmp}/traffic-capture-bench.XXXXXX")
	trap 'bench_end' EXIT
	trap 'exit 130' INT TERM
	private_file "$work/cpe" Admin
}

bench_end()
{
	end_all
	if [ -n "${KEEP:-}" ]; then
		echo "files are in $work" >&2
	else
		umount "$work/mem" 2>/dev/null
		rm -rf "${work:?}"
	fi
}

give_up()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# The middle one of the numbers on standard input.
median()
{
	sort -n | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'
}

# One line: name, bar, unit, format of printf, then an expression of awk whose
# median over the lines of the file of runs, the last argument, it is.
figure()
{
	awk "{ printf \"$4\\n\", $5 }" "$6" | median | sed "s|.*|$1 & $2 $3|"
}

# The bar, or none if the size is not the one that it is for: size, its size,
# bar.
bar_at()
{
	if [ "$1" = "$2" ]; then echo "$3"; else echo -; fi
}

now_us()
{
	echo "${EPOCHREALTIME/[.,]/}"
}

# Microseconds of processor time that a process and its children had: pid.  The
# kernel tells those of each thread exactly, and of what has ended, threads
# among them, in hundredths of a second.
cpu_of()
{
	local child exact sum

	exact=$(awk '{ sum += $1 } END { printf "%.0f\n", sum / 1000 }' \
	    "/proc/$1"/task/*/schedstat)
	read -r sum child < <(sed 's/.*) //' "/proc/$1/stat" |
	    awk '{ print ($12 + $13) * 10000, ($14 + $15) * 10000 }')
	[ "$exact" -lt "$sum" ] || sum=$exact
	sum=$((sum + child))
	for child in $(cat "/proc/$1"/task/*/children); do
		[ ! -e "/proc/$child" ] ||
		    sum=$((sum + $(cpu_of "$child" 2>/dev/null || echo 0)))
	done
	echo "$sum"
}

# Microseconds of processor time that children which have ended had: the sum is
# in $waited.
waited_for()
{
	times >"$work/times"
	waited=$(sed -n '2s/[ms]/ /gp' "$work/times" |
	    awk '{ printf "%.0f\n", ($1 * 60 + $2 + $3 * 60 + $4) * 1e6 }')
}

# Memory of a process of its own, in KiB, without what files have: pid.
memory_of()
{
	awk '/^(Private_Dirty:|Swap:)/ { sum += $2 } END { print sum }' \
	    "/proc/$1/smaps_rollup"
}

# Wait for a line of a file and print what follows: file, line's beginning.
told()
{
	wait_for_line "$1" "^$2" "$patience" ||
	    give_up "$(tail -n 3 "$work/campaign.log" 2>/dev/null)"
	sed -n "s/^$2 *//p" "$1" | head -n 1
}

# --- the fleet ---

# Addresses of so many devices.
device_list()
{
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "127.%d.%d.%d\n", 1 + int(i / 65536),
		    int(i / 256) % 256, i % 256 }'
}

# So many devices in a lab, with these keys of theirs and of the lab: on one
# port for all of them.
write_lab()
{
	(umask 077 && cat >"$work/lab.conf") <<END
lab = {
	state = "$work/lab"; wildcard = true; ${3:-}
	devices = ( { address = "$first"; count = $1; type = "gwsbc";
	    lose_times = 0; ${2:-} } );
};
END
}

begin_lab()
{
	start_lab || give_up "no lab: $(tail -n 3 "$work/lab.log")"
}

# A campaign with so many devices, these keys of campaign, and these sections.
write_campaign()
{
	cat >"$work/campaign.conf" <<END
campaign = { name = "bench"; output = "$work/output"; min_free = "1M";
	listen_address = "$here"; window = "1h"; recheck = 0; ${2:-} };
timeouts = { stop_grace = 0; };
rest = { ca_file = "$work/lab/ca.pem"; };
defaults = { type = "gwsbc"; username = "Admin"; password_file = "cpe";
	agent = "$agent_at"; };
compare = { run = false; };
${3:-verify = { snmp = false; \};}
devices = (
$(device_list "$1" | sed 's/.*/{ address = "&"; }/; $!s/$/,/')
);
END
}

# An agent of so many devices that does nothing, and sends its alarms within so
# many microseconds: of all, or only of the first so many that are armed.
begin_agent()
{
	: >"$work/agent.out"
	"$tools/quick_agent" "$agent_at" 20001 "$first" "$1" "${2:-0}" \
	    "${3:-$1}" \
	    >"$work/agent.out" 2>&1 &
	agent_pid=$!
	wait_for_line "$work/agent.out" '^ready' || give_up "no agent"
}

# Sessions are as many a second as the machine can: what it costs is looked for.
# Each has a folder of its own: ext4 is slow to make files where some were just
# removed.  $level is how much it logs (-q).
begin_campaign()
{
	n_campaigns=$((n_campaigns + 1))
	began=$(now_us)
	"$bin/traffic-capture" "${level:--q}" -c "$work/campaign.conf" \
	    -o "$work/output-$n_campaigns" \
	    --set limits.logins_per_second=100000 "$@" \
	    >"$work/summary" 2>"$work/campaign.log" &
	campaign_pid=$!
}

# Until it ends by itself; its processor time is in $used.
await_campaign()
{
	local left=$((patience * 10)) before

	waited_for
	before=$waited
	while kill -0 "$campaign_pid" 2>/dev/null; do
		[ $((left--)) -gt 0 ] || give_up "the campaign does not end"
		pause 0.1
	done
	wait "$campaign_pid"
	waited_for
	used=$((waited - before))
	campaign_pid=''
}

end_campaign()
{
	end_program "$campaign_pid"
	campaign_pid=''
}

end_agent()
{
	end_program "$agent_pid" 2>/dev/null
	agent_pid=''
}

end_lab()
{
	end_program "$lab_pid" 2>/dev/null
	lab_pid=''
}

end_all()
{
	end_campaign
	end_agent
	end_lab
}
