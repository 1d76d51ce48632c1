# down.sh - devices that are really down for a while, and what comes back.
# shellcheck shell=bash

# SSH answers and REST does not: what there is so far comes home.
scene_down_rest_alone()
{
	add_device "$one" msbr 'capture = "tcpdump"; interface = "lo";' \
	    '{ on = "tls"; kind = "refuse"; when = "lost"; for = "60s"; }'
	left_on=$one
	start_rig || return
	run_campaign
	expect_exit 1
	expect_device "$one" partial
	expect_row "$one" 'Stop capture' Failure MAJOR refused 1
	expect_row "$one" 'Retrieve capture' Success '' packets 1
	expect_row "$one" 'Verify stopped' Failure CRITICAL 'may be on' 1
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK' 1
}

# Everything is down for longer than many pauses, and the neighbour is done
# long before.
scene_down_for_long()
{
	add_device "$one" msbr '' \
	    '{ on = "tls"; kind = "refuse"; when = "lost"; for = "4s"; },
	    { on = "ssh"; kind = "refuse"; when = "lost"; for = "5s"; }'
	add_device 127.1.0.2
	start_rig || return
	run_campaign --set timeouts.unreachable_limit=20s
	expect_exit 0
	for at in "$one" 127.1.0.2; do
		expect_device "$at" success
		expect_pairs "$at" 1
	done
	expect_row "$one" 'Stop capture' Failure MINOR refused
	expect_row "$one" 'Retrieve capture' Success NORMAL packets 1
	[ "$(awk -F '\t' '$3 == "127.1.0.2" { t = $15 } END { print t }' \
	    "$csv")" \< "$(awk -F '\t' -v a="$one" '$3 == a { t = $15 }
	    END { print t }' "$csv")" ] || fail 'the neighbour waited for it'
}

# Twenty that are dead for the whole run: a row each, and few lines of log.
scene_down_twenty()
{
	local i at warnings

	for ((i = 1; i <= 20; i++)); do
		add_device "127.1.0.$i" msbr '' \
		    '{ on = "tls"; kind = "refuse"; }'
	done
	start_rig || return
	run_campaign --set timeouts.unreachable_limit=8s
	expect_exit 4
	for ((i = 1; i <= 20; i++)); do
		at=127.1.0.$i
		expect_device "$at" failed refused
		expect_row "$at" 'Show capture' Failure MAJOR refused 1
		expect_row "$at" 'Show capture' '' '' '' 1
	done
	awk -F '\t' '$11 == "Show capture" && $14 < 10 { exit 1 }' "$csv" ||
	    fail "not all of their attempts are counted"
	warnings=$(grep -c ' warning 127' "$work/campaign.log")
	[ "$warnings" -le 60 ] || fail "$warnings warnings of 20 devices"
}
