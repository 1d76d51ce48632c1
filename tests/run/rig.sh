# rig.sh - one scenario's lab, agent and campaign, and what is checked of them.
# shellcheck shell=bash
#
# A scene adds devices, starts the rig, runs campaigns, says what it expects,
# and ends the rig.  Every time is a key and is set short here.  $work is the
# scene's folder; sourced by tests/run/scene after lib.sh.

# Nothing else is called so: whatever a program leaves is searched for them.
cpe_password=Cpe-31-Secret
ovoc_password=Ovoc-32-Secret
snmp_auth=SnmpAuth-33-Secret
snmp_priv=SnmpPriv-34-Secret

failures=0
lab_devices=() entries=()
lab_keys="snmpd = true; snmp_auth_password = \"$snmp_auth\";
    snmp_priv_password = \"$snmp_priv\";"
ovoc_keys='' ovoc_faults=''
agent_options=() campaign_options=() agent_allow=''
agent_address=127.0.0.1 campaign_address=127.0.0.2
agent_interface=lo ovoc_address='' agents='' # OVOC: the agent's address
runner=()  # what the campaign is run by
helpers=() # processes of the scene's own, for the end
agent_pid='' campaign_pid='' lab_pid='' watch_pid=''
csv=$work/rows # of the report, as check_reports has left them
agent_records="$work/captures/OVOC_*.json" # but where a scene breaks them

fail()
{
	failures=$((failures + 1))
	echo "FAILED: $*"
}

# --- set-up ---

# add_device ADDRESS [TYPE [LAB-KEYS [FAULTS [ENTRY-KEYS]]]]
# The lab's device and the campaign's entry for it.  It is lost so soon that its
# CAPTURE may not be answered yet.
add_device()
{
	local type=${2:-msbr} interfaces='' keys=${3:-}

	[ "$type" = msbr ] && interfaces='interfaces = [ "eth-wan" ];'
	case $keys in
	*lose_after*) ;;
	*) keys+='lose_after = "300ms";' ;;
	esac
	lab_devices+=("{ address = \"$1\"; type = \"$type\";
	    password = \"$cpe_password\"; $keys faults = ( ${4:-} ); }")
	entries+=("{ address = \"$1\"; type = \"$type\"; $interfaces ${5:-} }")
}

# The elements of a libconfig list.
listed()
{
	local IFS=,

	echo "$*"
}

# 127.0.0.1, or fd00::1 in the brackets that a URL wants.
in_url()
{
	case $1 in
	*:*) echo "[$1]" ;;
	*) echo "$1" ;;
	esac
}

write_secrets()
{
	private_file "$work/conf/cpe" "$cpe_password"
	private_file "$work/conf/ovoc" "$ovoc_password"
	private_file "$work/conf/snmp-auth" "$snmp_auth"
	private_file "$work/conf/snmp-priv" "$snmp_priv"
	printf '%s\n' "$cpe_password" "$ovoc_password" "$snmp_auth" \
	    "$snmp_priv" >"$work/secrets"
}

# Probes, and the SNMP user, of both programs.
shared_keys()
{
	cat <<END
verify = { count = 3; interval = "100ms"; timeout = "500ms"; };
snmp = { auth_password_file = "snmp-auth"; priv_password_file = "snmp-priv"; };
END
}

write_lab_conf()
{
	(umask 077 && cat >"$work/lab.conf") <<END
lab = {
	state = "$work/lab"; $lab_keys
	ovoc = { address = "${ovoc_address:-$agent_address}";
		password = "$ovoc_password";
		$ovoc_keys faults = ( $ovoc_faults ); };
	devices = ( $(listed "${lab_devices[@]}") );
};
END
}

