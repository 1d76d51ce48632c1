# peers.sh - either program with a peer of version 1.0.6 on the other side.
# shellcheck shell=bash
#
# tests/peers has the peers: they block where 1.0.6 does, for shorter times
# where a scene says so.  The old agent writes down what came, and when.

case $bin in
*/bin) peers=${bin%/bin}/peers ;;
*) peers=build/normal/peers ;;
esac
old_pid=''

# --- an old agent ---

# It makes no rules here: an operator has made one by hand.
old_agent_rig()
{
	rules_left=1
	ovoc_keys="forward_to = \"$campaign_address\";"
	write_files
	start_lab || fail "the lab did not start"
	start_old_agent "$@"
}

start_old_agent()
{
	touch "$work/agent.log" # the rig looks into it
	setsid "$peers/old_agent" --listen "$agent_address" \
	    --folder "$work/captures" --statistics "$work/old.json" \
	    --register-ms 1000 --verify-ms 2000 "$@" \
	    >"$work/old.log" 2>&1 &
	old_pid=$!
	wait_for_line "$work/old.log" "old-agent: ready" ||
	    fail "the old agent did not start"
}

# It ends with status $1.
end_old_agent()
{
	local code

	end_program "$old_pid"
	code=$?
	[ "$code" = "$1" ] ||
	    fail "the old agent ended with $code instead of $1"
}

# A condition, in jq's words, about what came.
expect_came()
{
	[ "$(jq "$1" "$work/old.json")" = true ] ||
	    fail "not so: $1: $(jq -c . "$work/old.json")"
}

# What such an agent bears, and no more.
expect_manners()
{
	expect_came '.outstanding_max == 1'
	expect_came '.unregistered == 0'
	expect_came '.malformed == 0'
	expect_came '.repeats | .CAPTURE + .VERIFY + .STOP == 0'
	expect_came '.register_repeats_ms | all(. as $ms |
	    [4000, 12000, 28000] | any(($ms - .) | . > -200 and . < 1000))'
}

# These take longest, so they come first.  With the times that things take in
# life a REGISTER is repeated while the first one is worked on, and each is
# answered.  The devices are $1, the rest options of the agent.
slow_agent_scene()
{
	local device devices=$1

	shift
	for device in $devices; do
		add_device "$device"
	done
	old_agent_rig --register-ms 6000 --verify-ms 10000 "$@"
	run_campaign --set campaign.window=80s --set timeouts.agent=60s
	end_old_agent 0
	expect_exit 0
	for device in $devices; do
		expect_device "$device" success
		expect_row "$device" Register Success NORMAL "" 1
		expect_row "$device" "OVOC capture" Success NORMAL "" 1
		expect_row "$device" "OVOC verify" Success NORMAL "" 1
		expect_row "$device" "OVOC stop" Success NORMAL "" 1
		expect_pairs "$device" 1
		expect_packets_of "$device"
	done
	expect_manners
}

scene_peers_old_agent_slow()
{
	slow_agent_scene "127.1.0.1 127.1.0.2"
}

# A late answer to REGISTER looks like one to the CAPTURE that came next.
scene_peers_old_agent_slow_short()
{
	slow_agent_scene 127.1.0.1 --short --register-ms 13000 --verify-ms 5000
}

# Three devices, $1 events each; the rest are options of the agent.
old_agent_scene()
{
	local device events=$1

	shift
	add_device 127.1.0.1 msbr "lose_times = $events;"
	add_device 127.1.0.2 msbr "lose_times = $events; lose_after = \"4s\";"
	add_device 127.1.0.3 gwsbc "lose_times = $events;"
	old_agent_rig "$@"
	run_campaign --set "campaign.events_per_device=$events" \
	    --set campaign.window=60s
	end_old_agent 0
	expect_exit 0
	for device in 127.1.0.1 127.1.0.2 127.1.0.3; do
		expect_device "$device" success
		expect_row "$device" "OVOC capture" Success NORMAL "" "$events"
		expect_row "$device" "OVOC verify" Success NORMAL "" "$events"
		expect_row "$device" "OVOC stop" Success NORMAL "" "$events"
		expect_pairs "$device" "$events"
		expect_packets_of "$device"
	done
	expect_manners
	expect_came ".requests | .CAPTURE == $((3 * events)) and
	    .VERIFY == $((3 * events)) and .STOP == $((3 * events))"
}

