# records.sh - what agent and campaign write down of an event beside its
# captures, and traffic-capture-compare, who reads it.
# shellcheck shell=bash

# packets_of FILE PROBE: how many packets of the capture are of this probe,
# which is an object of a record.
packets_of()
{
	local expression

	expression=$(jq -r '
	    if .kind == "icmp" then
		    "icmp[4:2] = \(.id) and icmp[6:2] = \(.seq)"
	    elif .kind == "snmp" then "udp port \(.port)"
	    else "tcp port \(.port) and tcp[tcpflags] & tcp-syn != 0"
	    end' <<<"$2")
	tcpdump -n -r "$1" "$expression" 2>/dev/null | wc -l
}

# expect_probes RECORD CAPTURE: each of its probes was answered, and the capture
# has both ways of it, at the time that is told.
expect_probes()
{
	local probe kind

	for kind in icmp snmp tcp; do
		jq -e --arg kind "$kind" '[.probes[] |
		    select(.kind == $kind and .fate == "answered" and
		    .tookUs > 0 and .sentUs > 1700000000000000)] |
		    length == 3' "$1" >/dev/null ||
			fail "$kind in $1: $(jq -c .probes "$1")"
	done
	while read -r probe; do
		[ "$(packets_of "$2" "$probe")" -ge 2 ] ||
		    fail "$2 lacks $probe"
	done < <(jq -c '.probes[]' "$1")
}