write_campaign_conf()
{
	cat >"$work/conf/campaign.conf" <<END
campaign = { name = "test"; output = "$work/output"; min_free = "1M";
	listen_address = "$campaign_address"; window = "20s";
	rest_attempts = 3; };
timeouts = { connect = "2s"; rest = "2s"; sftp_stall = "1s"; agent = "6s";
	repeat = "200ms"; retry_pause = "100ms"; register_pause = "200ms";
	unreachable_pause = "200ms";
	unreachable_limit = "1500ms"; stop_grace = "3s"; };
rest = { ca_file = "$work/lab/ca.pem"; };
defaults = { username = "Admin"; password_file = "cpe";
	agent = "$agent_address"; };
${agents:+agents = ( $agents );}
devices = ( $(listed "${entries[@]}") );
$(shared_keys)
END
}

# libpcap may hand packets over a second late: a shorter settle loses them, and
# a server's file without a packet is MINOR.
write_agent_conf()
{
	cat >"$work/conf/agent.conf" <<END
agent = { listen_address = "$agent_address"; interface = "$agent_interface";
	allow = [ "${agent_allow:-$campaign_address}" ];
	captures = "$work/captures";
	min_free = "1M"; settle = "1200ms"; buffer = "16M"; };
ovoc = { url = "https://$(in_url "${ovoc_address:-$agent_address}")";
	username = "capture";
	password_file = "ovoc"; ca_file = "$work/lab/ca.pem"; };
$(shared_keys)
END
}

write_files()
{
	mkdir -p "$work/conf" "$work/lab" "$work/captures"
	write_secrets
	write_lab_conf
	write_campaign_conf
	write_agent_conf
}

run_lab()
{
	start_lab && return
	fail "the lab did not start: $(tail -n 5 "$work/lab.log")"
	return 1
}

run_agent()
{
	start_agent "$work/conf/agent.conf" "${agent_options[@]}" ||
	    fail "the agent did not start"
}

start_rig()
{
	write_files
	run_lab && run_agent
}

# --- running ---

# Start a campaign; wait_campaign has its end.
begin_campaign()
{
	setsid "${runner[@]}" "$bin/traffic-capture" -v \
	    -c "$work/conf/campaign.conf" "${campaign_options[@]}" "$@" \
	    >"$work/summary" 2>>"$work/campaign.log" &
	campaign_pid=$!
	watch_for_secrets &
	watch_pid=$!
}

wait_campaign()
{
	wait "$campaign_pid"
	status=$?
	ended_at=$SECONDS # before its reports are looked at
	campaign_pid=
	kill "$watch_pid" 2>/dev/null
	wait "$watch_pid" 2>/dev/null
	if [ -e "$work/said-in-public" ]; then
		fail "a secret in the arguments or environment of a process:" \
		    "$(cat "$work/said-in-public")"
	fi
	run=$work/output/test/latest
	# Who is killed never ends.
	[ "$status" -lt 128 ] || run=$work/output/test/current
	[ "$status" -le 1 ] || [ -e "$run/report.csv" ] || return 0
	check_reports
}

# The name of the run that began last, however it ended.
newest_run()
{
	find "$work/output/test" -mindepth 1 -maxdepth 1 -name '[0-9]*' \
	    -printf '%f\n' | sort -V | tail -n 1
}

run_campaign()
{
	begin_campaign "$@"
	wait_campaign
}

# What a scene has to do, or to count, while both captures are on: so long
# devices with this key wait for their loss.
lost_when_told='lose_after = "10m";'
lose_devices()
{
	kill -USR2 "$lab_pid"
}

run_and_lose()
{
	begin_campaign "$@"
	when_campaign_says 'all devices capture and wait'
	lose_devices
	wait_campaign
}

# Do what was asked, with the log line that must come before it.
when_campaign_says()
{
	wait_for_line "$work/campaign.log" "$1" || fail "never: $1"
}

# Look at what everybody can see of processes, while they run.
watch_for_secrets()
{
	local file words secrets secret

	while pause 0.3; do
		mapfile -t secrets <"$work/secrets"
		for file in /proc/[0-9]*/{cmdline,environ}; do
			mapfile -d '' words 2>/dev/null <"$file" || continue
			for secret in "${secrets[@]}"; do
				[[ ${words[*]} != *"$secret"* ]] ||
				    echo "$file" >>"$work/said-in-public"
			done
		done
	done
}