scene_peers_old_agent()
{
	old_agent_scene 1
}

scene_peers_old_agent_two_events()
{
	old_agent_scene 2
}

# Answers without the request's name, as up to 1.0.5.
scene_peers_old_agent_short()
{
	old_agent_scene 1 --short
}

scene_peers_old_agent_short_two_events()
{
	old_agent_scene 2 --short
}

# All are lost at once, and it does one thing at a time: nothing queues up.
scene_peers_old_agent_thirty()
{
	local i

	for i in $(seq 30); do
		add_device "127.1.0.$i" msbr 'lose_after = "8s";'
	done
	old_agent_rig --register-ms 100 --verify-ms 200
	run_campaign --set campaign.window=60s
	end_old_agent 0
	expect_exit 0
	expect_came '.requests | .REGISTER == 30 and .CAPTURE == 30 and
	    .VERIFY == 30 and .STOP == 30'
	expect_came '.queued_max == 0'
	expect_manners
	for i in $(seq 30); do
		expect_pairs "127.1.0.$i" 1
	done
}

# Each agent is treated as what it is.  Alarms come from one OVOC: it is one of
# the old agent's sources, too.
scene_peers_old_agent_beside_ours()
{
	local device

	add_device 127.1.0.1
	add_device 127.1.0.2 msbr '' '' 'agent = "127.0.0.3";'
	add_device 127.1.0.3 gwsbc '' '' 'agent = "127.0.0.3";'
	ovoc_keys="forward_to = \"$campaign_address\";"
	rules_left=1
	start_rig
	cat >>"$work/conf/campaign.conf" <<END
agents = ( { address = "127.0.0.3"; sources = [ "$agent_address" ]; } );
END
	agent_address=127.0.0.3 start_old_agent
	run_campaign
	end_old_agent 0
	expect_exit 0
	for device in 127.1.0.1 127.1.0.2 127.1.0.3; do
		expect_row "$device" "OVOC stop" Success NORMAL "" 1
		expect_pairs "$device" 1
	done
	expect_came '.requests | .CAPTURE == 2 and .VERIFY == 2 and .STOP == 2'
	expect_manners
	expect_log agent "REGISTER from $campaign_address"
}

two_families()
{
	ip address add fd00::1/128 dev lo
	ip address add fd00::2/128 dev lo
	ip address add fd00:1::1/128 dev lo
	agent_address=fd00::1 campaign_address=fd00::2
}

scene_peers_old_agent_ipv6()
{
	two_families
	add_device fd00:1::1
	old_agent_rig
	run_campaign
	end_old_agent 0
	expect_exit 0
	expect_row fd00:1::1 "OVOC verify" Success NORMAL "" 1
	expect_row fd00:1::1 "OVOC stop" Success NORMAL "" 1
	expect_pairs fd00:1::1 1
	expect_packets_of fd00:1::1
	expect_manners
}

# Restarted just before it is asked something, it knows no device: it fails on
# the VERIFY, after a 404.  That alone cannot be helped.
# trouble: an agent that answers 404
scene_peers_old_agent_restarted()
{
	add_device 127.1.0.1 msbr 'lose_after = "3s";'
	old_agent_rig --register-ms 100
	begin_campaign
	wait_for_line "$work/old.log" "^CAPTURE.*200 OK" ||
	    fail "no CAPTURE came"
	end_old_agent 0
	start_old_agent
	wait_campaign
	end_old_agent 1
	expect_exit 1
	expect_device 127.1.0.1 one-sided "did not answer VERIFY"
	expect_row 127.1.0.1 "OVOC capture" Success NORMAL "" 1
	expect_row 127.1.0.1 "OVOC verify" Failure MINOR "404" 1
	expect_row 127.1.0.1 Register Failure MINOR "no answer" 1
	expect_row 127.1.0.1 "OVOC stop" Skipped MINOR "was not sent" 1
	expect_row 127.1.0.1 "Retrieve capture" Success NORMAL "" 1
	expect_came '.requests | .VERIFY == 1 and .REGISTER == 0'
}

