# signals.sh - what people and systemd tell a campaign while it waits.
# shellcheck shell=bash

no_alarm='{ on = "alarm"; kind = "none"; }'
stop_hangs='{ on = "stop"; kind = "hang"; }'

waiting_campaign()
{
	start_rig || return
	begin_campaign "$@"
	when_campaign_says 'arming -> capturing'
}

# SIGHUP ends nothing, SIGUSR1 tells the state, SIGUSR2 is the trigger.
scene_usr_signals()
{
	add_device "$one" msbr '' "$no_alarm"
	add_device 127.1.0.2 gwsbc '' "$no_alarm"
	waiting_campaign
	when_campaign_says 'all devices capture and wait'
	kill -HUP "$campaign_pid"
	kill -USR1 "$campaign_pid"
	when_campaign_says "notice $one campaign: capturing"
	kill -USR2 "$campaign_pid"
	wait_campaign
	expect_exit 0
	for at in "$one" 127.1.0.2; do
		expect_device "$at" success
		expect_row "$at" Alarm Success NORMAL SIGUSR2 1
		expect_row "$at" 'OVOC verify' Success NORMAL '200 OK' 1
	done
}

# Interrupted while waiting: stopped, fetched, told to the agent, reported.
scene_terminated()
{
	add_device "$one" msbr '' "$no_alarm"
	waiting_campaign
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_device "$one" interrupted
	expect_row "$one" 'Stop capture' Success NORMAL '' 1
	expect_row "$one" 'Verify stopped' Success NORMAL 'not active' 1
	expect_row "$one" 'Retrieve capture' Success NORMAL packets 1
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK' 1
	expect_pairs "$one" 1
	[ -z "$(find "$work/captures" -name 'tmp_*')" ] ||
	    fail "the agent's capture goes on"
}

scene_interrupted_while_verifying()
{
	add_device "$one"
	start_rig || return
	begin_campaign --set verify.count=10 --set verify.interval=1s
	when_campaign_says ' -> verifying'
	kill -INT "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_row "$one" 'Stop capture' Success NORMAL '' 1
	expect_row "$one" 'Retrieve capture' Success NORMAL packets 1
}

# The device hangs at its stop, and the agent is never told: a second signal
# does not wait for them, and the report says that the capture may go on.
scene_terminated_twice()
{
	local began

	add_device "$one" msbr '' "$no_alarm, $stop_hangs"
	left_on=$one rules_left=any
	waiting_campaign --set timeouts.rest=60s --set timeouts.stop_grace=60s
	kill -TERM "$campaign_pid"
	sleep 0.1
	kill -TERM "$campaign_pid" # at once, as timeout(1) does: no second one
	when_campaign_says 'capturing -> stopping'
	sleep 1.1
	grep -q 'interrupted twice' "$work/campaign.log" &&
	    fail "one signal was taken for two"
	began=$SECONDS
	kill -TERM "$campaign_pid"
	wait_campaign
	[ $((ended_at - began)) -lt 5 ] || fail "it waited on"
	expect_exit 8
	expect_device "$one" interrupted
	expect_summary 'interrupted, what was cut short is in the report'
	expect_summary "CRITICAL interrupted: $one: capture may be on"
	expect_summary "MINOR agents not told: $one: the agent was not told"
	expect_row "$one" 'Verify stopped' Failure CRITICAL 'may be on' 1
}

# The grace is over before the device answers.
scene_grace_over()
{
	local began=$SECONDS

	add_device "$one" msbr '' "$no_alarm, $stop_hangs"
	left_on=$one rules_left=any
	waiting_campaign --set timeouts.rest=60s --set timeouts.stop_grace=1s
	kill -TERM "$campaign_pid"
	wait_campaign
	[ $((ended_at - began)) -lt 15 ] || fail "it waited on"
	expect_exit 8
	expect_row "$one" 'Verify stopped' Failure CRITICAL 'may be on' 1
}