# Has a journal, or what has come of it, this text?
journal_has()
{
	local lines

	[ -e "$1" ] && mapfile lines <"$1" && [[ ${lines[*]} == *"$2"* ]]
}

# Wait for that, for twenty seconds at least; at a moment's notice.
wait_for_fact()
{
	local n

	for ((n = 0; n < 4000; n++)); do
		journal_has "$1" "$2" && return
		pause 0.005
	done
	return 1
}

# The lab's counters as they are now.
read_stats()
{
	rm -f "$work/lab.json"
	kill -USR1 "$lab_pid"
	for _ in $(seq 50); do
		[ -s "$work/lab.json" ] && return
		pause 0.1
	done
	fail "the lab tells no counters"
}

end_rig()
{
	local code

	if [ -n "$agent_pid" ]; then
		end_program "$agent_pid"
		code=$?
		agent_pid=
		[ "$code" = 0 ] || fail "the agent ended with $code"
	fi
	if [ -n "$lab_pid" ]; then
		rm -f "$work/lab.json"
		end_program "$lab_pid"
		code=$?
		lab_pid=
		[ "$code" = 0 ] || fail "the lab ended with $code"
		check_lab
	fi
	check_secrets
	[ "${#helpers[@]}" = 0 ] || kill "${helpers[@]}"
	check_processes
}

# --- what holds after every run ---

device_stat()
{
	jq -r --arg a "$1" ".devices[] | select(.address == \$a) | $2" \
	    "$work/lab.json"
}

# Devices that something may be left on, "write" commands, rules that may be
# left: the scene sets them.
left_on=''
writes=0
rules_left=0

check_lab()
{
	local odd

	odd=$(jq -r --arg left " $left_on " --arg rules "$rules_left" \
	    --argjson writes "$writes" '
	    (.devices[] |
	    select(.rest_overlaps > 0 or .expect_continue > 0 or
		.logins_refused > 1 or .writes > $writes or
		(.snmp_users_left > 0 or .capture != "off") and
		(.address as $a | $left | contains(" \($a) ") | not)) |
	    "left on a device: \(.address): capture \(.capture), " +
	    "\(.snmp_users_left) SNMP users, " +
	    "\(.rest_overlaps) overlapping requests, " +
	    "\(.logins_refused) logins refused"),
	    (.ovoc | select($rules != "any" and $rules != "\(.rules_left)") |
	    "rules left: \(.rules)")' "$work/lab.json") ||
	    fail "jq cannot look at lab.json"
	[ -z "$odd" ] || fail "$odd"
}

check_secrets()
{
	local places=("$work/campaign.log" "$work/agent.log" "$work/summary")

	[ -d "$work/output" ] && places+=("$work/output")
	[ -d "$work/captures" ] && places+=("$work/captures")
	grep -rlaF -f "$work/secrets" "${places[@]}" 2>/dev/null &&
	    fail "a secret is in the files named above"
}

# In a process namespace of its own every other process would be ours.  No
# subshell here: it would find itself.
see_others()
{
	local pid last

	last=$(sh -c 'echo $$')
	others=
	for ((pid = 2; pid < last; pid++)); do
		kill -0 "$pid" 2>/dev/null && others+=" $pid"
	done
}

# A process takes a moment to go.
check_processes()
{
	for _ in $(seq 20); do
		see_others
		[ -n "$others" ] || return 0
		pause 0.1
	done
	fail "processes are still there:$others
$(ps -A -o pid,args)"
}

# What tests/run/check_reports says of them; $csv has the rows then.
check_reports()
{
	local question=("$work" "$run" "$status" "$agent_records"
	    "${schemas:-yes}") line answers

	if [ ! -p "${reports_asked:-}" ]; then
		line=$(tests/run/check_reports "${question[@]}") ||
		    fail "$line"
		return
	fi
	[ -p "$work/answers" ] || mkfifo "$work/answers"
	exec {answers}<>"$work/answers"
	printf '%s\t%s\t%s\t%s\t%s\n' "${question[@]}" >"$reports_asked"
	while read -r -t 60 -u "$answers" line && [ "$line" != . ]; do
		fail "$line"
	done
	[ "$line" = . ] || fail "nobody looked at the reports"
	exec {answers}<&-
}

# --- what a scene expects ---

expect_exit()
{
	[ "$status" = "$1" ] || fail "exit status $status instead of $1"
}

# A word of the summary on stdout.
expect_summary()
{
	grep -qF -e "$1" "$work/summary" || fail "the summary lacks '$1'"
}

# expect_device ADDRESS OUTCOME [a word of its description]
expect_device()
{
	local got

	got=$(jq -r --arg a "$1" '.devices[] | select(.device == $a) |
	    "\(.status): \(.description)"' "$run/report.json")
	case $got in
	"$2: "*"${3:-}"*) ;;
	*) fail "device $1 is '$got' instead of '$2: ...${3:-}...'" ;;
	esac
}