# A whole event, both captures real.
scene_records_of_an_event()
{
	local sidecar campaign device

	add_device "$one" msbr \
	    "capture = \"tcpdump\"; interface = \"lo\"; $lost_when_told"
	agent_options=(--set agent.settle=1200ms)
	start_rig || return
	run_and_lose
	expect_exit 0
	device=$(echo "$run"/captures/CPE_device_"$one"_*.pcap)
	campaign=$(echo "$run"/captures/CAMPAIGN_device_"$one"_*.json)
	sidecar=$(echo "$work"/captures/OVOC_device_"$one"_*.json)
	[ "${device##*/CPE_}" = "$(basename "${campaign##*/CAMPAIGN_}" \
	    .json).pcap" ] || fail "names: $device $campaign"
	jq -e --arg device "$one" --arg agent "$agent_address" \
	    --arg file "${device##*/}" '
	    .schema == 1 and .writer == "campaign" and .device == $device and
	    .file == $file and .deviceAddresses == [$device] and
	    (.agentAddresses | index($agent)) and
	    (.campaignAddresses | length) == 1 and
	    .interfaces == ["eth-wan"] and
	    (.confirmed | length) == 1 and .stopped >= .confirmed[0].to and
	    .off >= .stopped and .alarm.at >= .confirmed[0].from and
	    (.alarm.text | test("the event begins")) and
	    (.agentClock.aheadMs | fabs) < 2000 and .heartbeats == []' \
	    "$campaign" >/dev/null || fail "$(jq -c . "$campaign")"
	jq -e '.writer == "agent" and .probeTimeoutMs > 0' "$sidecar" \
	    >/dev/null || fail "$(jq -c . "$sidecar")"
	expect_probes "$campaign" "$device"
	expect_probes "$sidecar" "$device"
	expect_probes "$sidecar" "${sidecar%.json}-0.pcap"
	"$bin/traffic-capture-compare" --format json "$run"/captures/* \
	    "$work"/captures/OVOC_* >"$work/compared" 2>"$work/compare.log"
	status=$?
	[ "$status" = 0 ] || fail "compare: $status: $(cat "$work/compared")"
	[ ! -s "$work/compare.log" ] || fail "$(cat "$work/compare.log")"
	jq -e '[.exchanges[] | select(.asker == "campaign" and
	    .letter == "A" and .of == 3 and .agree == 3)] | length == 3' \
	    "$work/compared" >/dev/null ||
		fail "no witness: $(jq -c .exchanges "$work/compared")"
	jq -e '.strip.alarm | test("^20.*Z$")' "$work/compared" >/dev/null ||
		fail "no alarm: $(jq -c '.strip | del(.rows)' "$work/compared")"
	jq -e '.sentence | test("both get answers")' "$work/compared" \
	    >/dev/null || fail "$(jq .sentence "$work/compared")"
}

# The campaign in a network of its own, behind the middle.
home_namespace()
{
	unshare --net sleep 80 &
	home=$!
	helpers+=("$home")
	while [ "$(network_of "$home")" = "$(network_of self)" ]; do
		pause 0.1
	done
	in_namespace "$middle" ip link add middle2 type veth \
	    peer name home0 netns "$home"
	in_namespace "$middle" ip address add 10.9.3.1/24 dev middle2
	in_namespace "$middle" ip link set middle2 up
	in_namespace "$home" sh -ec '
	    ip link set lo up
	    ip address add 10.9.3.3/24 dev home0
	    ip link set home0 up
	    ip route add default via 10.9.3.1'
}

# third_witness FAULT: the middle drops what nftables is told; a campaign later
# both captures and both records are compared, and what comes out is in
# $work/compared.
third_witness()
{
	local middle far home at=10.9.2.11

	three_namespaces || fail "no three namespaces"
	home_namespace || fail "no fourth"
	in_namespace "$middle" nft -f - <<END || fail "no table of nftables"
table ip lossy {
	chain forward {
		type filter hook forward priority 0;
		$1
	}
}
END
	agent_address=10.9.1.2 campaign_address=10.9.3.3
	agent_interface=near0 ovoc_address=10.9.2.2
	agents='{ address = "10.9.1.2"; sources = [ "10.9.2.2" ]; }'
	lab_runner=(nsenter -t "$far" -n) runner=(nsenter -t "$home" -n)
	agent_options=(--set agent.settle=1200ms --set verify.count=10)
	add_device "$at" msbr \
	    "capture = \"tcpdump\"; interface = \"far0\"; $lost_when_told"
	start_rig || return
	run_and_lose --set verify.count=10
	expect_exit 0
	"$bin/traffic-capture-compare" --format json "$run"/captures/* \
	    "$work"/captures/OVOC_* >"$work/compared" 2>"$work/compare.log"
	[ ! -s "$work/compare.log" ] || fail "$(cat "$work/compare.log")"
}

# expect_letter ASKER KIND LETTER
expect_letter()
{
	jq -e --arg asker "$1" --arg kind "$2" --arg letter "$3" \
	    '[.exchanges[] | select(.asker == $asker and .kind == $kind and
	    .letter == $letter)] | length == 1' "$work/compared" >/dev/null ||
		fail "$1 $2 is not $3: $(jq -c .exchanges "$work/compared")"
}

expect_sentence()
{
	jq -r .sentence "$work/compared" | grep -qF -e "$1" ||
	    fail "no '$1' in: $(jq -r .sentence "$work/compared")"
}

# The way from OVOC loses SNMP; the campaign host reaches the device.
scene_records_of_a_well_device()
{
	if [ "$(network_of $$)" != "$(network_of self)" ]; then
		echo "skipped: no /proc of this namespace"
		return
	fi
	third_witness 'ip saddr 10.9.1.2 udp dport 161 drop'
	expect_letter ovoc snmp T
	expect_letter campaign snmp A
	expect_letter campaign icmp A
	expect_sentence 'SNMP requests of OVOC left the server'
	expect_sentence 'The campaign host reached the device all the while'
}

# SNMP of neither reaches it, all else does: no line is dead.
scene_records_of_a_filtered_port()
{
	if [ "$(network_of $$)" != "$(network_of self)" ]; then
		echo "skipped: no /proc of this namespace"
		return
	fi
	third_witness 'udp dport 161 drop'
	expect_letter ovoc snmp T
	expect_letter campaign snmp T
	expect_letter campaign tcp A
	expect_sentence 'only SNMP towards the device is lost'
	expect_sentence 'The campaign host met the same'
}