# Behind a minute of silence another device is registered first: the 404 shows
# that it is another process, and none ends.
scene_peers_old_agent_restarted_unseen()
{
	add_device 127.1.0.1 msbr 'lose_after = "68s";'
	add_device 127.1.0.2 msbr 'lose_after = "3s";'
	old_agent_rig --register-ms 100 --verify-ms 500
	begin_campaign --set campaign.window=100s
	wait_for_line "$work/old.log" "^STOP.*200 OK" ||
	    fail "no STOP came"
	end_old_agent 0
	start_old_agent --register-ms 100 --verify-ms 500
	wait_campaign
	end_old_agent 0
	expect_device 127.1.0.1 one-sided "did not keep its capture at"
	expect_row 127.1.0.1 "OVOC verify" Failure MINOR "404" 1
	expect_row 127.1.0.1 "OVOC verify" Success NORMAL "" 1
	expect_row 127.1.0.1 "OVOC stop" Skipped MINOR "was not sent" 1
	expect_came '.requests | .VERIFY == 2 and .REGISTER == 2 and .STOP == 0'
}

# Begin a run, and kill it once its CAPTURE was answered.
kill_campaign_that_captures()
{
	begin_campaign
	wait_for_line "$work/old.log" "^CAPTURE.*200 OK" ||
	    fail "no CAPTURE came"
	sleep 0.5
	kill -KILL "$campaign_pid"
	wait_campaign 2>/dev/null
}

# The run that captured is killed and the agent restarted: the next run cannot
# know that its STOP is not expected, and asks nothing more that could end it.
scene_peers_old_agent_killed_and_restarted()
{
	add_device 127.1.0.1 msbr 'lose_times = 9; lose_after = "3s";'
	old_agent_rig --register-ms 100 --verify-ms 200
	kill_campaign_that_captures
	end_old_agent 0
	start_old_agent --register-ms 100 --verify-ms 200
	run_campaign --set campaign.events_per_device=2
	end_old_agent 0
	expect_device 127.1.0.1 one-sided "the server did not capture"
	expect_row 127.1.0.1 "OVOC capture" Skipped MINOR "old-agents.ndjson" 2
	expect_row 127.1.0.1 "OVOC verify" Success NORMAL "" 2
	expect_came '.requests | .CAPTURE == 0 and .VERIFY == 2 and .STOP == 1'
}

# The run that captured is killed, the agent is not: it is told to stop.
scene_peers_old_agent_killed()
{
	add_device 127.1.0.1 msbr 'lose_times = 9; lose_after = "3s";'
	old_agent_rig --register-ms 100 --verify-ms 200
	kill_campaign_that_captures
	run_campaign
	end_old_agent 0
	expect_exit 0
	expect_device 127.1.0.1 success
	expect_came '.requests | .CAPTURE == 2 and .VERIFY == 1 and .STOP == 2'
	expect_manners
}

# It dies: one time-out answers for all.
scene_peers_old_agent_dead()
{
	local i began

	for i in 1 2 3 4 5; do
		add_device "127.1.0.$i" msbr 'lose_after = "4s";'
	done
	old_agent_rig --register-ms 100
	begin_campaign --set timeouts.agent=8s
	when_campaign_says "all devices capture and wait"
	end_old_agent 0
	began=$SECONDS
	wait_campaign
	[ $((ended_at - began)) -lt 20 ] ||
	    fail "it took $((ended_at - began)) s"
	for i in 1 2 3 4 5; do
		expect_device "127.1.0.$i" one-sided "did not answer VERIFY"
		expect_row "127.1.0.$i" "OVOC verify" Failure MINOR \
		    "tcpdump may go on" 1
		expect_row "127.1.0.$i" "OVOC stop" Skipped MINOR \
		    "was not sent" 1
		expect_row "127.1.0.$i" "Retrieve capture" Success NORMAL "" 1
	done
}

# `200 OK` to a CAPTURE does not say that tcpdump lives.
scene_peers_old_agent_without_tcpdump()
{
	add_device 127.1.0.1 msbr 'lose_times = 2;'
	add_device 127.1.0.2 gwsbc 'lose_times = 2;'
	old_agent_rig --register-ms 100 --verify-ms 500 --tcpdump /bin/false
	run_campaign --set campaign.events_per_device=2
	end_old_agent 0
	expect_exit 1
	for device in 127.1.0.1 127.1.0.2; do
		expect_device "$device" one-sided "did not keep its capture at"
		expect_row "$device" "OVOC capture" Success NORMAL "" 1
		expect_row "$device" "OVOC stop" Failure MINOR "503" 1
		# It cannot be told from a STOP that it did not expect.
		expect_row "$device" "OVOC capture" Skipped MINOR "" 1
		expect_row "$device" "OVOC stop" Skipped MINOR "" 1
		expect_row "$device" "Retrieve capture" Success NORMAL "" 2
	done
	expect_manners
}