# How many rows of a device are so: ADDRESS TASK STATUS SEVERITY WORD; an
# empty one is any.  TASK may be cut short.  Sets $n and, of all rows of the
# task, $alike.
count_rows()
{
	local lines line cells

	n=0 alike=''
	mapfile -t lines <"$csv"
	for line in "${lines[@]}"; do
		[[ $line == *$'\t'"$2"* ]] || continue
		# Tabs side by side would be one.
		IFS=$'\x1f' read -r -a cells <<<"${line//$'\t'/$'\x1f'}"
		[[ ${cells[2]} == "$1" && ${cells[10]} == "$2"* ]] || continue
		alike+="${cells[10]} ${cells[11]} ${cells[7]} ${cells[16]}"
		alike+=" ${cells[20]:-}"$'\n'
		[[ ${cells[11]} == "${3:-${cells[11]}}" &&
		    ${cells[7]} == "${4:-${cells[7]}}" &&
		    "${cells[16]} ${cells[20]:-}" == *"${5:-}"* ]] &&
		    n=$((n + 1))
	done
}

# expect_row ADDRESS TASK STATUS SEVERITY WORD [COUNT]; without COUNT, any.
expect_row()
{
	local n alike

	count_rows "$1" "$2" "$3" "$4" "$5"
	if [ -n "${6:-}" ] && [ "$n" != "$6" ] || [ "$n${6:-}" = 0 ]; then
		fail "$1: $n rows '$2 | $3 | $4 | $5'${6:+ instead of $6}:
$alike"
	fi
}

# expect_stat ADDRESS CONDITION, in jq's words, about the lab's counters.
expect_stat()
{
	[ "$(device_stat "$1" "$2")" = true ] ||
	    fail "$1: not so: $2: $(device_stat "$1" . | jq -c .)"
}

expect_log()
{
	grep -q -e "$2" "$work/$1.log" || fail "$1.log lacks '$2'"
}

# Every file is one of that device and, unless cut, a capture of its packets.
expect_packets_of()
{
	local file n=0 strange

	for file in "$run"/captures/CPE_device_"${1//:/.}"_*.pcap \
	    "$work"/captures/OVOC_device_"${1//:/.}"_*.pcap; do
		[ -e "$file" ] || { fail "no file $file"; continue; }
		n=$(tcpdump -n -r "$file" "host $1" 2>/dev/null | wc -l)
		strange=$(tcpdump -n -r "$file" "not host $1" 2>/dev/null |
		    wc -l)
		[ "$n" -gt 0 ] || fail "$file has no packet of $1"
		[ "$strange" = 0 ] ||
		    fail "$file has $strange packets of others"
	done
}

# The server's files are named after the device's: $2 of them.
expect_pairs()
{
	local file base n=0

	for file in "$run"/captures/CPE_device_"${1//:/.}"_*.pcap; do
		base=${file##*/CPE_}
		[ -s "$work/captures/OVOC_${base%.pcap}-0.pcap" ] &&
		    n=$((n + 1))
	done
	[ "$n" = "$2" ] || fail "$1: $n pairs of files instead of $2:
$(ls "$run/captures" "$work/captures")"
}
