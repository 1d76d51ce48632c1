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
csv=$work/rows
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

# Do what was asked, with the log line that must come before it.
when_campaign_says()
{
	wait_for_line "$work/campaign.log" "$1" || fail "never: $1"
}

# Look at what everybody can see of processes, while they run.
watch_for_secrets()
{
	while pause 0.3; do
		grep -lsaF -f "$work/secrets" /proc/[0-9]*/cmdline \
		    /proc/[0-9]*/environ >"$work/seen" &&
		    mv "$work/seen" "$work/said-in-public"
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

	odd=$(jq -r --arg left " $left_on " --argjson writes "$writes" '
	    .devices[] |
	    select(.rest_overlaps > 0 or .expect_continue > 0 or
		.logins_refused > 1 or .writes > $writes or
		(.snmp_users_left > 0 or .capture != "off") and
		(.address as $a | $left | contains(" \($a) ") | not)) |
	    "\(.address): capture \(.capture), " +
	    "\(.snmp_users_left) SNMP users, " +
	    "\(.rest_overlaps) overlapping requests, " +
	    "\(.logins_refused) logins refused"' "$work/lab.json")
	[ -z "$odd" ] || fail "left on a device: $odd"
	[ "$rules_left" = any ] ||
	    [ "$(jq .ovoc.rules_left "$work/lab.json")" = "$rules_left" ] ||
	    fail "rules left: $(jq -c .ovoc.rules "$work/lab.json")"
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

check_modes()
{
	local odd

	odd=$(find "$work/output" \
	    \( -type d -name captures ! -perm 0700 -o \
		-type d ! -name captures ! -perm 0750 -o \
		-type f ! -perm 0640 \
		! -name known_hosts ! -name known_pins \
		-o -name '*.part' \) -print)
	[ -z "$odd" ] || fail "modes or names: $odd"
}

# CSV is CSV, and says the same as the JSON.
check_reports()
{
	local left right

	check_modes
	awk -f tests/run/csv.awk "$run/report.csv" >"$csv" ||
	    fail "report.csv is not as RFC 4180 says"
	[ "$(head -n 1 "$csv" | tr '\t' ,)" = "$csv_header" ] ||
	    fail "columns: $(head -n 1 "$csv")"
	left=$(tail -n +2 "$csv" | cut -f 3,7,8,10,11,12,14,17,18,20)
	right=$(jq -r 'def guarded: tostring |
		if test("^[-=+@\t\r]") then "\u0027" + . else . end;
	    .devices[] | .device as $d | .status as $s | .tasks[] |
	    [$d, $s, .severity, .number, .task, .status, .attempt,
	    .description, .filename // "", .sha256 // ""] |
	    map(guarded) | @tsv' "$run/report.json")
	[ "$left" = "$right" ] || fail "CSV and JSON differ:
$(diff <(echo "$left") <(echo "$right") | head -n 10)"
	check_order
	check_fields
	check_files
	check_page
	check_schema
}

# They are as packaging/schema says; tests/run/run tells where nothing can look.
check_schema()
{
	local said

	[ "${schemas:-yes}" = yes ] || return 0
	said=$(find "$run/" "$work/captures" -type f \
	    \( -name report.json -o -name 'COMPARE_*.json' \
		-o -name 'CAMPAIGN_*.json' -o -path "$agent_records" \) |
	    sort -r | head -n 40 | xargs tests/run/check_schema 2>&1) ||
	    fail "not as packaging/schema says:
$said"
}

# A page has each device, is whole, and loads nothing; a browser opens others
# (tests/page).
check_page()
{
	local page=$run/report.html address

	tail -n 1 "$page" | grep -q '</body></html>$' ||
	    fail "report.html is not whole"
	grep -q "default-src 'none'" "$page" || fail "report.html: no policy"
	! grep -qiE '<(script|img|link|iframe)|(src|href)="[^#]' "$page" ||
	    fail "report.html loads or runs something"
	[ "$(stat -c %s "$page")" -le 2097152 ] ||
	    fail "report.html is larger than 2 MiB"
	while read -r address; do
		grep -qF "$address" "$page" ||
		    fail "report.html lacks $address"
	done < <(jq -r '.devices | select(length <= 1000) | .[].device' \
	    "$run/report.json")
}

# Rows of a device stand together, in order of time; times as RFC 3339 has them.
check_order()
{
	tail -n +2 "$csv" | awk -F '\t' '
	    $15 !~ /^20[0-9-]+T[0-9:]+\.[0-9][0-9][0-9]Z$/ {
		print "time " $15; exit 1 }
	    $3 != device && seen[$3]++ { print $3 " stands apart"; exit 1 }
	    $3 == device && $15 < time { print $3 " at " $15; exit 1 }
	    { device = $3; time = $15 }' || fail "rows are not in order"
}

# The names that scripts of the users know.  One jq(1): its start takes longer.
check_fields()
{
	local missing

	missing=$(jq -r --argjson status "$status" '
	    ["device", "status", "severity", "description", "type",
	    "interfaces", "username", "password", "ovoc", "completed", "tasks",
	    "cpeCapture", "cpeEvent", "events", "ovocCapture", "registration",
	    "registerAttempts", "lastRequest", "lastResponse",
	    "awaitingResponse", "lastCapture"] - (.devices[] | keys),
	    ["schema", "campaign", "run", "note", "version",
	    "started", "ended", "exitStatus", "summary", "devices"] - keys,
	    ["task", "status", "description", "timestamp"] -
	    (.devices[].tasks[] | keys),
	    [select(.exitStatus != $status) | "exitStatus \($status)"] |
	    .[]' "$run/report.json") || fail "jq cannot look at report.json"
	[ -z "$missing" ] || fail "report.json lacks:" $missing
}

csv_header=campaign,run,device,name,type,agent,device_status,severity,event,\
task_number,task,status,status_code,attempt,started,duration_ms,description,\
file,bytes,sha256,note

# Each file of the report is there, with the size and hash told of it.
check_files()
{
	local file bytes hash

	while IFS=$'\t' read -r file bytes hash; do
		[ "$(stat -c %s "$run/captures/$file" 2>&1)" = "$bytes" ] ||
		    fail "$file has not $bytes bytes"
		echo "$hash  $run/captures/$file" | sha256sum --quiet -c ||
		    fail "hash of $file"
	done < <(tail -n +2 "$csv" | awk -F '\t' -v OFS='\t' \
	    '$18 != "" { print $18, $19, $20 }')
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
# empty one is any.  TASK may be cut short.
count_rows()
{
	awk -F '\t' -v a="$1" -v task="$2" -v status="$3" -v severity="$4" \
	    -v word="${5:-}" '
	    $3 == a && index($11, task) == 1 &&
	    (status == "" || $12 == status) &&
	    (severity == "" || $8 == severity) &&
	    (word == "" || index($17 " " $21, word)) { n++ }
	    END { print n + 0 }' "$csv"
}

# expect_row ADDRESS TASK STATUS SEVERITY WORD [COUNT]; without COUNT, any.
expect_row()
{
	local n

	n=$(count_rows "$1" "$2" "$3" "$4" "$5")
	if [ -n "${6:-}" ] && [ "$n" != "$6" ] || [ "$n${6:-}" = 0 ]; then
		fail "$1: $n rows '$2 | $3 | $4 | $5'${6:+ instead of $6}:
$(awk -F '\t' -v a="$1" -v task="$2" '
    $3 == a && index($11, task) == 1 { print $11, $12, $8, $17, $21 }' "$csv")"
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
