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

	add_device "$one" msbr 'capture = "tcpdump"; interface = "lo";'
	agent_options=(--set agent.settle=1200ms)
	start_rig || return
	run_campaign
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
	jq -e '.sentence | test("Both get answers")' "$work/compared" \
	    >/dev/null || fail "$(jq .sentence "$work/compared")"
}
