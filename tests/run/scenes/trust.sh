# trust.sh - messages signed with a key, and what others on these hosts can see
# of the programs' secrets.
# shellcheck shell=bash

key='MessageKey-35-Secret-0123456789' other_key='OtherKey-36-Secret-0123456789'

# keys CAMPAIGN AGENT: who has which key; '' is none.
keys()
{
	mkdir -p "$work/conf"
	private_file "$work/conf/campaign-key" "$1"
	private_file "$work/conf/agent-key" "$2"
	cat >"$work/conf/keys.conf" <<END
agents = ( { address = "$agent_address"; key_file = "campaign-key"; } );
END
	[ -z "$1" ] || campaign_options+=(-c "$work/conf/keys.conf")
	[ -z "$2" ] ||
	    agent_options+=(--set "agent.key_file=$work/conf/agent-key")
}

start_with_keys()
{
	keys "$1" "$2"
	start_rig || return
	printf '%s\n' "$key" "$other_key" >>"$work/secrets"
}

scene_key_right()
{
	add_device "$one"
	add_device 127.1.0.2
	start_with_keys "$key" "$key" || return
	run_campaign
	expect_exit 0
	expect_device "$one" success
	expect_row "$one" Register Success NORMAL '200 OK' 1
	expect_row "$one" 'OVOC verify' Success NORMAL '200 OK' 1
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK' 1
	expect_pairs "$one" 1
	expect_pairs 127.1.0.2 1
	grep -q 'not obeyed' "$work/agent.log" && fail "the agent doubts"
	grep -q 'datagram ignored' "$work/campaign.log" &&
	    fail "the campaign doubts"
	"$bin/traffic-capture" --check -c "$work/conf/campaign.conf" \
	    "${campaign_options[@]}" >"$work/check" 2>&1 ||
	    fail "--check: $(cat "$work/check")"
	grep -qF 'key_file = "*****";' "$work/check" ||
	    fail "--check does not mask the key"
}

# The registration fails with the words $1; the agent says $2 of it.
registration_aborted()
{
	run_campaign --set timeouts.agent=1s
	expect_exit 4
	expect_device "$one" failed 'registration: aborted'
	expect_row "$one" Register Failure MAJOR "$1" 1
	expect_row "$one" 'Show capture' '' '' '' 0
	expect_log agent "$2"
}

scene_key_wrong()
{
	add_device "$one"
	start_with_keys "$key" "$other_key" || return
	registration_aborted 'Is its key the one that is set here' \
	    'not obeyed: its signature is wrong'
}

scene_key_missing_on_the_agent()
{
	add_device "$one"
	start_with_keys "$key" '' || return
	registration_aborted 'Is its key the one that is set here' \
	    'ignored: it is signed, and no agent.key_file is set here'
}

scene_key_missing_on_the_campaign()
{
	add_device "$one"
	start_with_keys '' "$key" || return
	registration_aborted 'no answer' 'not obeyed: it is not signed'
}

saw_stop()
{
	tcpdump -n -r "$work/seen.pcap" -A 2>/dev/null | grep -aq 'STOP '
}

# What somebody on the way has seen of a request does nothing a second time,
# and nothing without its signature.
scene_key_replayed()
{
	local datagram="$work/datagram" n

	add_device "$one"
	agent_allow=127.0.0.0/8
	start_with_keys "$key" "$key" || return
	tcpdump -i lo -U -w "$work/seen.pcap" \
	    "udp and dst host $agent_address and dst port 20001" \
	    2>"$work/tcpdump.log" &
	n=$!
	wait_for_line "$work/tcpdump.log" 'listening on' || fail "no tcpdump"
	run_campaign
	expect_exit 0
	wait_until saw_stop || fail "no STOP was seen"
	kill "$n"
	wait "$n"
	# The last request was the STOP; its third line is the signature.
	tcpdump -n -r "$work/seen.pcap" -A 2>/dev/null |
	    grep -a -A 2 'STOP ' | tail -n 3 | sed '1s/.*STOP /STOP /' |
	    head -c -1 >"$datagram"
	grep -q '^auth [0-9]* [0-9a-f]\{32\} [0-9a-f]\{64\}$' "$datagram" ||
	    fail "no signed STOP was seen"
	send_to_agent "$datagram"
	wait_for_line "$work/agent.log" 'it is a replay' || fail "not noticed"
	head -n 1 "$datagram" >"$work/unsigned"
	send_to_agent "$work/unsigned"
	wait_for_line "$work/agent.log" 'cut or malformed' ||
	    fail "what is not signed was not noticed"
	end_program "$agent_pid"
	agent_pid=
	expect_log agent ', 2 not authentic,'
}

