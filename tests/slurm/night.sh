# night.sh - campaigns as packaging/slurm has them, and what becomes of them.
# shellcheck shell=bash

shards=4
half=400 # devices lost in the evening, and as many in the morning
evening='127[.]1[.][12][.]'
night=$work/output/test

# --- before ---

# add_half BLOCK LAB-KEYS: devices from 127.1.BLOCK.1 on.
add_half()
{
	local i

	lab_devices+=("{ address = \"127.1.$1.1\"; count = $half;
	    type = \"msbr\"; password = \"$cpe_password\"; $2 }")
	for ((i = 1; i <= half; i++)); do
		entries+=("{ address = \"127.1.$(($1 + i / 256)).$((i % 256))\";
		    type = \"msbr\"; interfaces = [ \"eth-wan\" ]; }")
	done
}

# One port 443 for all devices, so OVOC has another; 800 tcpdumps are to be
# small.  Some seconds from an alarm to the last answer, for events that are
# under way.
many_devices()
{
	lab_keys='wildcard = true;' ovoc_keys='port = 8444;'
	agent_options=(--set "ovoc.url=https://$agent_address:8444"
	    --set agent.max_captures=1000 --set agent.file_size=1M
	    --set agent.files=2 --set agent.buffer=64k
	    --set agent.settle=6s --set verify.snmp=false)
}

# What all nodes have: configuration, secrets, and packaging/slurm.  With much
# to do on few processors, everything may take long.
write_night()
{
	local f

	mkdir "$work/night.d" "$work/jobs"
	cp "$work/conf/campaign.conf" "$work/night.d/10-campaign.conf"
	cat >"$work/night.d/20-night.conf" <<END
campaign = { $1 };
timeouts = { connect = "10s"; rest = "20s"; sftp_stall = "20s"; agent = "60s";
	unreachable_limit = "60s"; };
verify = { snmp = false; };
END
	(umask 077 && mkdir "$work/credentials" &&
	    cp "$work"/conf/{cpe,snmp-auth,snmp-priv} "$work/credentials")
	for f in submit shard merge; do
		sed "s|@BINDIR@|$(realpath "$bin")|" "packaging/slurm/$f" \
		    >"$work/jobs/$f"
		chmod 755 "$work/jobs/$f"
	done
}

# submit SHARDS OPTION...: sets array and merge, the jobs' ids.
submit()
{
	"$work/jobs/submit" "$1" "$work/night.d" "$night" \
	    --output="$work/jobs/%x-%a" "${@:2}" >"$work/jobs/ids" ||
	    fail 'it cannot be submitted'
	{ read -r array && read -r merge; } <"$work/jobs/ids" ||
	    fail "no ids: $(cat "$work/jobs/ids")"
}

# --- meanwhile ---

# Until this says so, so many seconds at most; what it is for.
within()
{
	local until=$((SECONDS + $1)) what=$2

	shift 2
	until "$@"; do
		if [ "$SECONDS" -ge "$until" ]; then
			fail "not in time: $what; jobs: $(jobs_now)
$(tail -n 5 "$work"/jobs/traffic-capture*)"
			return 1
		fi
		sleep 0.5
	done
}

journal_of()
{
	echo "$night/shard-$1-of-$shards/current/journal.ndjson"
}

# All of its evening has been lost: most events are under way.
is_busy()
{
	local journal

	journal=$(journal_of "$1")
	[ -e "$journal" ] || return
	read_stats
	jq -e --rawfile journal "$journal" --arg evening "$evening" '
	    ($journal | [scan("\"kind\":\"device\",[^}]*\"device\":\"" +
		"(\($evening)[0-9]+)\"")] | map({key: .[0], value: 1}) |
		from_entries) as $its |
	    [.devices[] | select($its[.address]) | .alarms] |
	    length > 50 and all(. == 1)' "$work/lab.json" >"$work/judged"
}

