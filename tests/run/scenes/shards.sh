# shards.sh - the devices of a campaign shared by several programs, and their
# runs merged.
# shellcheck shell=bash

shard_pids=()

# A program for one part of the devices: I/N OPTION...
begin_shard()
{
	local part=$1

	shift
	"$bin/traffic-capture" -v -c "$work/conf/campaign.conf" \
	    --shard "$part" "$@" >"$work/summary.${part%/*}" \
	    2>>"$work/shard.${part%/*}.log" &
	shard_pids[${part%/*}]=$!
}

# ... ends with this status: I STATUS
expect_shard()
{
	local got

	wait "${shard_pids[$1]}" 2>/dev/null
	got=$?
	[ "$got" = "$2" ] || fail "shard $1: status $got instead of $2: \
$(tail -n 5 "$work/shard.$1.log")"
}

# From now on the reports are those of all shards together: STATUS OPTION...
merge_shards()
{
	local expected=$1

	shift
	timeout 60 "$bin/traffic-capture" -v -c "$work/conf/campaign.conf" \
	    --merge "$@" >"$work/summary" 2>"$work/campaign.log"
	status=$?
	run=$work/output/test/latest
	case " $expected " in
	*" $status "*) ;;
	*) fail "--merge: status $status, not $expected: \
$(cat "$work/campaign.log")" ;;
	esac
	[ "$status" = 2 ] || [ "$status" = 6 ] || check_reports
}

merge_said()
{
	grep -qF -e "$1" "$work/campaign.log" ||
	    fail "no '$1' in: $(cat "$work/campaign.log")"
}

# Of four devices in three parts; the second has none of them.
four_devices()
{
	local at

	for at in 127.1.0.1 127.1.0.2 127.1.0.4 127.1.0.6; do
		add_device "$at" msbr "${1:-}"
	done
	start_rig
}

each_device_once()
{
	[ "$(jq '[.devices[].device] | length, (unique | length)' \
	    "$run/report.json" | tr '\n' ' ')" = '4 4 ' ] ||
	    fail "devices: $(jq -c '[.devices[].device]' "$run/report.json")"
}

all_have_one_event()
{
	local at

	each_device_once
	for at in 127.1.0.1 127.1.0.2 127.1.0.4 127.1.0.6; do
		expect_device "$at" success '1 of 1'
		expect_pairs "$at" 1
	done
	# Nothing is told twice of one event.
	jq -e '[.devices[] | .tasks | map(select(.task == "Retrieve capture" and
	    .status == "Success"))[] | .filename] | length == 4 and
	    (unique | length) == 4' "$run/report.json" >"$work/jq" ||
	    fail 'a file is there twice, or not at all'
}

scene_shards()
{
	local out=$work/output/test first at

	: >"$work/finished"
	printf '#!/bin/sh\nenv | grep TRAFFIC_CAPTURE_EXIT >>%s\n' \
	    "$work/finished" >"$work/hook"
	chmod 755 "$work/hook"
	campaign_options=(--set "hooks.on_finish=$work/hook"
	    --set "metrics=$work/tc.prom")
	four_devices || return
	begin_shard 0/3 "${campaign_options[@]}"
	begin_shard 1/3 "${campaign_options[@]}"
	begin_shard 2/3 "${campaign_options[@]}"
	expect_shard 0 0
	expect_shard 1 0
	expect_shard 2 0
	for at in "$out/history.sqlite" "$out/latest" "$work/tc.prom"; do
		[ ! -e "$at" ] || fail "a shard writes $at"
	done
	[ ! -s "$work/finished" ] || fail 'a shard runs on_finish'
	merge_shards 0 "$out"/shard-* "${campaign_options[@]}"
	all_have_one_event
	grep -q 'Devices: 4, 4 success' "$work/summary" ||
	    fail "$(cat "$work/summary")"
	grep -q 'devices{campaign="test",outcome="success"} 4' \
	    "$work/tc.prom" || fail 'no metrics of all'
	[ "$(cat "$work/finished")" = TRAFFIC_CAPTURE_EXIT_STATUS=0 ] ||
	    fail "on_finish: $(cat "$work/finished")"
	# Once more is the same run, and one in the history.
	first=$(readlink "$out/latest")
	merge_shards 0 "$out"/shard-*
	[ "$(readlink "$out/latest")" = "$first" ] || fail 'another run'
	all_have_one_event
	history_has_one_run
	# What retention takes from a shard is still here.
	rm -r "${out:?}"/shard-0-of-3
	all_have_one_event
	merge_shards 7 "$out"/shard-*
	jq -r .summary.trouble "$run/report.json" |
	    grep -q '^shard 0 of 3 was not given$' || fail 'no trouble told'
}

history_has_one_run()
{
	command -v sqlite3 >/dev/null || return 0
	[ "$(sqlite3 "$work/output/test/history.sqlite" \
	    'SELECT count(DISTINCT run), count(*) FROM night')" = '1|4' ] ||
	    fail 'the history has another number of nights'
}

# Wait until a shard's journal has this: I WORD
shard_has()
{
	wait_for_fact "$work/output/test/shard-$1-of-3/current/journal.ndjson" \
	    "$2" || fail "shard $1 has no '$2'"
}

# One is killed in its event, and started again as a job runner does.
scene_shard_requeued()
{
	local out=$work/output/test

	four_devices 'lose_times = 9;' || return
	begin_shard 0/3
	begin_shard 2/3
	shard_has 0 '"fact":"stop"'
	kill -KILL "${shard_pids[0]}"
	expect_shard 0 137
	begin_shard 0/3
	begin_shard 1/3
	expect_shard 0 0
	expect_shard 1 0
	expect_shard 2 0
	merge_shards '0 1' "$out"/shard-*
	each_device_once
	# VERIFY may have been under way, which a recovery does not ask again.
	[ "$status" = "$(jq '[.devices[] | select(.status == "one-sided")] |
	    if length > 0 then 1 else 0 end' "$run/report.json")" ] ||
	    fail "status $status: $(cat "$work/summary")"
	jq -e '[.devices[] | select(.device == "127.1.0.2" or
	    .device == "127.1.0.4") | if .status == "success" then
	    .description | test("^[12] events? captured in several runs; of ")
	    else .status == "one-sided" and (.description |
	    contains("the agent did not answer VERIFY; of the last")) end] |
	    length == 2 and all' "$run/report.json" >"$work/jq" ||
	    fail "$(jq -c '.devices[] | [.device, .status, .description]' \
		"$run/report.json")"
	# Every file that either end has is told of in one row.
	[ "$(find "$out"/shard-* -name 'CPE_*.pcap' | wc -l)" = \
	    "$(jq '[.devices[].tasks[] | select(.task == "Retrieve capture" and
	    .status == "Success")] | length' "$run/report.json")" ] ||
	    fail 'not a row for each file'
	jq -e '[.devices[] | .device as $d | .tasks[] |
	    select(.task == "Alarm") | [$d, .event]] |
	    length == (unique | length)' "$run/report.json" >"$work/jq" ||
	    fail 'two alarms of one event'
	all_files_are_pairs
	history_has_one_run
}

# ... and one that nobody starts again, or not yet.
scene_shard_killed()
{
	local out=$work/output/test

	four_devices 'lose_times = 0;' || return
	begin_shard 0/3 --set campaign.window=9s
	begin_shard 1/3 --set campaign.window=9s
	begin_shard 2/3 --set campaign.window=9s
	shard_has 2 '"fact":"agent-on"'
	merge_shards 6 "$out"/shard-*
	merge_said 'this campaign is already running'
	kill -KILL "${shard_pids[2]}"
	expect_shard 2 137
	expect_shard 0 5
	expect_shard 1 0
	merge_shards 7 "$out"/shard-*
	jq -r .summary.trouble "$run/report.json" |
	    grep -q 'shard 2 of 3: the run .* was killed: --shard 2/3 --rec' ||
	    fail "trouble: $(jq .summary.trouble "$run/report.json")"
	expect_device 127.1.0.1 interrupted 'the run was killed'
	begin_shard 2/3 --recover
	expect_shard 2 0
	merge_shards 8 "$out"/shard-*
	expect_device 127.1.0.1 interrupted
	expect_device 127.1.0.2 quiet
	history_has_one_run
}

scene_merge_wrong()
{
	local out=$work/output/test

	four_devices || return
	mkdir -p "$out"/shard-{0-of-2,1-of-2,1-of-3}
	merge_shards 2 "$out/latest"
	merge_said "latest is no shard's folder: those are called shard-0-of-4"
	merge_shards 2 "$out"/shard-0-of-9
	merge_said 'there is no folder'
	merge_shards 2 "$out"/shard-{0-of-2,1-of-3}
	merge_said 'is one of 3 shards, and the first one given of 2'
	merge_shards 2 "$out"/shard-0-of-2{,/}
	merge_said 'shard 0 of 2 was given already'
	merge_shards 2 "$out"/shard-*-of-2
	merge_said 'no shard has a run that could be merged'
	merge_shards 2 "$out"/shard-*-of-2 --since soon
	merge_said '--since soon is no time'
	merge_shards 2 "$out"/shard-*-of-2 --since 2020-01-01
	merge_said 'no shard has a run since 2020-01-01'
	merge_shards 2 "$out"/shard-*-of-2 --shard 0/2
	merge_said '--merge is of all shards: not with --shard'
	merge_shards 2 "$out"/shard-*-of-2 -d 127.1.0.1
	merge_said '--merge is of all devices: not with -d'
	[ ! -e "$out/latest" ] || fail 'something was written'
}
