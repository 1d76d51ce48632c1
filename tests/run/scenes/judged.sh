# judged.sh - the captures of a run's events are compared: by --compare, over
# real captures of both ends, and with children that fail in one way each.
# shellcheck shell=bash

# A run of one device, with real captures at both ends; the server's files are
# still on the server.
one_event()
{
	add_device "$one" msbr 'capture = "tcpdump"; interface = "lo";'
	agent_options=(--set agent.settle=1200ms --set verify.count=30)
	start_rig || return
	run_campaign --set verify.count=30
	expect_exit 0
	expect_row "$one" 'Compare captures' Skipped NORMAL \
	    "$run/captures/*_device_${one}_" 0
	expect_row "$one" 'Compare captures' Skipped NORMAL \
	    "only the device's file of this event is on this host" 1
	expect_summary "only the device's file is here: 1 event"
	before=$(jq -S 'del(.summary.bytes, .summary.groups) |
	    .devices |= map(del(.tasks, .verdicts, .severity))' \
	    "$run/report.json")
}

# judge_events RUN [OPTION...]; $campaign: the program.
judge_events()
{
	TZ=UTC "${campaign:-$bin/traffic-capture}" \
	    -c "$work/conf/campaign.conf" --compare "$@" \
	    >"$work/summary" 2>>"$work/campaign.log"
	judged=$?
	run=$work/output/test/latest
	status=0
	check_reports
}

expect_judged()
{
	[ "$judged" = "$1" ] || fail "--compare ended with $judged, not $1"
}

# Everything that is not of the comparison is as it was.
expect_the_rest_unchanged()
{
	local now

	now=$(jq -S 'del(.summary.bytes, .summary.groups) |
	    .devices |= map(del(.tasks, .verdicts, .severity))' \
	    "$run/report.json")
	[ "$now" = "$before" ] || fail "report.json is another one:
$(diff <(echo "$before") <(echo "$now"))"
}

# Bring the server's files beside the device's; a filter takes some packets
# away, as if they had been lost on the way back.
bring_files()
{
	local file name

	for file in "$work"/captures/OVOC_*.pcap; do
		name=$run/captures/${file##*/}
		tcpdump -r "$file" -w "$name" "${1:-}" 2>/dev/null ||
		    fail "cannot copy $file"
		chmod 0640 "$name"
	done
}

# A child of ours in place of traffic-capture-compare, beside a campaign.
with_child()
{
	mkdir -p "$work/bin"
	cp "$bin/traffic-capture" "$work/bin"
	printf '#!/bin/sh\n%s\n' "$1" >"$work/bin/traffic-capture-compare"
	chmod 755 "$work/bin/traffic-capture-compare"
	campaign=$work/bin/traffic-capture
}

# A night whose answers were lost: said by --compare once the files are there.
scene_judged_loss()
{
	one_event || return
	judge_events latest
	expect_judged 1
	expect_summary '0 events looked at, 1 without a verdict'
	expect_the_rest_unchanged
	bring_files "not (icmp[icmptype] = icmp-echoreply and src host $one)"
	judge_events latest
	expect_judged 0
	expect_summary '1 event looked at, 0 without a verdict'
	expect_row "$one" 'Compare captures' Success MAJOR \
	    'never reached the server' 1
	expect_summary "MAJOR $one: "
	# The row of the night that had no verdict has one now.
	expect_history 0 "$one: lost packets in 1 of 1 runs" --history -d "$one"
	expect_history 0 'ping from the device (certain)' --history -d "$one"
	[ "$(jq -r '.devices[0].severity' "$run/report.json")" = MAJOR ] ||
	    fail "the device is not MAJOR"
	jq -e '.devices[0].verdicts[0] | .event == 1 and .exitStatus == 1 and
	    (.classes[] | select(.protocol == "icmp" and
		.direction == "back") | .lost >= 25)' \
	    "$run/report.json" >/dev/null ||
	    fail "verdicts: $(jq -c .devices[0].verdicts "$run/report.json")"
	expect_the_rest_unchanged
	judge_events latest
	expect_judged 0
	expect_summary '0 events looked at, 0 without a verdict'
	try_the_schema
}

# A report that is wrong in one thing is found to be.
try_the_schema()
{
	local said

	[ "${schemas:-yes}" = yes ] || return 0
	said=$(tests/run/check_schema --self-test "$run/report.json" 2>&1) ||
	    fail "packaging/schema lets pass what it should not: $said"
}

scene_judged_without_loss()
{
	one_event || return
	bring_files
	judge_events "$(readlink "$work/output/test/latest")"
	expect_judged 0
	expect_row "$one" 'Compare captures' Success NORMAL '' 1
	jq -e '.summary.groups == [] and
	    (.devices[0].verdicts | length) == 1' "$run/report.json" \
	    >/dev/null || fail "verdicts and groups are not as they should be"
	expect_the_rest_unchanged
}

# The server's file has nothing that the device's has.
scene_judged_unknown()
{
	one_event || return
	bring_files 'port 9'
	judge_events latest
	expect_judged 0
	expect_row "$one" 'Compare captures' Success MINOR 'annot be said' 1
	expect_summary "MINOR $one: "
}

# trouble: a comparison that takes longer than "compare.timeout"
# trouble: a comparison that is killed, breaks down or cannot be started
# trouble: a comparison whose result cannot be read
# The child takes too long, is killed, says nonsense, is not there: a MINOR row
# with the command line, and the next --compare judges all the same.
scene_judged_child_trouble()
{
	one_event || return
	bring_files
	with_child 'exec sleep 60'
	judge_events latest --set compare.timeout=1s
	expect_judged 1
	expect_row "$one" 'Compare captures' Failure MINOR \
	    'it took longer than compare.timeout (1s) and was killed' 1
	expect_row "$one" 'Compare captures' Failure MINOR \
	    "to compare them: traffic-capture-compare $work/output/test/" 1
	expect_summary "MINOR $one: not compared: "
	with_child 'kill -KILL $$'
	judge_events latest
	expect_judged 1
	expect_row "$one" 'Compare captures' Failure MINOR \
	    'more memory than compare.memory (1G)' 1
	with_child 'echo "{}"; exit 1'
	judge_events latest
	expect_judged 1
	expect_row "$one" 'Compare captures' Failure MINOR \
	    'its result cannot be read: it ended with status 1' 1
	rm "$work/bin/traffic-capture-compare"
	judge_events latest
	expect_judged 1
	expect_row "$one" 'Compare captures' Failure MINOR 'cannot start ' 1
	campaign=$bin/traffic-capture
	judge_events latest
	expect_judged 0
	expect_row "$one" 'Compare captures' Success NORMAL '' 1
	expect_row "$one" 'Compare captures' '' '' '' 6
}

# More packets than compare.memory has room for.
scene_judged_memory()
{
	local file

	one_event || return
	bring_files
	for file in "$run"/captures/OVOC_*.pcap; do
		perl -e 'print pack("VvvVVVV", 0xa1b2c3d4, 2, 4, 0, 0, 65535,
		    1);
		my $ip = "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" .
		    pack("CCnnnCCnNN", 0x45, 0, 28, 0, 0x4000, 64, 17, 0,
		    0x7f000001, 0x7f010001);
		print pack("VVVV", 1795403400 + $_ / 1000, 0, 42, 42), $ip,
		    pack("nnnn", $_ % 60000 + 1, $_ / 60000 + 9, 8, 0)
		    for 1 .. 300000;' >"$file"
	done
	judge_events latest --set compare.memory=64M
	expect_judged 1
	expect_row "$one" 'Compare captures' Failure MINOR 'memory' 1
}

scene_judged_interrupted()
{
	one_event || return
	bring_files
	with_child 'exec sleep 60'
	TZ=UTC "$campaign" -c "$work/conf/campaign.conf" --compare latest \
	    >"$work/summary" 2>>"$work/campaign.log" &
	helpers+=($!)
	sleep 1
	kill -TERM "${helpers[-1]}"
	wait "${helpers[-1]}"
	judged=$?
	unset 'helpers[-1]'
	expect_judged 8
	tests/run/check_reports --rows "$run/report.csv" >"$csv"
	expect_row "$one" 'Compare captures' Failure MINOR \
	    'not compared: interrupted' 1
}

# No such run, a run under way, and options that do not go together.
scene_judged_refusals()
{
	add_device "$one" msbr 'lose_after = "60s";'
	start_rig || return
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --compare latest \
	    2>"$work/said"
	[ $? = 2 ] || fail "without a run: not 2"
	grep -q 'has no latest run' "$work/said" || fail "$(cat "$work/said")"
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --compare latest \
	    -d '*' 2>/dev/null
	[ $? = 2 ] || fail "with -d: not 2"
	begin_campaign
	when_campaign_says 'all devices capture and wait'
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --compare \
	    "$(readlink "$work/output/test/current")" 2>"$work/said"
	[ $? = 6 ] || fail "under way: not 6"
	grep -q 'is under way' "$work/said" || fail "$(cat "$work/said")"
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
}

# In the campaign itself: the server's files come by SFTP, a child compares both
# ends, and the campaign host is the third witness.
scene_judged_in_the_campaign()
{
	local two=127.1.0.2 real='capture = "tcpdump"; interface = "lo";'

	add_device "$one" msbr "$real"
	add_device "$two" gwsbc "$real"
	agent_options=(--set agent.settle=1200ms)
	sshd_rig || return
	run_campaign
	expect_exit 0
	for at in "$one" "$two"; do
		expect_device "$at" success '1 of 1 event captured'
		expect_row "$at" 'Retrieve server capture' Success NORMAL '' 1
		expect_row "$at" 'Compare captures' Success '' '' 1
	done
	[ "$(find "$run/captures" -name 'COMPARE_*.json' | wc -l)" = 2 ] ||
	    fail "no two verdicts: $(ls "$run/captures")"
	jq -e '[.devices[].verdicts[] | .witness] == [true, true]' \
	    "$run/report.json" >/dev/null ||
	    fail "verdicts: $(jq -c '[.devices[].verdicts]' "$run/report.json")"
}

# trouble: a comparison that an interruption or the end of the run cuts short
# The child goes on when the devices are done; the interruption ends it.
scene_judged_campaign_interrupted()
{
	add_device "$one" msbr 'capture = "tcpdump"; interface = "lo";'
	agent_options=(--set agent.settle=1200ms)
	sshd_rig || return
	with_child 'exec sleep 60'
	bin=$work/bin begin_campaign
	when_campaign_says 'closing -> done'
	sleep 1
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_device "$one" success
	expect_row "$one" 'Compare captures' Failure MINOR \
	    'not compared: interrupted' 1
}
