# killed.sh - campaigns that are killed at every record of their journal, and
# what the next run makes of them.
# shellcheck shell=bash

# The campaign is killed as soon as its journal has this fact, of that device
# if one is given.
kill_at()
{
	local of=${2:+\"device\":\"$2\",}

	wait_for_fact "$work/output/test/current/journal.ndjson" \
	    "$of\"fact\":\"$1\""
	kill -KILL "$campaign_pid" || fail "it has ended before '$1'"
	wait_campaign 2>/dev/null
	expect_exit 137
	killed=$(readlink "$work/output/test/current")
	[ ! -e "$run/report.csv" ] || fail "a killed run has a report"
}

# From now on the reports are those of the killed run.
look_at_killed()
{
	run=$work/output/test/$killed
	status=8
	tail -n 1 "$run/journal.ndjson" | grep -q '"kind":"end"' ||
	    fail "the killed run's journal is not closed"
	[ -e "$run/report.csv" ] || { fail "no report of it"; return; }
	check_reports
}

two_devices()
{
	add_device "$one" msbr 'lose_times = 9;'
	add_device 127.1.0.2 gwsbc 'lose_times = 9;'
	start_rig
}

# Every file that the agent has is one of the devices' as well.
all_files_are_pairs()
{
	local file base

	for file in "$work"/captures/OVOC_device_*-0.pcap; do
		base=${file##*/OVOC_}
		base=CPE_${base%-0.pcap}.pcap
		[ -n "$(find "$work/output" -name "$base")" ] ||
		    fail "${file##*/} has no file of the device"
	done
	[ -z "$(find "$work/captures" -name 'tmp_*')" ] ||
	    fail "the agent's capture goes on"
}

# Some device of the killed run had something left, and all are well now; for
# the other one it may have been too early.
expect_recovered()
{
	local good all

	all=$(awk -F '\t' '$11 == "Recover" &&
	    !($12 == "Skipped" && /killed before anything was done for it/)' \
	    "$csv" | wc -l)
	good=$(awk -F '\t' '$11 == "Recover" && $12 == "Success"' "$csv" |
	    wc -l)
	[ "$good" = "$all" ] || fail "$good of $all devices were recovered"
	[ "$good" -gt 0 ] || fail 'nothing was recovered'
}

killed_at()
{
	two_devices || return
	begin_campaign --set campaign.events_per_device=2
	kill_at "$1"
	run_campaign
	expect_exit 0
	[ ! -L "$work/output/test/current" ] || fail 'a run is under way still'
	for at in "$one" 127.1.0.2; do
		expect_device "$at" success '1 of 1'
		expect_pairs "$at" 1
	done
	look_at_killed
	all_files_are_pairs
	case $1 in
	registered | closed) ;; # perhaps nothing was left
	*) expect_recovered ;;
	esac
}

scene_killed_at_registered()
{
	killed_at registered
}

scene_killed_at_start()
{
	killed_at start
}

scene_killed_at_on()
{
	killed_at on
}

scene_killed_at_asked()
{
	killed_at asked
}

scene_killed_at_stop()
{
	killed_at stop
}

scene_killed_at_off()
{
	killed_at off
}

scene_killed_at_file()
{
	killed_at file
}

scene_killed_at_closed()
{
	killed_at closed
}

# shellcheck disable=SC2120 # arguments: scenes of other files have some
run_recover()
{
	"$bin/traffic-capture" -v -c "$work/conf/campaign.conf" --recover \
	    "$@" >"$work/summary" 2>>"$work/campaign.log"
	status=$?
	expect_exit 0
}

# The recovery of that run has left a report of its own.
look_at_recovery_of()
{
	run=$(sed -n 's,^Reports: \(.*\)/report.csv.*,\1,p' "$work/summary")
	[ -n "$run" ] && [ "$run" != "$work/output/test/$1" ] ||
	    fail 'the summary names no report of the recovery'
	[ ! -e "$run/journal.ndjson" ] || fail 'it began a run of its own'
	check_reports
}

# --recover stops, fetches, tells the agent and reports, and begins nothing.
scene_recover_alone()
{
	local before

	two_devices || return
	begin_campaign
	when_campaign_says "$one.*arming -> "
	when_campaign_says '127.1.0.2.*arming -> '
	kill_at asked
	run_recover
	expect_summary 'Campaign test, what earlier runs left:'
	expect_summary "finished: $one, 127.1.0.2: "
	# No run that began later has ended.
	[ "$(readlink "$work/output/test/latest")" = "$killed" ] ||
	    fail "latest is not the run that was finished"
	[ ! -L "$work/output/test/current" ] || fail 'a run is under way still'
	look_at_recovery_of "$killed"
	for at in "$one" 127.1.0.2; do
		expect_row "$at" Recover Success NORMAL finished 1
	done
	look_at_killed
	for at in "$one" 127.1.0.2; do
		expect_device "$at" interrupted killed
		expect_row "$at" Recover Success NORMAL finished 1
		expect_row "$at" 'Retrieve capture' Success NORMAL packets 1
		expect_row "$at" 'OVOC stop' Success NORMAL '200 OK' 1
		expect_pairs "$at" 1
	done
	# What only finished it was no night of its own.
	expect_history 0 '1 run, begun' --history
	expect_history 0 'Runs: interrupted 1' --history -d "$one"
	before=$(ls "$work/output/test")
	run_recover
	[ ! -s "$work/summary" ] || fail 'it did something once more'
	[ "$(ls "$work/output/test")" = "$before" ] ||
	    fail 'it left something although there was nothing to do'
}

# Killed, killed again while it recovers, and then left to end.
scene_killed_twice()
{
	local first

	two_devices || return
	begin_campaign
	kill_at on "$one"
	first=$killed
	: >"$work/campaign.log"
	begin_campaign
	when_campaign_says 'recovering -> stopping'
	kill -KILL "$campaign_pid"
	wait_campaign 2>/dev/null
	run_campaign
	expect_exit 0
	killed=$first
	look_at_killed
	expect_row "$one" Recover Success NORMAL finished 1
	all_files_are_pairs
}

# A device that is no longer configured is named, as nobody can stop it.
scene_killed_device_gone()
{
	two_devices || return
	begin_campaign
	when_campaign_says '127.1.0.2.*arming -> '
	kill_at asked
	entries=("${entries[0]}")
	write_campaign_conf
	left_on=127.1.0.2 rules_left=any
	run_campaign
	expect_exit 0
	expect_log campaign 'error 127.1.0.2.*CRITICAL capture may be on'
	look_at_killed
	expect_row 127.1.0.2 Recover Failure CRITICAL 'no longer configured' 1
	expect_row "$one" Recover Success NORMAL finished 1
}

# A device that is dead since fails in both runs; the other does not wait.
scene_killed_device_dead()
{
	add_device "$one" msbr 'lose_times = 9;'
	add_device 127.1.0.2 msbr 'lose_times = 9;' \
	    '{ on = "tls"; kind = "refuse"; when = "lost"; for = "60s"; }'
	start_rig || return
	left_on=127.1.0.2 rules_left=any
	begin_campaign --set campaign.events_per_device=9
	when_campaign_says '127.1.0.2.* -> verifying'
	kill_at stop
	run_campaign
	expect_exit 1
	expect_device "$one" success '1 of 1'
	expect_device 127.1.0.2 failed
	expect_row 127.1.0.2 'Show capture' Failure MAJOR refused 1
	look_at_killed
	expect_row "$one" Recover Success NORMAL finished 1
	expect_row 127.1.0.2 Recover Failure CRITICAL 'may be on' 1
}

# The device hangs while the interrupted run would stop it: that run ends and
# says so, and the next one, or --recover, stops the capture and fetches it.
left_on_by_a_run_that_ended()
{
	add_device "$one" msbr 'lose_times = 9;' \
	    '{ on = "stop"; kind = "hang"; times = 1; }'
	start_rig || return
	begin_campaign --set timeouts.rest=60s --set timeouts.stop_grace=1s
	when_campaign_says ' -> verifying'
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_row "$one" 'Verify stopped' Failure CRITICAL 'may be on' 1
	ended=$(readlink "$work/output/test/latest")
	[ -z "$(find "$run/captures/" -name 'CPE_*')" ] ||
	    fail 'it had fetched the file'
	sleep 2 # until the lab has noticed that nobody waits for its answer
}

fetched_into_ended()
{
	[ -s "$(echo "$work/output/test/$ended"/captures/CPE_*)" ] ||
	    fail "the file of the run that ended is not home"
	tail -n 1 "$work/output/test/$ended/journal.ndjson" |
	    grep -q '"mayBeOn":0' || fail "its journal is not closed"
}

scene_left_on_by_a_run_that_ended()
{
	left_on_by_a_run_that_ended
	run_campaign
	expect_exit 0
	expect_device "$one" success '1 of 1'
	expect_row "$one" Recover Success NORMAL "what run $ended left on" 1
	expect_pairs "$one" 1
	fetched_into_ended
}

scene_recover_what_a_run_left_on()
{
	left_on_by_a_run_that_ended
	run_recover
	expect_log campaign "run $ended is finished now"
	fetched_into_ended
	look_at_recovery_of "$ended"
	expect_row "$one" Recover Success NORMAL "what run $ended left on" 1
}

# There is no room for a new run, but what the killed one left on is stopped.
scene_killed_and_the_disk_full()
{
	two_devices || return
	begin_campaign
	when_campaign_says "$one.*arming -> "
	when_campaign_says '127.1.0.2.*arming -> '
	kill_at asked
	run=$work/output/test/$killed
	"$bin/traffic-capture" -v -c "$work/conf/campaign.conf" \
	    --set campaign.min_free=900000G >"$work/summary" \
	    2>>"$work/campaign.log"
	status=$?
	expect_exit 7
	expect_log campaign 'campaign.min_free wants'
	[ "$(find "$work/output/test" -name journal.ndjson)" = \
	    "$run/journal.ndjson" ] || fail "it began a run of its own"
	[ ! -L "$work/output/test/latest" ] || fail 'a run has ended'
	[ ! -e "$run/report.csv" ] || fail "the files on the devices are lost"
	run_recover
	look_at_killed
	for at in "$one" 127.1.0.2; do
		expect_row "$at" 'Retrieve capture' Failure MAJOR min_free 1
		expect_row "$at" 'Retrieve capture' Success NORMAL packets 1
	done
}
