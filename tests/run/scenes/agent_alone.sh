# agent_alone.sh - an agent by itself: killed, started again, ring, disk,
# user.  The scenes send the messages themselves, but for the last one.
# shellcheck shell=bash

# A campaign's socket: one source port for all requests.
open_socket()
{
	exec 7<>"/dev/udp/$agent_address/20001"
}

# Send a request and wait for its final answer, or "none".
ask_whole()
{
	local answer

	# One datagram, whatever lines it has.
	printf '%s' "$*" | dd bs=2000 iflag=fullblock >&7 2>/dev/null
	while answer=$(timeout 8 dd bs=2000 count=1 <&7 2>/dev/null) &&
	    [ -n "$answer" ]; do
		case $answer in
		100*) ;;
		*) echo "$answer" && return ;;
		esac
	done
	echo none
}

# Its code alone.
ask()
{
	local answer

	answer=$(ask_whole "$@")
	echo "${answer%% *}"
}

expect_code()
{
	local expected=$1 got

	shift
	got=$(ask "$@")
	[ "$got" = "$expected" ] || fail "$*: $got instead of $expected"
}

expect_match()
{
	grep -q -e "$1" <<<"$2" || fail "no '$1' in: $2"
}

wait_for_socket()
{
	for _ in $(seq 50); do
		[ -S "$1" ] && return
		pause 0.1
	done
	fail "no socket $1"
}

# The agent alone, its rules made by nobody; its configuration for this user.
start_alone_as()
{
	cpe_file=CPE_device_${one}_2026-11-23T04.00.00.000000Z.pcap
	ovoc_files=OVOC_device_${one}_2026-11-23T04.00.00.000000Z
	campaign_address=$agent_address
	agent_options+=(--set ovoc.manage_rules=false --set verify.snmp=false
	    --set verify.tcp=false --set agent.settle=1200ms)
	write_files
	sed -i 's/ca_file = [^;]*;//' "$work/conf/agent.conf"
	chown -R "$1" "$work/conf"
	run_agent
	open_socket
}

start_alone()
{
	start_alone_as "$(id -u)"
}

# From here on each device has a tcpdump of its own.
by_tcpdump()
{
	agent_options+=(--set agent.capture_with=tcpdump)
}

# Who captures for the agent: a tcpdump for each device, or one for all.
captor_pids()
{
	pgrep -f -- "-w $work/captures/tmp_device" ||
	    pgrep --ns $$ --nslist net -f '/traffic-capture-splitter ' || true
}

# None is left a moment after its agent died.
expect_no_captor()
{
	for _ in $(seq 20); do
		[ -n "$(captor_pids)" ] || return 0
		pause 0.1
	done
	fail "it still captures: $(captor_pids)"
}

kill_agent()
{
	kill -KILL "$agent_pid"
	wait "$agent_pid" 2>/dev/null
	expect_no_captor
}