# waits SHARD OLD STATE: in a run that is not OLD, its devices of the morning
# wait, and those of the evening are in this state.
waits()
{
	[ -e "$(journal_of "$1")" ] || return
	jq -n -e --arg old "$2" --arg state "$3" --arg evening "$evening" '
	    reduce inputs as $line ({};
		if $line.kind == "run" then .run = $line.run
		elif $line.kind == "device" or $line.kind == "state" then
		    .states[$line.device] = $line.state
		else . end) |
	    .run != $old and (.states | length) > 100 and
	    all(.states | to_entries[]; .value ==
		if .key | test($evening) then $state else "capturing" end)' \
	    "$(journal_of "$1")" >"$work/judged"
}

# --- afterwards ---

# How often each device has so many of what this finds, in jq's words.
expect_of_each()
{
	local odd

	odd=$(jq -r ".devices[] | select(($1) != $2) | .device" \
	    "$run/report.json" | head -n 5 | paste -sd ' ')
	[ -z "$odd" ] || fail "not $2 times '$1': $odd"
}

expect_value()
{
	local value

	value=$(sqlite3 "$night/history.sqlite" "$1" 2>&1)
	[ "$value" = "$2" ] || fail "$1: $value, not $2"
}

# Once more, by hand, it is the same.
merge_again()
{
	"$work/jobs/merge" "$work/night.d" "$night" "$1" \
	    >"$work/summary" 2>"$work/campaign.log"
	status=$?
}

expect_merged()
{
	run=$night/latest
	status=$(jq .exitStatus "$run/report.json")
	expect_exit "$1"
	[ "$(of_job "$merge" ExitCode)" = "$1:0" ] ||
	    fail "the merge ended with $(of_job "$merge" ExitCode)"
	check_reports
	merge_again "$2"
	expect_exit "$1"
	check_reports
}

# The devices whose event was under way when shard 1 was lost.
cut_short()
{
	jq -r '.devices[] | select(.status == "one-sided") | .device' \
	    "$night/latest/report.json" | sort
}

expect_cut_short_in()
{
	local others

	others=$(comm -23 <(cut_short) <(jq -r '.devices[].device' \
	    "$night/shard-$1-of-$shards/latest/report.json" | sort))
	[ -z "$others" ] || fail "one-sided, but not in shard $1: $others"
}

# Every device is there, once, with its event, and no row is there twice.
expect_all_devices()
{
	local n=$((2 * half)) twice

	[ "$(jq '[.devices[].device] | unique | length' \
	    "$run/report.json")" = "$n" ] || fail "not $n devices"
	[ "$(jq '.devices | length' "$run/report.json")" = "$n" ] ||
	    fail 'a device is there twice'
	expect_of_each .events 1
	expect_of_each '[.tasks[] | select(.task == "Alarm")] | length' 1
	# The probes of the server's side have gone with the program that had
	# asked for them; then nobody knows what came of them.
	expect_of_each '[.status, ([.tasks[] | select(.task == "OVOC verify")] |
	    length)] | . == ["success", 1] or . == ["one-sided", 0]' true
	expect_of_each '[.tasks[] | [.event, .task, .attempt, .timestamp]] |
	    length - (unique | length)' 0
	twice=$(tail -n +2 "$csv" | cut -f 18 | grep . | sort | uniq -d)
	[ -z "$twice" ] || fail "files that are there twice: $twice"
	command -v sqlite3 >/dev/null || return 0
	expect_value 'SELECT count(*) FROM run' 1
	expect_value 'SELECT count(*) || "/" || count(DISTINCT device) ||
	    "/" || sum(events) FROM night' "$n/$n/$n"
	expect_value 'SELECT count(*) FROM event' "$n"
}

