# stress.sh - a bad network, a burst of alarms, few descriptors.
# shellcheck shell=bash

# Lines of the agent's log about a device that hold a text.
agent_said()
{
	grep -F -e "$1" "$work/agent.log" | grep -cF -e "$2"
}

# A third of the datagrams between campaign and agent is lost, a third comes
# twice, all are late and overtake each other, and at times nothing gets
# through; yet everything happens, and happens once.  The first REGISTER and its
# answers get through: without 100 Trying the agent passes for one of 1.0.6,
# which is spared the repeats.
scene_bad_way_to_the_agent()
{
	local proxy=127.0.0.3 proxy_pid at n events=2
	local devices=(127.1.0.1 127.1.0.2 127.1.0.3)

	for at in "${devices[@]}"; do
		add_device "$at" msbr "lose_times = $events;" '' \
		    "agent = \"$proxy\";"
	done
	agents="{ address = \"$proxy\"; sources = [ \"$agent_address\" ]; }"
	agent_allow=$proxy
	# The alarms come from OVOC and do not go this way.
	agent_options=(--set "ovoc.alarm_destination=$campaign_address")
	start_rig || return
	"$peers/udp_proxy" "$proxy" "$agent_address" "$campaign_address" 20001 \
	    30 30 300 1500 10000 3 >"$work/proxy.out" 2>&1 &
	proxy_pid=$!
	wait_for_line "$work/proxy.out" 'udp-proxy: ready' ||
	    fail "no proxy: $(cat "$work/proxy.out")"
	run_campaign --set campaign.events_per_device=$events \
	    --set campaign.window=80s --set timeouts.agent=60s
	end_program "$proxy_pid"
	expect_exit 0
	for at in "${devices[@]}"; do
		expect_device "$at" success "$events of $events events captured"
		for task in 'OVOC capture' 'OVOC verify' 'OVOC stop'; do
			expect_row "$at" "$task" Success NORMAL '200 OK' $events
		done
		expect_pairs "$at" $events
		for n in 'capture: captures on' 'stopped after' \
		    'verify: ICMP'; do
			[ "$(agent_said "$at" "$n")" = $events ] ||
			    fail "$at: '$n' not $events times in agent.log"
		done
	done
	[ "$failures" = 0 ] || cat "$work/proxy.out"
	[ -z "$(find "$work/captures" -name 'ABORTED_*')" ] ||
	    fail "a capture was begun twice"
}

# add_many COUNT LAB-KEYS FAULTS: one entry of the lab, 127.1.1.1 and up.
add_many()
{
	local i at

	lab_devices+=("{ address = \"127.1.1.1\"; count = $1; type = \"msbr\";
	    password = \"$cpe_password\"; $2 faults = ( $3 ); }")
	for ((i = 1; i <= $1; i++)); do
		at=127.1.$((1 + i / 256)).$((i % 256))
		entries+=("{ address = \"$at\"; type = \"msbr\";
		    interfaces = [ \"eth-wan\" ]; }")
	done
	# One port 443 for all of them, so OVOC has another.
	lab_keys="wildcard = true; $lab_keys"
	ovoc_keys='port = 8444;'
	# The server's side of so many is another test's: ten have it, the
	# others are one-sided.
	agent_options=(--set "ovoc.url=https://$agent_address:8444"
	    --set agent.max_captures=10)
}

summary_of()
{
	jq ".summary.$1" "$run/report.json"
}

# Each of so many brought its file home.
expect_captured()
{
	expect_exit 1
	jq -e --argjson all "$1" '.summary |
	    ."one-sided" > 0 and .success + ."one-sided" == $all' \
	    "$run/report.json" >"$work/judged" ||
	    fail "$(cat "$work/summary")"
}

# Each of 250 devices is lost at the same moment, and four alarms tell of each:
# all of them are read.
scene_thousand_alarms_at_once() # alone
{
	add_many 250 "$lost_when_told" \
	    '{ on = "alarm"; kind = "burst"; size = 4; }'
	start_rig || return
	begin_campaign --set campaign.window=60s --set verify.snmp=false
	wait_for_line "$work/campaign.log" 'all devices capture and wait' 40
	lose_devices
	wait_campaign
	expect_captured 250
	[ "$(summary_of dropped)" = 0 ] ||
	    fail "the kernel dropped alarms"
	[ "$(summary_of 'agents[0].alarms')" = 1000 ] ||
	    fail "not 1000 alarms: $(cat "$work/summary")"
	[ "$(awk -F '\t' '$11 == "Alarm"' "$csv" | wc -l)" = 1000 ] ||
	    fail "not 1000 rows of alarms"
}

# Fewer descriptors than devices: everything has its turn, only later.
scene_few_descriptors() # alone
{
	runner=(bash -c 'ulimit -n 256; exec "$@"' few)
	add_many 300 'lose_after = "300ms";' ''
	start_rig || return
	run_campaign --set campaign.window=60s
	expect_captured 300
	expect_log campaign '256 descriptors'
	grep -qE 'raise (the limit|LimitNOFILE)|Too many open files' \
	    "$work/campaign.log" && fail "it ran out of descriptors"
	grep -q 'no descriptor left' "$csv" && fail "probes had no descriptor"
}

# The agent has too few for all captures and probes: it refuses some and lives.
scene_agent_with_few_descriptors() # alone
{
	add_many 40 'lose_after = "300ms";' ''
	agent_options=(--set "ovoc.url=https://$agent_address:8444"
	    --set agent.capture_with=tcpdump)
	start_rig || return
	prlimit --pid "$agent_pid" --nofile=64:64
	run_campaign --set campaign.window=60s
	expect_captured 40
	grep -q 'raise the limit of open files' "$work/agent.log" ||
	    fail "the agent does not say what to do"
	kill -0 "$agent_pid" || fail "the agent is gone"
}
