# agent.sh - the agent is absent, dies, or its tcpdump does.
# shellcheck shell=bash

scene_agent_not_running()
{
	add_device "$one"
	write_files
	run_lab || return
	run_campaign --set timeouts.agent=1s
	expect_exit 4
	expect_device "$one" failed 'registration: aborted'
	expect_row "$one" Register Failure MAJOR 'no answer' 1
	expect_row "$one" Register Failure MINOR '' 0
	expect_row "$one" 'Show capture' '' '' '' 0
	expect_summary "nothing was ever received from OVOC $agent_address"
	jq -e '.devices[0].registration == "aborted"' "$run/report.json" \
	    >"$work/judged" || fail "registration is not told"
}

# Killed while it captures, started again without what it remembered: it knows
# no device, says 404, and the campaign registers again.  What the server had
# captured until then is not under the event's name.
scene_agent_restarted()
{
	add_device "$one" msbr '' '{ on = "alarm"; kind = "none"; }'
	start_rig || return
	begin_campaign
	when_campaign_says 'arming -> capturing'
	kill -KILL "$agent_pid"
	wait "$agent_pid" 2>/dev/null
	mv "$work/agent.log" "$work/agent-1.log"
	rm -f "$work/captures/agent-state.json"
	run_agent
	kill -USR2 "$campaign_pid"
	wait_campaign
	expect_exit 1
	expect_device "$one" one-sided 'did not keep its capture at STOP'
	expect_row "$one" 'OVOC verify' Failure MINOR '404' 1
	expect_row "$one" Register Success NORMAL '200 OK' 2
	expect_row "$one" 'OVOC verify' Success NORMAL '200 OK' 1
	expect_row "$one" 'Retrieve capture' Success NORMAL packets 1
}

# Killed while it captures, and not started again: one end only is no success.
scene_agent_gone()
{
	local at

	rules_left=2
	for at in "$one" 127.1.0.2; do
		add_device "$at" msbr '' '{ on = "alarm"; kind = "none"; }'
	done
	start_rig || return
	begin_campaign --set timeouts.agent=1s
	when_campaign_says "$one device: arming -> capturing"
	when_campaign_says '127.1.0.2 device: arming -> capturing'
	kill -KILL "$agent_pid"
	wait "$agent_pid" 2>/dev/null
	agent_pid=
	kill -USR2 "$campaign_pid"
	wait_campaign
	expect_exit 1
	for at in "$one" 127.1.0.2; do
		expect_device "$at" one-sided 'the agent did not answer VERIFY'
		expect_row "$at" 'OVOC verify' Failure MINOR 'no answer' 1
		expect_row "$at" 'OVOC stop' Failure MINOR 'no answer' 1
		expect_row "$at" 'Retrieve capture' Success NORMAL packets 1
	done
	expect_summary 'Devices: 2, 2 one-sided'
	expect_summary "MINOR one-sided: $one, 127.1.0.2: 1 of 1 event captured"
}

# A tcpdump that dies is started again, and its pieces are kept.
scene_tcpdump_dies()
{
	local sidecar

	cat >"$work/tcpdump" <<END
#!/bin/sh
echo \$\$ >>"$work/tcpdump.pids"
exec /usr/bin/tcpdump "\$@"
END
	chmod 755 "$work/tcpdump"
	agent_options=(--set agent.capture_with=tcpdump
	    --set "agent.tcpdump=$work/tcpdump")
	add_device "$one" msbr '' '{ on = "alarm"; kind = "none"; }'
	start_rig || return
	begin_campaign
	when_campaign_says 'arming -> capturing'
	send_packets 101 4
	wait_until on_disk 101 4 || fail "$(ls -lR "$work/captures")"
	kill -KILL "$(tail -n 1 "$work/tcpdump.pids")"
	wait_for_line "$work/agent.log" 'captures again'
	sleep 0.5
	kill -USR2 "$campaign_pid"
	wait_campaign
	expect_exit 0
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK: 2 files from' 1
	expect_pairs "$one" 1
	# What a comparison has to know of them stands beside them.
	sidecar=$(echo "$work"/captures/OVOC_device_"$one"_*.json)
	jq -e '(.pieces | length) == 2 and (.holes | length) == 1 and
	    .device == "'"$one"'" and .interface == "lo" and
	    (.probes | length) > 0 and .pieces[0].packets >= 4 and
	    .ended > .began' "$sidecar" >/dev/null ||
		fail "the sidecar is not as it should be: $(cat "$sidecar")"
	[ -n "$(find "$work/captures" -name 'OVOC_device_*-1.pcap')" ] ||
	    fail "pieces: $(ls "$work/captures")"
}