# --- an old campaign ---

# What the old script does to a device: $1 names it, the rest are lines of CLI.
device_program()
{
	local name=$1

	shift
	printf '%s\n' "$@" >"$work/$name.cli"
	cat >"$work/$name" <<END
#!/bin/sh
case \$1 in
*:*) host="[\$1]" ;;
*) host=\$1 ;;
esac
exec curl -sS -f -K "$work/curl" -o "$work/$name.out" -X PUT \
    -F "file=@$work/$name.cli;filename=cli.txt" \
    "https://\$host/api/v1/files/cliScript/incremental"
END
	chmod +x "$work/$name"
}

old_campaign_rig()
{
	local device

	for device; do
		add_device "$device" msbr 'lose_times = 2; lose_after = "1s";'
	done
	# tcpdump hands over what it saw once a second.
	agent_options+=(--set agent.settle=1200ms)
	start_rig
	private_file "$work/curl" "user = \"Admin:$cpe_password\"
cacert = \"$work/lab/ca.pem\""
	device_program start "debug capture data physical stop" \
	    "debug capture data physical eth-wan" \
	    "debug capture data physical start"
	device_program stop "debug capture data physical stop"
}

# Options and devices.
run_old_campaign()
{
	"$peers/old_campaign" --agent "$agent_address" \
	    --listen "$campaign_address" --start "$work/start" \
	    --stop "$work/stop" "$@" >"$work/campaign.log" 2>&1
	status=$?
	expect_exit 0
}

# expect_said COUNT LINE
expect_said()
{
	local n

	n=$(grep -c -e "$2" "$work/campaign.log")
	[ "$n" = "$1" ] || fail "$n lines '$2' instead of $1:
$(cat "$work/campaign.log")"
}

# expect_event_files DEVICE EVENTS
expect_event_files()
{
	local file n=0

	for file in "$work"/captures/OVOC_device_"${1//:/.}"_*[0-9]-0.pcap; do
		[ -e "$file" ] || continue
		n=$((n + 1))
		[ "$(tcpdump -n -r "$file" "host $1" 2>/dev/null |
		    wc -l)" -gt 0 ] || fail "$file has no packet of $1"
	done
	[ "$n" = "$2" ] || fail "$1: $n files instead of $2:
$(ls "$work/captures")"
}

# EVENTS, options, --, devices
old_campaign_scene()
{
	local events=$1 options=() device n

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	n=$(($# * events))
	old_campaign_rig "$@"
	run_old_campaign --events "$events" "${options[@]}" "$@"
	expect_said $# "^sent REGISTER"
	expect_said "$n" "^sent CAPTURE"
	expect_said "$n" "^sent VERIFY"
	expect_said "$n" "^sent STOP"
	expect_said "$n" "^got 100 Trying .* VERIFY"
	expect_said "$n" "^got 200 OK .* VERIFY"
	expect_said "$n" "^got 200 OK .* STOP"
	expect_said 0 "^not understood"
	for device; do
		expect_event_files "$device" "$events"
	done
	[ -z "$(find "$work/captures" -type f ! -name 'OVOC_*' \
	    ! -name agent-state.json ! -name .last-look)" ] ||
	    fail "left in the folder: $(ls "$work/captures")"
}

scene_peers_old_campaign()
{
	old_campaign_scene 1 --register-ms 500 --poll-ms 500 -- 127.1.0.1
}

scene_peers_old_campaign_two_events()
{
	old_campaign_scene 2 --register-ms 500 --poll-ms 500 -- 127.1.0.1
}

scene_peers_old_campaign_three_devices()
{
	old_campaign_scene 2 --register-ms 500 --poll-ms 500 -- \
	    127.1.0.1 127.1.0.2 127.1.0.3
}

# It looks every 3 s, as in life, and the agent sends ten probes a second apart.
scene_peers_old_campaign_slow()
{
	agent_options=(--set verify.count=10 --set verify.interval=1s)
	old_campaign_scene 1 -- 127.1.0.1
}

scene_peers_old_campaign_ipv6()
{
	two_families
	old_campaign_scene 1 --register-ms 500 --poll-ms 500 -- fd00:1::1
}
