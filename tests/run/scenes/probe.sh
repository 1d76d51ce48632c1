# probe.sh - traffic-capture --probe: each device and agent tried once.
# shellcheck shell=bash

# Run it; its reports are checked as a run's.
run_probe()
{
	"$bin/traffic-capture" -v -c "$work/conf/campaign.conf" --probe "$@" \
	    >"$work/summary" 2>>"$work/campaign.log"
	status=$?
	run=$(find "$work/output/test/probe" -mindepth 1 -maxdepth 1 \
	    -name '[0-9]*' 2>/dev/null | sort | tail -n 1)
	[ -z "$run" ] || check_reports
}

# What a campaign would do was not done.
nothing_was_begun()
{
	read_stats
	expect_stat "$one" '.starts == 0 and .stops == 0 and .shows == 0'
	! grep -qE 'received .*"(CAPTURE|VERIFY|STOP)' "$work/agent.log" ||
	    fail "the agent was asked for more than a REGISTER"
	[ ! -e "$work/output/test/latest" ] || fail "there is a latest run"
	[ ! -e "$work/output/test/current" ] || fail "there is a current run"
	[ ! -e "$run/captures" ] || fail "there is a folder for captures"
}

scene_probe_all_well()
{
	add_device "$one"
	add_device 127.1.0.2 gwsbc
	add_device 127.1.0.3 gwsbc '' '' 'skip = true;'
	start_rig || return
	run_probe
	expect_exit 0
	expect_device 127.1.0.3 skipped
	expect_device "$one" success
	expect_row "$one" 'Log in by REST' Success NORMAL 'logged in' 1
	expect_row "$one" 'Log in by SSH' Success NORMAL 'logged in' 1
	expect_row "$one" 'Register' Success NORMAL '200 OK' 1
	expect_row "$one" 'Send ICMP (Ping)' Success '' '1 of 1 answered' 1
	expect_row "$one" 'Send UDP (SNMPv3)' Success NORMAL '1 of 1' 1
	expect_row "$one" 'Send TCP' Success NORMAL '1 of 1' 1
	expect_row "$one" 'Compare clocks' Success NORMAL "the device's is" 1
	expect_device 127.1.0.2 success
	expect_summary 'Devices: 3, 2 success'
	expect_summary '127.0.0.1: version '
	expect_summary "Reports: $run/report.csv"
	nothing_was_begun
	expect_stat "$one" '.rest_requests == 1 and .ssh_connections == 1'
	expect_stat 127.1.0.3 '.rest_connections == 0'
	# Another one has a folder of its own.  The user is made by a start.
	run_probe --set snmp.user=NotYetThere
	expect_exit 0
	expect_row "$one" 'Send UDP (SNMPv3)' Success NORMAL \
	    '1 of 1 answered (unknown user name)' 1
	[ "$(find "$work/output/test/probe" -name report.csv | wc -l)" = 2 ] ||
	    fail "not two probes: $(ls "$work/output/test/probe")"
}

# One device each: down, wrong password, wrong host key, no SNMP; the fifth is
# well.  Each is told with what to do.
scene_probe_finds_what_is_wrong()
{
	lab_keys=''
	add_device 127.1.0.1 msbr '' '{ on = "tls"; kind = "refuse"; },
	    { on = "ssh"; kind = "refuse"; }'
	add_device 127.1.0.2 msbr '' \
	    '{ on = "rest"; kind = "status"; code = 401; }'
	add_device 127.1.0.3 msbr '' '' \
	    'host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";'
	add_device 127.1.0.4 msbr '' '{ on = "ssh"; kind = "refuse"; }'
	add_device 127.1.0.5
	start_rig || return
	run_probe
	expect_exit 1
	expect_device 127.1.0.1 failed
	expect_row 127.1.0.1 'Log in by REST' Failure MAJOR refused 1
	expect_row 127.1.0.1 'Log in by SSH' Failure MAJOR refused 1
	expect_row 127.1.0.1 'Register' Success NORMAL '200 OK' 1
	expect_device 127.1.0.2 failed
	expect_row 127.1.0.2 'Log in by REST' Failure MAJOR 'HTTP 401' 1
	expect_row 127.1.0.2 'Log in by SSH' Skipped MINOR 'not tried' 1
	expect_device 127.1.0.3 failed
	expect_row 127.1.0.3 'Log in by REST' Success NORMAL '' 1
	expect_row 127.1.0.3 'Log in by SSH' Failure MAJOR 'host key' 1
	expect_row 127.1.0.4 'Log in by SSH' Failure MAJOR refused 1
	expect_device 127.1.0.5 partial 'a kind of probe was not answered'
	expect_row 127.1.0.5 'Send UDP (SNMPv3)' Failure MINOR \
	    '0 of 1 answered' 1
	expect_summary 'MAJOR Log in by REST: 127.1.0.2: HTTP 401'
	expect_summary 'MINOR Send UDP (SNMPv3): '
	expect_summary 'verify.snmp = false'
	read_stats
	expect_stat 127.1.0.2 '.ssh_connections == 0'
	run_probe -d 127.1.0.2 -d 127.1.0.1
	expect_exit 4
}