restart_agent()
{
	mv "$work/agent.log" "$work/agent-1.log"
	run_agent
	[ $# = 0 ] || wait_for_line "$work/agent.log" "$1" || fail "never: $1"
}

# Send datagrams to the device: their size, how many.
send_packets()
{
	perl -MSocket -e 'socket(my $s, PF_INET, SOCK_DGRAM, 0) or die;
	    my $to = sockaddr_in(9, inet_aton($ARGV[0]));
	    send($s, "x" x $ARGV[1], 0, $to) for 1 .. $ARGV[2]' \
	    "$one" "$1" "$2"
}

# What is in all files that the STOP named, in order.
dump_all()
{
	local n=0 file=$work/captures/$ovoc_files

	while [ -e "$file-$n.pcap" ]; do
		tcpdump -n "$@" -r "$file-$n.pcap" 2>/dev/null
		n=$((n + 1))
	done
}

# Datagrams of this size in them.
packets()
{
	dump_all | grep -c "UDP, length $1\$"
}

# So many datagrams of this size, or more, are in the files of the capture that
# runs: the kernel hands them on once a second, on a busy machine later.
on_disk()
{
	local file n

	n=$(for file in "$work"/captures/tmp_device_*/*; do
		tcpdump -n -r "$file" 2>/dev/null
	done | grep -c "UDP, length $1\$")
	[ "$n" -ge "$2" ]
}

expect_sizes()
{
	[ "$(packets "$1")" = "$2" ] ||
	    fail "$3: $(packets "$1") packets of $2, files:
$(ls -l "$work/captures")"
}

agent_killed()
{
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	send_packets 101 10
	wait_until on_disk 101 10 || fail "not written before the kill"
	kill_agent
	restart_agent 'captures again; packets are missing from'
	grep -q 'goes on with 1 device and 1 capture of' "$work/agent.log" ||
	    fail "$(cat "$work/agent.log")"
	expect_code 200 "CAPTURE $one"
	send_packets 102 10
	wait_until on_disk 102 10 || fail "not written after the kill"
	expect_code 200 "STOP $one $cpe_file"
	expect_sizes 101 10 'before the kill'
	expect_sizes 102 10 'after it'
	[ -e "$work/captures/$ovoc_files-1.pcap" ] ||
	    fail "pieces: $(ls "$work/captures")"
	tcpdump -nr "$work/captures/$ovoc_files-0.pcap" 2>/dev/null |
	    grep -q 'length 101' || fail "the pieces are not in order"
	kill_agent
	restart_agent
	expect_code 200 "STOP $one $cpe_file"
	expect_code 404 "CAPTURE $one"
}

scene_agent_killed()
{
	agent_killed
}

scene_agent_killed_by_tcpdump()
{
	by_tcpdump
	agent_killed
}

# An orderly end with captures, as of an upgrade.
agent_upgraded()
{
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	send_packets 101 10
	end_program "$agent_pid" || fail "the agent ended with $?"
	expect_no_captor
	restart_agent 'captures again'
	expect_code 200 "STOP $one $cpe_file"
	expect_sizes 101 10 'before the end'
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	[ ! -e "$work/captures/agent-state.json" ] || fail "a state is left"
}

scene_agent_upgraded()
{
	agent_upgraded
}

scene_agent_upgraded_by_tcpdump()
{
	by_tcpdump
	agent_upgraded
}

# A way out for who owns the server: what an agent parked is ended.
scene_agent_cleared()
{
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	send_packets 101 10
	kill -USR1 "$agent_pid"
	wait_for_line "$work/agent.log" "$one state: captures, for" ||
	    fail 'SIGUSR1 told nothing'
	timeout 10 "$bin/traffic-capture-agent" -c "$work/conf/agent.conf" \
	    "${agent_options[@]}" --clear 2>"$work/refused"
	[ $? = 7 ] || fail "a running agent is cleared: $(cat "$work/refused")"
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	timeout 20 "$bin/traffic-capture-agent" -c "$work/conf/agent.conf" \
	    "${agent_options[@]}" --clear 2>"$work/cleared" ||
	    fail "--clear ended with $?: $(cat "$work/cleared")"
	expect_no_captor
	[ ! -e "$work/captures/agent-state.json" ] || fail 'a state is left'
	[ -n "$(find "$work/captures" -name 'ABORTED_device_*')" ] ||
	    fail "not kept: $(ls "$work/captures")"
}

# OVOC is not there to delete the rule: that is said, and no success.
scene_agent_cleared_without_ovoc()
{
	local code

	add_device "$one" msbr 'lose_times = 9; lose_after = "30s";'
	start_rig || return
	begin_campaign
	when_campaign_says "$one.*arming -> capturing"
	kill -KILL "$campaign_pid"
	wait_campaign 2>/dev/null
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	left_on=$one rules_left=1
	end_program "$lab_pid" || fail "the lab ended with $?"
	lab_pid=
	check_lab
	timeout 30 "$bin/traffic-capture-agent" -c "$work/conf/agent.conf" \
	    --clear 2>"$work/cleared"
	code=$?
	[ $code = 7 ] || fail "--clear ended with $code"
	grep -q "$one rule: not deleted" "$work/cleared" &&
	    grep -q '1 forwarding rule may still be in OVOC' "$work/cleared" ||
	    fail "not said: $(cat "$work/cleared")"
	[ ! -e "$work/captures/agent-state.json" ] || fail 'a state is left'
}

scene_agent_state_broken()
{
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	kill_agent
	head -c 60 "$work/captures/agent-state.json" >"$work/cut"
	cp "$work/cut" "$work/captures/agent-state.json"
	restart_agent
	grep -q 'agent-state.json is not used' "$work/agent.log" ||
	    fail "it was not said"
	cmp -s "$work/cut" "$work/captures/agent-state.json.bad" ||
	    fail "not moved aside: $(ls "$work/captures")"
	[ -n "$(find "$work/captures" -name 'ABORTED_device_*')" ] ||
	    fail "the pieces are not kept: $(ls "$work/captures")"
	expect_code 404 "CAPTURE $one"
}

# The ring turns several times before, and after, what has to be found.
agent_ring()
{
	agent_options+=(--set agent.file_size=1M --set agent.files=2
	    --set agent.buffer=32M)
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	send_packets 1400 5000
	sleep 1.2
	send_packets 101 50
	wait_until on_disk 101 50 || fail "not written"
	expect_code 200 "VERIFY $one"
	# The second protection waits for what the kernel holds back.
	sleep 1.5
	send_packets 1400 10000
	sleep 1.2
	expect_code 200 "STOP $one $cpe_file"
	expect_sizes 101 50 'before the VERIFY'
	[ "$(dump_all | grep -c 'echo request')" = 3 ] ||
	    fail "not all of the VERIFY's three echoes"
	[ "$(dump_all | wc -l)" -lt 9000 ] || fail "the ring never turned"
	grep -q 'the ring is protected; it held the last .* only' \
	    "$work/agent.log" || fail "no warning of a short ring"
	dump_all -tt | awk '{ if ($1 < last) bad++; last = $1 }
	    END { exit bad > 0 }' || fail "the pieces are not in order"
}

scene_agent_ring()
{
	agent_ring
}

scene_agent_ring_by_tcpdump()
{
	by_tcpdump
	agent_ring
}

# The disk fills up while one device captures; the next one is not hurt.
agent_disk_full()
{
	mkdir -p "$work/captures"
	if ! mount -t tmpfs -o size=4m none "$work/captures" 2>/dev/null; then
		echo "skipped: no file system can be mounted here"
		return
	fi
	agent_options+=(--set agent.min_free=0 --set agent.files=2
	    --set agent.file_size=1M)
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	dd if=/dev/zero of="$work/captures/filler" bs=1k count=3500 2>/dev/null
	send_packets 1400 2000
	sleep 1.2
	expect_code 503 "STOP $one $cpe_file"
	expect_code 503 "STOP $one $cpe_file"
	grep -q 'the disk of .* is full' "$work/agent.log" || fail "not said"
	[ -z "$(find "$work/captures" -name 'OVOC_*' -o -name '*.part')" ] ||
	    fail "half files: $(ls -l "$work/captures")"
	[ -n "$(find "$work/captures" -name 'ABORTED_device_*')" ] ||
	    fail "not kept: $(ls -l "$work/captures")"
	rm "$work/captures/filler"
	expect_code 200 "REGISTER 127.1.0.2"
	expect_code 200 "CAPTURE 127.1.0.2"
	expect_code 200 "STOP 127.1.0.2 ${cpe_file/$one/127.1.0.2}"
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	umount "$work/captures"
}

scene_agent_disk_full()
{
	agent_disk_full
}

scene_agent_disk_full_by_tcpdump()
{
	by_tcpdump
	agent_disk_full
}

# A disk of its own for the captures, of so many MB; the scene's end takes it
# away.
small_captures()
{
	mkdir -p "$work/captures"
	mount -t tmpfs -o "size=$1" none "$work/captures" 2>/dev/null && return
	echo "skipped: no file system can be mounted here"
	return 1
}

captures_free()
{
	df --output=avail -B 1 "$work/captures" | tail -n 1
}

expect_floor()
{
	[ "$(captures_free)" -ge 30000000 ] ||
	    fail "$1: $(captures_free) bytes are free"
}

# The floor holds, whatever captures write, and where others write the newest
# capture goes.
scene_agent_disk_floor()
{
	local file_2 device stopped

	small_captures 40m || return
	agent_options=(--set agent.min_free=30M --set agent.files=2
	    --set agent.file_size=2M)
	start_alone
	file_2=${cpe_file/$one/127.1.0.2}
	for device in "$one" 127.1.0.2 127.1.0.3; do
		expect_code 200 "REGISTER $device"
	done
	expect_code 200 "CAPTURE $one"
	expect_code 200 "CAPTURE 127.1.0.2"
	expect_code 503 "CAPTURE 127.1.0.3"
	grep -q 'no room on the disk.*agent.min_free' "$work/agent.log" ||
	    fail 'the refusal is not told'
	send_packets 1400 10000
	sleep 1.2
	expect_floor 'a full ring'
	expect_code 200 "VERIFY $one"
	grep -q 'the ring is not protected: no room' "$work/agent.log" ||
	    fail 'the missing protection is not told'
	send_packets 1400 10000
	sleep 1.2
	expect_floor 'after a VERIFY'
	dd if=/dev/zero of="$work/captures/filler" bs=1M count=10 2>/dev/null
	wait_for_line "$work/agent.log" \
	    'error 127.1.0.2 .*is ended and kept as aborted' ||
	    fail 'the newest goes on'
	rm "$work/captures/filler"
	wait_for_line "$work/agent.log" '127.1.0.2 .* files* kept as ABORTED'
	# It is named all the same, and who asks learns that it is not whole.
	stopped=$(ask_whole "STOP 127.1.0.2 $file_2"$'\n''want info')
	expect_match '^200 OK 127.1.0.2 STOP' "$stopped"
	expect_match '"first":"OVOC_device_127.1.0.2_.*-0.pcap"' "$stopped"
	expect_match '"packets":[0-9]' "$stopped"
	expect_match '"dropped":0' "$stopped"
	expect_match '"reason":"the capture ended at .*agent.min_free' \
	    "$stopped"
	[ -n "$(find "$work/captures" -name 'OVOC_device_127.1.0.2*')" ] ||
	    fail "not named: $(ls "$work/captures")"
	expect_code 200 "STOP $one $cpe_file"
	expect_code 200 "CAPTURE 127.1.0.3"
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	umount "$work/captures"
}

# Below the floor finished captures go first, and the capture that runs stays.
scene_agent_disk_floor_deletes()
{
	small_captures 40m || return
	agent_options=(--set agent.min_free=30M --set agent.files=2
	    --set agent.file_size=2M)
	dd if=/dev/zero of="$work/captures/OVOC_device_x_1-0.pcap" bs=1M \
	    count=5 2>/dev/null
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	dd if=/dev/zero of="$work/captures/filler" bs=1M count=8 2>/dev/null
	wait_for_line "$work/agent.log" 'deleted OVOC_device_x_1-0.pcap' ||
	    fail 'the finished one is still there'
	expect_floor 'after the deletion'
	expect_code 200 "STOP $one $cpe_file"
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	umount "$work/captures"
}

status_of()
{
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

expect_status()
{
	[ "$(status_of "$1" "$2")" = "$3" ] ||
	    fail "$2 of $(tr '\0' ' ' <"/proc/$1/cmdline"):" \
		"$(status_of "$1" "$2") instead of $3"
}

# Neither root nor any privilege but the one to capture, which tcpdump gets, and
# the splitter gives up: $1 is what is left to who captures.
agent_without_root()
{
	local left=$1 net_raw=0000000000002000 nobody=65534 pid root_bin
	local become="setpriv --reuid=$nobody --regid=$nobody --clear-groups
	    --bounding-set=-all,+net_raw --inh-caps=-all,+net_raw
	    --ambient-caps=-all,+net_raw"

	# shellcheck disable=SC2086 # a command and its options
	if ! $become true 2>/dev/null; then
		echo "skipped: this user cannot become another one"
		return
	fi
	printf 'agent = { captures = "%s"; };\n' "$work/captures" \
	    >"$work/readable.conf"
	root_bin=$bin
	mkdir -p "$work/bin"
	printf '#!/bin/sh\nexec %s %s/traffic-capture-agent "$@"\n' \
	    "$(echo $become)" "$(realpath "$bin")" \
	    >"$work/bin/traffic-capture-agent"
	chmod 755 "$work/bin/traffic-capture-agent"
	bin=$work/bin
	mkdir -p "$work/conf" "$work/captures"
	chown "$nobody" "$work/captures"
	chmod 755 "$work" "$work/conf"
	start_alone_as "$nobody"
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	expect_code 200 "VERIFY $one"
	[ "$(captor_pids | wc -l)" = 1 ] || fail "not one: $(captor_pids)"
	expect_status "$agent_pid" CapEff "$net_raw"
	expect_status "$agent_pid" CapPrm "$net_raw"
	expect_status "$(captor_pids)" CapEff "$left"
	expect_status "$(captor_pids)" CapPrm "$left"
	expect_status "$(captor_pids)" CapAmb "$left"
	for pid in $agent_pid $(captor_pids); do
		expect_status "$pid" NoNewPrivs 1
		expect_status "$pid" Uid \
		    "$nobody	$nobody	$nobody	$nobody"
	done
	# Root and its own user may ask how it is, nobody else.
	ask_agent --status || fail "$(cat "$work/asked.err")"
	expect_asked "^$one .* capturing "
	# shellcheck disable=SC2086 # a command and its options
	if setpriv --reuid=65533 --regid=$nobody --clear-groups \
	    "$(realpath "$root_bin")/traffic-capture-agent" --status \
	    -c "$work/readable.conf" >"$work/asked" 2>"$work/asked.err"; then
		fail "anybody may ask: $(cat "$work/asked")"
	fi
	grep -q 'may not ask the agent' "$work/asked.err" ||
	    fail "$(cat "$work/asked.err")"
	expect_code 200 "STOP $one $cpe_file"
	[ -z "$(find "$work/captures" -type f -perm /o+rwx)" ] ||
	    fail "others may read: $(ls -l "$work/captures")"
}

scene_agent_without_root()
{
	agent_without_root 0000000000000000
}

scene_agent_without_root_by_tcpdump()
{
	by_tcpdump
	agent_without_root 0000000000002000
}

# Ask the agent, as its options say; what it says is in asked.
ask_agent()
{
	timeout 20 "$bin/traffic-capture-agent" -c "$work/conf/agent.conf" \
	    "${agent_options[@]}" "$@" >"$work/asked" 2>"$work/asked.err"
}

expect_asked()
{
	grep -q -e "$1" "$work/asked" ||
	    fail "no '$1' in: $(cat "$work/asked" "$work/asked.err")"
}

expect_json()
{
	jq -e "$1" "$work/asked" >/dev/null ||
	    fail "not so: $1 in: $(cat "$work/asked" "$work/asked.err")"
}

expect_none_answers()
{
	local code

	ask_agent "$@"
	code=$?
	[ "$code" = 7 ] || fail "$*: $code, not 7, where none runs"
	grep -q 'no agent runs in' "$work/asked.err" ||
	    fail "$(cat "$work/asked.err")"
}

# Prometheus' own opinion, where it is: it finds no fault, and no bad habit.
expect_good_metrics()
{
	command -v promtool >/dev/null || return 0
	promtool check metrics <"$1" >"$work/promtool" 2>&1 &&
	    [ ! -s "$work/promtool" ] || fail "$(cat "$work/promtool")"
}

# How it is, asked while it works, after it was killed, and at its end.
scene_agent_status()
{
	local file=$work/agent.prom

	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "REGISTER 127.1.0.2"
	expect_code 200 "CAPTURE $one"
	send_packets 101 10
	wait_until on_disk 101 10 || fail 'not written'
	ask_agent --status || fail "$(cat "$work/asked.err")"
	expect_asked '^traffic-capture-agent .*, UDP port 20001, up for '
	expect_asked '^Devices:   2, 1 capture running, 0 forwarding rules$'
	expect_asked '^OVOC:      not asked'
	expect_asked "^$one  *$agent_address:[0-9]*  *capturing  *20"
	expect_asked "^127.1.0.2  *$agent_address:[0-9]*  *registered  *- "
	ask_agent --status --format json || fail "$(cat "$work/asked.err")"
	expect_json '.schema == 1 and .state == "running" and
	    .requests.taken == 3 and .capturesBegun == 1 and
	    .room.free > 0 and .room.left > 0'
	expect_json '.devices[0] | .state == "capturing" and
	    .capture.pieces == 1 and .capture.bytes > 1000 and
	    .capture.ringFrom >= .capture.since[0:17] and .rule == null'
	ask_agent --metrics "$file" || fail "$(cat "$work/asked.err")"
	[ "$(stat -c %a "$file")" = 644 ] || fail "$(ls -l "$file")"
	grep -q '^traffic_capture_agent_devices{state="capturing"} 1$' \
	    "$file" || fail "$(cat "$file")"
	expect_good_metrics "$file"
	kill_agent
	[ -S "$work/captures/agent-status.sock" ] || fail 'where is the socket'
	expect_none_answers --status
	expect_none_answers --metrics "$file"
	grep -qx 'traffic_capture_agent_up 0' "$file" || fail "$(cat "$file")"
	expect_good_metrics "$file"
	restart_agent 'captures again'
	ask_agent --metrics - || fail "$(cat "$work/asked.err")"
	expect_asked '^traffic_capture_agent_up 1$'
	expect_code 200 "STOP $one $cpe_file"
	ask_agent --status --format json || fail "$(cat "$work/asked.err")"
	expect_json '[.devices[].capture] == [null, null]'
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	[ ! -e "$work/captures/agent-status.sock" ] || fail 'a socket is left'
	expect_none_answers --status
}

scene_agent_metrics_looked_at_by_prometheus()
{
	if ! command -v promtool >/dev/null; then
		echo 'skipped: no promtool (Debian package prometheus)'
		return
	fi
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	ask_agent --metrics - || fail "$(cat "$work/asked.err")"
	expect_good_metrics "$work/asked"
	expect_code 200 "STOP $one $cpe_file"
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	expect_none_answers --metrics -
	expect_good_metrics "$work/asked"
}

# Command lines that ask nobody.
scene_agent_status_wrongly_asked()
{
	local words code

	write_files
	while read -r words; do
		# shellcheck disable=SC2086 # options
		ask_agent $words
		code=$?
		[ "$code" = 2 ] || fail "$words: $code, not 2"
		grep -q 'Try ' "$work/asked.err" ||
		    fail "$words: $(cat "$work/asked.err")"
	done <<-END
	--status --check
	--status --metrics -
	--metrics - --clear
	--format json
	--status --format xml
	--metrics $work/metrics.txt
	--metrics .prom
	END
	ask_agent --status --set agent.captures=17x/../../
	[ $? = 7 ] || fail "a folder that is none: $(cat "$work/asked.err")"
	ask_agent --metrics "$work/none/agent.prom"
	[ $? = 7 ] || fail "a file that cannot be: $(cat "$work/asked.err")"
	printf 'agent = {' >"$work/conf/agent.conf"
	ask_agent --status
	[ $? = 3 ] || fail "no configuration: $(cat "$work/asked.err")"
	grep -q 'which agent to ask is not known' "$work/asked.err" ||
	    fail "$(cat "$work/asked.err")"
}

# A rule in OVOC, and how OVOC is; who asks may not read the secrets.
scene_agent_status_of_a_campaign()
{
	add_device "$one" msbr '' '{ on = "alarm"; kind = "none"; }'
	start_rig || return
	begin_campaign
	when_campaign_says 'arming -> capturing'
	mv "$work/conf/ovoc" "$work/conf/ovoc-elsewhere"
	ask_agent --status --format json || fail "$(cat "$work/asked.err")"
	expect_json '.managesRules and (.ovoc | .login == "taken" and
	    .reachable and .lastAnswer != null and .waiting == 0)'
	expect_json '.devices[0] | .rule.id > 0 and .state == "capturing" and
	    (.owner | startswith("'"$campaign_address"':"))'
	ask_agent --metrics - || fail "$(cat "$work/asked.err")"
	expect_asked '^traffic_capture_agent_ovoc_reachable 1$'
	expect_asked '^traffic_capture_agent_forwarding_rules 1$'
	expect_good_metrics "$work/asked"
	kill -USR2 "$campaign_pid"
	wait_campaign
	expect_exit 0
}

# What systemd is told.
scene_agent_notifies()
{
	perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die;
	    bind($s, sockaddr_un($ARGV[0])) or die; $| = 1;
	    while (defined recv($s, my $m, 999, 0)) { print "$m\n" }' \
	    "$work/notify" >"$work/told" &
	local listener=$!

	wait_for_socket "$work/notify"
	export NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=400000
	start_alone
	wait_for_line "$work/told" READY=1 || fail "not ready"
	wait_for_line "$work/told" 'STATUS=0 devices, 0 captures' ||
	    fail 'no status'
	wait_for_line "$work/told" WATCHDOG=1 || fail "no sign of life"
	end_program "$agent_pid" || fail "the agent ended with $?"
	agent_pid=
	wait_for_line "$work/told" STOPPING=1 || fail "its end was not told"
	kill "$listener"
	wait "$listener" 2>/dev/null
}

# Killed in the middle of a campaign, which does not notice.
scene_agent_remembers()
{
	add_device "$one" msbr '' '{ on = "alarm"; kind = "none"; }'
	start_rig || return
	begin_campaign
	when_campaign_says 'arming -> capturing'
	sleep 1
	kill_agent
	restart_agent 'captures again'
	kill -USR2 "$campaign_pid"
	wait_campaign
	expect_exit 0
	expect_device "$one" success
	expect_row "$one" Register Success NORMAL '200 OK' 1
	expect_row "$one" 'OVOC verify' Success NORMAL '200 OK' 1
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK' 1
	[ -n "$(find "$work/captures" -name 'OVOC_device_*-1.pcap')" ] ||
	    fail "pieces: $(ls "$work/captures")"
}
