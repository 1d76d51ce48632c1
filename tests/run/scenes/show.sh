# show.sh - traffic-capture --show: what people read of a run, while it is under
# way, when it was killed, and when it has ended.
# shellcheck shell=bash

show_program=()
show_conf=$work/conf/campaign.conf

# Output and status: OPTION...
show()
{
	TZ=XST-1 timeout 20 "${show_program[@]}" "$bin/traffic-capture" \
	    -c "$show_conf" "$@" >"$work/shown" 2>"$work/show.log"
	status=$?
}

shown()
{
	cat "$work/show.log" "$work/shown"
}

# It ends with this status and says that: STATUS WORD OPTION...
expect_shown()
{
	local expected=$1 word=$2

	shift 2
	show "$@"
	[ "$status" = "$expected" ] ||
	    fail "$*: status $status instead of $expected: $(shown)"
	# The lines of a paragraph end where the terminal does.
	shown | tr '\n' ' ' | tr -s ' ' | grep -qF -e "$word" ||
	    fail "$*: no '$word' in: $(shown)"
	[ "$expected" = 0 ] || [ ! -s "$work/shown" ] ||
	    fail "$*: output and status $expected: $(shown)"
}

# One device that is well and one that failed: what is said of them, and that
# nothing is written.
scene_show()
{
	local before two=127.1.0.2

	add_device "$one" msbr '' '' 'name = "branch one"; note = "rack 4";'
	add_device "$two" msbr '' \
	    '{ on = "rest"; kind = "status"; code = 401; }'
	start_rig || return
	expect_shown 2 'no run has ended yet: ' --show
	run_campaign
	expect_exit 1
	before=$(find "$work/output" -printf '%p %T@\n')
	expect_shown 0 'Exit status 1: some devices failed, or came' --show
	expect_shown 0 'All is well with 1 other device: 1 success; -d' --show
	expect_shown 0 "$two: failed, MAJOR " --show latest
	expect_shown 0 'times are local (+01:00)' --show latest
	expect_shown 0 "branch one ($one): success" --show -d 'branch*'
	expect_shown 0 'Note: rack 4' --show -d 'branch*'
	expect_shown 0 ' Alarm Connection Lost: the event' -d "$one" --show
	expect_shown 0 ' Send UDP (SNMPv3) 3 of 3 answered ' -d "$one" --show
	expect_shown 0 "CPE_device_${one}_" --show="$(readlink "$run")" \
	    -d "$one"
	grep -qF "$two" "$work/shown" && fail "another device: $(shown)"
	check_shown_times
	show_conf=$work/no-such-file
	expect_shown 0 "$two: failed" --show "$run"
	expect_shown 0 "$two: failed" --show "$(realpath "$run")/"
	expect_shown 3 'takes the path of' --show
	show_conf=$work/conf/campaign.conf
	[ "$before" = "$(find "$work/output" -printf '%p %T@\n')" ] ||
	    fail 'something was written'
	read_stats
	expect_stat "$two" '.logins_refused == 1'
}