scene_probe_silent_agent()
{
	add_device "$one"
	add_device 127.1.0.2
	agent_allow=127.9.9.9
	start_rig || return
	run_probe --set timeouts.agent=2s
	expect_exit 4
	for at in "$one" 127.1.0.2; do
		expect_device "$at" failed
		expect_row "$at" Register Failure MAJOR \
		    'no answer to REGISTER' 1
		expect_row "$at" 'Log in by SSH' Success NORMAL '' 1
	done
	expect_summary '127.0.0.1: no answer'
}

# OVOC does not know one of them.
scene_probe_unknown_to_ovoc()
{
	add_device "$one"
	add_device 127.1.0.2 msbr 'managed = false;'
	start_rig || return
	run_probe
	expect_exit 1
	expect_device "$one" success
	expect_device 127.1.0.2 failed 'registration: aborted'
	expect_row 127.1.0.2 Register Failure MAJOR '503' 1
}

# It keeps every rule that it makes, so one device is enough.
scene_probe_old_agent()
{
	add_device "$one"
	add_device 127.1.0.2
	add_device 127.1.0.3
	old_agent_rig
	run_probe
	end_old_agent 0
	expect_exit 0
	expect_row "$one" Register Success NORMAL '200 OK' 1
	expect_row 127.1.0.2 Register Skipped NORMAL 'not asked for this' 1
	expect_row 127.1.0.3 Register Skipped NORMAL 'not asked for this' 1
	expect_summary '127.0.0.1: it answers, of version 1.0.6'
	expect_manners
	expect_came '.requests.REGISTER == 1'
}

# It keeps out of the way of a campaign that runs.
scene_probe_beside_a_campaign()
{
	add_device "$one" msbr '' '{ on = "alarm"; kind = "none"; }'
	start_rig || return
	begin_campaign
	when_campaign_says 'arming -> capturing'
	refused 6 'already running' -c "$work/conf/campaign.conf" --probe
	[ ! -e "$work/output/test/probe" ] || fail "there is a probe"
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
}

# Ctrl-C: what was under way is told.
scene_probe_interrupted()
{
	add_device "$one" msbr '' '{ on = "rest"; kind = "hang"; }'
	start_rig || return
	"$bin/traffic-capture" -v -c "$work/conf/campaign.conf" --probe \
	    --set timeouts.rest=60s >"$work/summary" 2>"$work/campaign.log" &
	campaign_pid=$!
	when_campaign_says 'Register: Success'
	kill -TERM "$campaign_pid"
	wait "$campaign_pid"
	status=$?
	campaign_pid=''
	expect_exit 8
	run=$(find "$work/output/test/probe" -mindepth 1 -maxdepth 1 -name '2*')
	check_reports
	expect_device "$one" interrupted
	expect_row "$one" 'Log in by REST' Skipped MINOR interrupted 1
}

scene_probe_cannot_begin()
{
	local conf=$work/conf/campaign.conf

	add_device "$one"
	start_rig || return
	refused 7 'campaign.output' -c "$conf" -o "$conf/below" --probe
	refused 7 'min_free' -c "$conf" --set campaign.min_free=900000G --probe
	refused 7 '20001' -c "$conf" --probe \
	    --set "campaign.listen_address=$agent_address"
	[ -z "$(find "$work/output/test/probe" -mindepth 1)" ] ||
	    fail "a probe that did not begin leaves something"
	refused 2 'exclude' -c "$conf" --probe --check
	nothing_was_sent
}