# Of each shard: how often it began; its last life ended well.
expect_lives()
{
	local i=0 lives

	for lives; do
		[ "$(of_task "$array" $i Restarts)" = $((lives - 1)) ] ||
		    fail "shard $i: $(of_task "$array" $i Restarts) restarts"
		[ "$(of_task "$array" $i ExitCode)" = 0:0 ] ||
		    fail "shard $i ended with $(of_task "$array" $i ExitCode)"
		i=$((i + 1))
	done
}

expect_nothing_captures()
{
	local n

	wait_until no_tcpdumps || fail 'a tcpdump of the agent is left'
	n=$("$bin/traffic-capture-agent" -c "$work/conf/agent.conf" --status \
	    --format json | jq '[.devices[] | select(.capture)] | length')
	[ "$n" = 0 ] || fail "$n captures are left in the agent"
}

no_tcpdumps()
{
	! pgrep -x tcpdump >"$work/judged"
}

# Some events were under way when the node was lost; all of them are finished.
expect_recovered()
{
	local left

	left=$(jq -r --arg evening "$evening" 'select(.kind == "state") |
	    select(.device | test($evening)) | [.device, .state] | @tsv' \
	    "$work/lost" | awk '{ state[$1] = $2 }
	    END { for (d in state) if (state[d] != "done") print d }' | sort)
	[ -n "$left" ] || fail 'nothing was under way when the node was lost'
	left=$(comm -23 <(echo "$left") <(jq -r '.devices[] |
	    select(any(.tasks[]; .task == "Recover" and
		.status == "Success")) | .device' "$run/report.json" | sort))
	[ -z "$left" ] || fail "not recovered: $left"
}

# Neither Slurm nor what it wrote knows a secret.
check_jobs()
{
	grep -rlaF -f "$work/secrets" "$work/jobs" "$work/slurm" 2>/dev/null &&
	    fail 'a secret is in the files named above'
}

# Of four shards in the middle of the night one is lost with its node, one's
# program is killed, one is started again by somebody, one goes on.
scene_shards_that_are_killed()
{
	local i first began array merge

	add_half 1 'lose_after = "15s";'
	add_half 3 'lose_after = "1h";'
	many_devices
	start_rig || return
	start_cluster || return
	write_night "until = \"$(date -d '+200 seconds' +%H:%M)\";"
	began=$SECONDS
	submit $shards
	within 90 'shard 1 is in the middle of it' is_busy 1 || return
	cp "$(journal_of 1)" "$work/lost"
	lose_node_of "$(job_of "$array" 1)"
	find_node $((SECONDS - began))
	for i in 2 3; do
		within 60 "the evening of shard $i is over" \
		    waits $i '' 'done' || return
	done
	first=$(basename "$(readlink -f "$night/shard-2-of-4/current")")
	kill -KILL "$(program_of "$(job_of "$array" 2)")"
	timeout 10 scontrol requeue "${array}_3"
	for i in 1 2 3; do
		within 90 "shard $i waits again" \
		    waits $i "$first" capturing || return
	done
	kill -USR2 "$lab_pid"
	within 200 'all jobs have ended' no_jobs || return
	expect_lives 1 2 2 2
	expect_merged $(($(cut_short | wc -l) > 0)) $shards
	expect_cut_short_in 1
	expect_recovered
	expect_all_devices
	expect_nothing_captures
	check_jobs
}

# Five minutes before the end of --time, here at once, the program is told to
# end: it does so in order, and is not started again.
scene_end_of_its_time()
{
	local array merge

	add_device 127.1.1.1 msbr 'lose_after = "1h";'
	start_rig || return
	start_cluster || return
	write_night 'window = "10m";'
	submit 1 --time=2
	within 120 'all jobs have ended' no_jobs || return
	[ "$(of_task "$array" 0 ExitCode)" = 8:0 ] ||
	    fail "it ended with $(of_task "$array" 0 ExitCode)"
	[ "$(of_task "$array" 0 Restarts)" = 0 ] || fail 'it was started again'
	expect_merged 8 1
	expect_device 127.1.1.1 interrupted
	expect_nothing_captures
	check_jobs
}