# A stranger's requests are not answered, nor is any work done for them.
scene_agent_refuses_strangers()
{
	add_device "$one"
	agent_allow=192.0.2.10/32
	start_rig || return
	run_campaign --set timeouts.agent=1s
	expect_exit 4
	expect_device "$one" failed 'registration: aborted'
	read_stats
	[ "$(jq .ovoc.requests "$work/lab.json")" = 0 ] ||
	    fail "the agent asked OVOC for a stranger"
	expect_log agent \
	    "warning .* refused: add it to agent.allow .*: \"REGISTER $one\""
}

# Send 20 000 of these datagrams to the agent, as fast as it takes them; $2:
# their text, with %s for an address.
flood()
{
	perl -MSocket -e 'socket(my $s, PF_INET, SOCK_DGRAM, 0) or die;
	    bind($s, sockaddr_in(0, inet_aton($ARGV[0]))) or die;
	    my $to = sockaddr_in(20001, inet_aton($ARGV[0]));
	    for my $i (1 .. 20000) {
		send($s, sprintf($ARGV[1], "10.9." . ($i >> 8) . "." .
		    ($i & 255)), 0, $to);
		select(undef, undef, undef, 0.02) if $i % 200 == 0; }' \
	    "$agent_address" "$1"
}

# What somebody who is not looking for bugs sees of the agent's log.
agent_log_bytes()
{
	grep -v ' debug ' "$work/agent.log" | wc -c
}

# Devices that OVOC does not know cost nobody anything.
scene_agent_flood_of_registers()
{
	local before after

	add_device "$one"
	agent_allow=127.0.0.0/8
	start_rig || return
	before=$(agent_log_bytes)
	flood 'REGISTER %s'
	flood 'CAPTURE %s'
	flood 'nonsense %s'
	after=$(agent_log_bytes)
	[ $((after - before)) -lt 4096 ] ||
	    fail "$((after - before)) bytes of log: $(grep -v ' debug ' \
		"$work/agent.log" | tail -n 20)"
	expect_log agent 'warning .* ignored: .*: "nonsense 10.9.0.1"'
	[ ! -e "$work/captures/agent-state.json" ] ||
	    fail "kept: $(head -c 300 "$work/captures/agent-state.json")"
	run_campaign
	expect_exit 0
	expect_device "$one" success
}

scene_agent_wrong_start()
{
	add_device "$one"
	start_rig || return
	agent_refused 2 agent.interface --set agent.interface=
	agent_refused 2 agent.files --set agent.files=1
	agent_refused 2 option --no-such-option
	agent_refused 7 'cannot run /nonexistent' --check \
	    --set agent.capture_with=tcpdump \
	    --set agent.tcpdump=/nonexistent/tcpdump
	agent_refused 7 'cannot write to' --check \
	    --set agent.captures=/proc/version
	agent_refused 0 'has room for' --check
	agent_refused 0 'there are: lo' --check --set agent.interface=none0
	agent_allow=0.0.0.0/0
	write_agent_conf
	agent_refused 0 'everybody is listened to' --check
	agent_refused 7 "in use by another agent"
	agent_refused 7 20001 --set "agent.captures=$work/other"
}

# The agent with these options does not start: STATUS WORD OPTION...
agent_refused()
{
	local code=$1 word=$2

	shift 2
	timeout 10 "$bin/traffic-capture-agent" -c "$work/conf/agent.conf" \
	    "$@" >"$work/refused" 2>&1
	status=$?
	expect_exit "$code"
	grep -qF -e "$word" "$work/refused" ||
	    fail "no '$word' in: $(cat "$work/refused")"
}
