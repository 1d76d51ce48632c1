# liars.sh - servers that accept and then lie; neighbours must not notice.
# shellcheck shell=bash

# liar ADDRESS PORT PROTOCOL LIE
start_liar()
{
	"$peers/liar" "$@" >"$work/liar-$1" 2>&1 &
	liars+=($!)
	wait_for_line "$work/liar-$1" 'liar: ready' ||
	    fail "no liar: $(cat "$work/liar-$1")"
}

# The most memory that the campaign ever had, kB, while it runs.
watch_memory()
{
	local status=/proc/$1/status

	while grep VmHWM "$status" >"$work/memory.new" 2>/dev/null; do
		mv "$work/memory.new" "$work/memory"
		pause 0.2
	done
}

# Nothing, a byte a second, far too much, half: from the web server before its
# handshake ends, from the SSH server before its key exchange does.
scene_lying_peers()
{
	local good=127.1.0.1 lie n=0 liars=() watcher took most
	local of_tls=() of_ssh=()

	add_device "$good"
	for lie in silent drip flood half; do
		n=$((n + 1))
		of_tls+=("127.1.1.$n") of_ssh+=("127.1.2.$n")
		# The lab's own ports of these are elsewhere.
		add_device "127.1.1.$n" gwsbc 'rest_port = 8443;'
		add_device "127.1.2.$n" gwsbc '' '' 'ssh_port = 2022;'
	done
	start_rig || return
	n=0
	for lie in silent drip flood half; do
		start_liar "${of_tls[n]}" 443 tls "$lie"
		start_liar "${of_ssh[n]}" 2022 ssh "$lie"
		n=$((n + 1))
	done
	took=$SECONDS
	begin_campaign --set verify.snmp=false --set limits.rest=8
	watch_memory "$campaign_pid" &
	watcher=$!
	wait_campaign
	took=$((ended_at - took))
	wait "$watcher"
	kill "${liars[@]}"
	wait "${liars[@]}"
	most=$(sed 's/[^0-9]//g' "$work/memory")
	expect_exit 1
	[ "$took" -le 40 ] || fail "it took $took s"
	[ "$most" -le 65536 ] || fail "the campaign took $most kB of memory"
	expect_device "$good" success
	# Its own time: probes of 200 ms, and what the lab takes.
	expect_soon "$good" 4000
	for lie in "${of_tls[@]}"; do
		expect_device "$lie" failed
		expect_row "$lie" Register Success NORMAL '200 OK' 1
		expect_row "$lie" 'Show capture' Failure MAJOR '' 1
	done
	for lie in "${of_ssh[@]}"; do
		expect_device "$lie" failed
		expect_row "$lie" 'Retrieve capture' Failure MAJOR '' 1
		expect_row "$lie" 'Verify stopped' Success NORMAL '' 1
	done
}

# expect_soon ADDRESS MS: from its first row to its last.
expect_soon()
{
	local span

	span=$(jq -r --arg a "$1" '.devices[] | select(.device == $a) |
	    [.tasks[].timestamp | .[0:19] + "Z" | fromdate] | max - min' \
	    "$run/report.json")
	[ "${span%.*}" -le $(($2 / 1000)) ] ||
	    fail "$1 took $span s beside the liars"
}