# One datagram with the bytes of the file, from an allowed address.
send_to_agent()
{
	cat "$1" >"/dev/udp/$agent_address/20001"
}

# --- the memory of a process ---

# An ordinary user without any right; as root, nobody.
ordinary()
{
	local who=()

	[ "$(id -u)" != 0 ] ||
	    who=(--reuid=65534 --regid=65534 --clear-groups)
	exec setpriv "${who[@]}" --inh-caps=-all --ambient-caps=-all \
	    --bounding-set=-all "$@"
}

# Can this user read the memory, or the environment, of that process?
can_read()
{
	(ordinary head -c 1 "/proc/$1/maps") >/dev/null 2>&1 ||
	    (ordinary head -c 1 "/proc/$1/environ") >/dev/null 2>&1 ||
	    (ordinary head -c 1 "/proc/$1/mem") 2>&1 | grep -q 'Input/output'
}

# It runs as this user, leaves no core and shows its memory to nobody.
expect_closed()
{
	can_read "$1" && fail "$2: its own user can read its memory"
	grep -q '^Max core file size  *0  *0 ' "/proc/$1/limits" ||
	    fail "$2: it may leave a core: $(grep core "/proc/$1/limits")"
	kill -ABRT "$1"
	wait "$1" 2>/dev/null
	[ -z "$(find "$work" /proc/self/cwd/ -maxdepth 1 -name 'core*')" ] ||
	    fail "$2: it left a core"
}

scene_memory_is_private()
{
	local agent campaign control

	# It has not ended before it is looked at.
	add_device "$one" msbr '' '{ on = "alarm"; kind = "none"; }'
	start_with_keys "$key" "$key" || return
	end_program "$agent_pid"
	agent_pid=
	mkdir "$work/output"
	[ "$(id -u)" != 0 ] ||
	    chown -R 65534:65534 "$work/conf" "$work/captures" "$work/output"
	rm -f "$work/agent.log"
	(ordinary "$bin/traffic-capture-agent" -c "$work/conf/agent.conf" \
	    "${agent_options[@]}") 2>"$work/agent.log" &
	agent=$!
	(ordinary "$bin/traffic-capture" -v -c "$work/conf/campaign.conf" \
	    "${campaign_options[@]}") >"$work/summary" \
	    2>"$work/campaign.log" &
	campaign=$!
	(ordinary sleep 60) &
	control=$!
	wait_for_line "$work/campaign.log" 'registering -> starting' ||
	    fail "the campaign does not run as an ordinary user"
	can_read "$control" ||
	    fail "not even another program of the user can be read: no test"
	kill "$control"
	wait "$control" 2>/dev/null
	expect_closed "$campaign" traffic-capture
	expect_closed "$agent" traffic-capture-agent
	# The campaign was cut off as it began.
	left_on=$one rules_left=1
}

# What libraries would do with secrets for the sake of the environment.
scene_environment_has_no_effect()
{
	runner=(env "SSLKEYLOGFILE=$work/output/tls-keys"
	    "OPENSSL_CONF=$work/none" https_proxy=http://127.9.9.9:9
	    ALL_PROXY=http://127.9.9.9:9 "SNMPCONFPATH=$work/output")
	add_device "$one"
	start_rig || return
	echo 'defVersion 1' >"$work/output/snmp.conf"
	run_campaign
	expect_exit 0
	expect_device "$one" success
	rm "$work/output/snmp.conf"
	[ -e "$work/output/tls-keys" ] && fail 'the keys of TLS are in a file'
}

# A limit of file sizes is a write that fails, not the end of the program.
scene_file_size_limit()
{
	runner=(bash -c 'ulimit -f 200; exec "$@"' small)
	add_device "$one" msbr 'capture_size = "400k";'
	add_device 127.1.0.2
	start_rig || return
	run_campaign
	expect_exit 7
	expect_row "$one" 'Retrieve capture' Failure MAJOR 'File too large' 1
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK' 1
	expect_device 127.1.0.2 success
}