# Each task of the report is at its local time.
check_shown_times()
{
	local at

	while read -r at; do
		at=$(TZ=XST-1 date -d "$at" +%H:%M:%S)
		grep -q "^  $at  " "$work/shown" || fail "no $at: $(shown)"
	done < <(jq -r --arg a "$one" '.devices[] | select(.device == $a) |
	    .tasks[].timestamp' "$run/report.json")
}

# What is not there, or cannot be read, is told in a sentence.
scene_show_what_is_not_there()
{
	local name

	add_device "$one"
	start_rig || return
	run_campaign
	expect_exit 0
	name=$(readlink "$run")
	expect_shown 2 "no run 2020-01-01T00.00.00Z: the newest is $name" \
	    --show 2020-01-01T00.00.00Z
	expect_shown 2 'there is no run ..: the newest' --show ..
	expect_shown 2 'there is no run nonsense: ' --show nonsense
	expect_shown 2 'there is no run /no/where: ' --show /no/where
	expect_shown 2 'no run is under way: the newest' --show current
	expect_shown 2 "-d nobody matches no device of run $name" --show \
	    -d nobody
	expect_shown 2 'its value is empty' --show=
	expect_shown 2 unexpected --show "$name" more
	expect_shown 2 exclude --show --check
	expect_shown 2 'campaign.name' --show --set campaign.name=/
	expect_shown 7 "it is no run's folder" --show "$work/"
	head -c 1000 "$run/report.json" >"$work/cut"
	mv "$work/cut" "$run/report.json"
	expect_shown 7 'cut off' --show
	[ "$(wc -l <"$work/show.log")" = 1 ] || fail "not one line: $(shown)"
	echo '{"schema":99,"devices":[]}' >"$run/report.json"
	expect_shown 7 'newer version' --show
	rm "$run/report.json"
	truncate -s 600M "$run/report.json"
	expect_shown 7 'longer than 512 MiB' --show
	rm "$run/report.json"
	mkfifo "$run/report.json"
	expect_shown 7 'no file' --show
	rm "$run/report.json"
	expect_shown 7 'has no report: it was killed' --show
}

# Before it ends, after it was killed, and when that was made good.
scene_show_under_way()
{
	add_device "$one" msbr 'lose_times = 9;'
	start_rig || return
	begin_campaign --set campaign.events_per_device=9
	when_campaign_says 'arming -> '
	expect_shown 0 'is under way since ' --show current
	grep -q 'no report yet' "$work/shown" || fail "$(shown)"
	grep -q 'it last wrote something down at ' "$work/shown" ||
	    fail "$(shown)"
	expect_shown 2 'no run has ended yet: the newest is ' --show
	kill_at asked
	expect_shown 0 'If it was killed, the next run writes' --show current
	run_recover
	expect_shown 2 'no run is under way' --show current
	expect_shown 0 'status 8: interrupted by a signal, or killed' --show
	expect_shown 0 ' Recover ' --show "$killed"
}

# Whoever may read the reports, but no secret.
scene_show_without_secrets()
{
	local become="setpriv --reuid=65534 --regid=0 --clear-groups
	    --bounding-set=-all --inh-caps=-all --ambient-caps=-all"

	# shellcheck disable=SC2086 # a command and its options
	if ! $become true 2>/dev/null; then
		echo "skipped: this user cannot become another one"
		return
	fi
	add_device "$one"
	start_rig || return
	run_campaign
	chmod 711 "$work" "$work/conf"
	chmod 644 "$work/conf/campaign.conf"
	# shellcheck disable=SC2206 # a command and its options
	show_program=($become)
	expect_shown 0 "All is well with 1 device: 1 success" --show
	show --check
	[ "$status" = 3 ] || fail "it could read the secrets: $(shown)"
	chmod 700 "$(realpath "$run")"
	expect_shown 7 'ermission denied' --show
	chmod 750 "$(realpath "$run")"
}

# Who reads no further is no trouble; a full disk is.
scene_show_closed_pipe()
{
	add_device "$one"
	start_rig || return
	run_campaign
	{
		sleep 0.3
		show_to_stdout
		echo "$?" >"$work/status"
	} | true
	[ "$(cat "$work/status")" = 0 ] ||
	    fail "a closed pipe: status $(cat "$work/status")"
	[ ! -s "$work/show.log" ] || fail "it is told: $(cat "$work/show.log")"
	show_to_stdout >/dev/full
	status=$?
	expect_exit 7
	grep -q 'cannot write to standard output' "$work/show.log" ||
	    fail "it is not told"
}

show_to_stdout()
{
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --show -d '*' \
	    2>"$work/show.log"
}

# What the captures of both ends say comes first, and once.
scene_show_loss()
{
	local sentence

	one_event || return
	expect_shown 0 ' Compare captures Skipped: only the device' --show
	bring_files "not (icmp[icmptype] = icmp-echoreply and src host $one)"
	judge_events latest
	expect_judged 0
	sentence=$(jq -r '.devices[0].verdicts[0].sentence' "$run/report.json")
	expect_shown 0 "$one: success, MAJOR 1 of 1 event captured" --show
	expect_shown 0 ' Compare captures MAJOR: as above COMPARE_dev' --show
	expect_shown 0 "With pictures: $(realpath "$run")/report.html" --show
	# The campaign's host of this scene has UTC.
	TZ=UTC "$bin/traffic-capture" --show "$run" >"$work/shown"
	[ "$(tr '\n' ' ' <"$work/shown" | tr -s ' ' |
	    grep -oF -e "$sentence" | wc -l)" = 1 ] ||
	    fail "not once '$sentence': $(shown)"
}

# Where they say that nothing was lost, a second attempt does not matter.
scene_show_without_loss()
{
	one_event || return
	bring_files
	judge_events latest
	expect_judged 0
	expect_device "$one" success
	expect_shown 0 'All is well with 1 device: 1 success; -d' --show
	expect_shown 0 'Nothing was lost' --show -d '*'
}
