# flow.sh - whole runs that need more than an entry of data.
# shellcheck shell=bash

one=127.1.0.1

# Every device in its own way, both types, real captures on both ends: the
# names match, and the packets are the device's.
scene_both_ends()
{
	local two=127.1.0.2 real='capture = "tcpdump"; interface = "lo";'

	add_device "$one" msbr "$real lose_times = 2;"
	add_device "$two" gwsbc "$real lose_times = 2;"
	agent_options=(--set agent.settle=1200ms)
	start_rig || return
	run_campaign --set campaign.events_per_device=2
	expect_exit 0
	expect_summary 'Devices: 2, 2 success'
	expect_summary 'Events captured: 4,'
	for at in "$one" "$two"; do
		expect_device "$at" success '2 of 2 events captured'
		expect_row "$at" 'Retrieve capture' Success NORMAL 'packets' 2
		expect_pairs "$at" 2
		expect_packets_of "$at"
	done
	[ -z "$(find "$work/captures" -name 'tmp_*')" ] ||
	    fail "unfinished captures of the agent are left"
}

scene_ipv6()
{
	ip address add fd00::1/128 dev lo
	ip address add fd00::2/128 dev lo
	ip address add fd00:1::1/128 dev lo
	agent_address=fd00::1 campaign_address=fd00::2
	add_device fd00:1::1 msbr 'capture = "tcpdump"; interface = "lo";'
	agent_options=(--set agent.settle=1200ms)
	start_rig || return
	run_campaign
	expect_exit 0
	expect_row fd00:1::1 'Send ICMP' Success NORMAL '3 of 3 answered' 1
	expect_row fd00:1::1 'Send UDP' Success NORMAL '3 of 3 answered' 1
	expect_row fd00:1::1 'Send TCP' Success NORMAL '3 of 3 answered' 1
	expect_row fd00:1::1 'OVOC verify' Success NORMAL '200 OK' 1
	expect_pairs fd00:1::1 1
	expect_packets_of fd00:1::1
}

# The keys that the lab has are pinned: no CA, no known hosts are asked.
scene_pins()
{
	local tls ssh

	add_device "$one"
	write_files
	run_lab || return
	tls=$(cat "$work/lab/tls-pin") ssh=$(cat "$work/lab/ssh-fingerprint")
	entries=("{ address = \"$one\"; type = \"gwsbc\";
	    tls_pin = \"$tls\"; host_key = \"$ssh\"; }")
	entries=("${entries[0]/gwsbc\";/msbr\"; interfaces = [ \"eth-wan\" ];}")
	write_campaign_conf
	run_agent
	run_campaign --set rest.ca_file= --set ssh.host_keys=strict
	expect_exit 0
	expect_device "$one" success
	[ -s "$work/output/known_hosts" ] && fail "a pinned key was recorded"
}

# The first run records the host key; in the second the device has another.
scene_known_hosts()
{
	local first

	add_device "$one" msbr 'lose_times = 2;' \
	    '{ on = "ssh"; kind = "key"; after = 1; }'
	start_rig || return
	run_campaign
	expect_exit 0
	[ -s "$work/output/known_hosts" ] || fail "no host key was recorded"
	first=$(readlink "$run")
	sleep 1 # the name of a run's folder is a second
	run_campaign --set ssh.host_keys=strict
	expect_exit 4
	[ "$(readlink "$run")" != "$first" ] || fail "latest is not the newest"
	[ -e "$run/../$first/report.csv" ] || fail "the first report is gone"
	expect_row "$one" 'Retrieve capture' Failure MAJOR changed 1
	read_stats
	expect_stat "$one" '.logins_refused == 0 and .sftp_sessions == 1'
}

scene_chosen_devices()
{
	add_device "$one" msbr '' '' 'name = "branch one";'
	add_device 127.1.0.2
	add_device 127.1.1.3
	start_rig || return
	run_campaign -d 'branch*' -d '127.1.1.*'
	expect_exit 0
	expect_device "$one" success
	expect_device 127.1.1.3 success
	[ "$(jq '.devices | length' "$run/report.json")" = 2 ] ||
	    fail "-d chose other devices"
	read_stats
	expect_stat 127.1.0.2 '.rest_connections == 0'
	refused 2 'matches no device' -c "$work/conf/campaign.conf" -d '10.*'
}

scene_credentials_directory()
{
	add_device "$one"
	start_rig || return
	mkdir "$work/credentials"
	mv "$work/conf/cpe" "$work/conf/snmp-auth" "$work/credentials"
	chmod 700 "$work/credentials"
	CREDENTIALS_DIRECTORY=$work/credentials run_campaign
	expect_exit 0
}

# A formula in what a device or a user supplies stays text in a spreadsheet.
scene_formula_guard()
{
	add_device "$one" msbr '' '' 'name = "=1+2,\"x\"";'
	start_rig || return
	run_campaign --set campaign.note=@sum
	expect_exit 0
	[ "$(sed -n 2p "$csv" | cut -f 4)" = "'=1+2,\"x\"" ] ||
	    fail "name in the CSV: $(sed -n 2p "$csv" | cut -f 4)"
	[ "$(jq -r '.devices[0].name' "$run/report.json")" = '=1+2,"x"' ] ||
	    fail "name in the JSON"
	[ "$(jq -r '.devices[0].password' "$run/report.json")" = '*****' ] ||
	    fail "the password is not masked"
}

# The whole life of a rule: made at REGISTER, deleted when it has been idle.
scene_rule_goes_idle()
{
	add_device "$one"
	agent_options=(--set agent.idle_rule_age=500ms)
	start_rig || return
	run_campaign
	expect_exit 0
	for _ in $(seq 30); do
		read_stats
		[ "$(jq .ovoc.rules_left "$work/lab.json")" = 0 ] && break
		pause 0.2
	done
	[ "$(jq -c '[.ovoc.rules_made, .ovoc.rules_deleted]' \
	    "$work/lab.json")" = '[1,1]' ] ||
	    fail "rules: $(jq -c .ovoc "$work/lab.json")"
	expect_log agent "$one rule: made, id [0-9]*: .* alarms at \
$campaign_address port 20001"
	expect_log agent \
	    "$one rule: deleted, id [0-9]*: unused for agent.idle_rule_age"
}

# Rules are somebody else's business: the agent makes and deletes none.
scene_rules_not_managed()
{
	ovoc_keys="forward_to = \"$campaign_address\";"
	agent_options=(--set ovoc.manage_rules=false)
	add_device "$one"
	start_rig || return
	run_campaign
	expect_exit 0
	read_stats
	[ "$(jq .ovoc.rules_made "$work/lab.json")" = 0 ] ||
	    fail "the agent made a rule"
	rules_left=$(jq .ovoc.rules_left "$work/lab.json")
}

# A device by its name: OVOC is asked for the name, the alarm has the address.
scene_host_name()
{
	printf '127.0.0.1 localhost\n127.1.0.9 branch9.example.net\n' \
	    >"$work/hosts"
	if ! mount --bind "$work/hosts" /etc/hosts 2>"$work/mount.log"; then
		echo "skipped: no mount namespace here"
		return
	fi
	add_device 127.1.0.9 msbr 'fqdn = "branch9.example.net";'
	entries=("${entries[0]/127.1.0.9/branch9.example.net}")
	start_rig || return
	run_campaign
	expect_exit 0
	expect_row branch9.example.net Resolve Success NORMAL 127.1.0.9 1
	expect_row branch9.example.net Alarm Success NORMAL 'event begins' 1
	expect_device branch9.example.net success
	expect_pairs branch9.example.net 1
}

# A name that nobody knows fails its device, and no other.
scene_unknown_host_name()
{
	add_device "$one"
	add_device 127.1.0.2
	entries[1]=${entries[1]/127.1.0.2/nowhere.invalid}
	start_rig || return
	run_campaign
	expect_exit 1
	expect_device "$one" success
	expect_device nowhere.invalid failed
	expect_row nowhere.invalid Resolve Failure MAJOR nowhere.invalid
}

# Without the right to raw sockets ICMP is not possible; that is not a loss.
scene_no_icmp_right()
{
	echo '1 0' >/proc/sys/net/ipv4/ping_group_range
	runner=(setpriv --ambient-caps=-all --inh-caps=-all --bounding-set=-all)
	add_device "$one"
	start_rig || return
	run_campaign
	expect_exit 0
	expect_row "$one" 'Send ICMP' Skipped MINOR 'not possible' 1
	expect_row "$one" 'Send UDP' Success NORMAL '3 of 3 answered' 1
}

scene_saved_configuration()
{
	writes=2
	add_device "$one"
	start_rig || return
	run_campaign --set campaign.save_config=true
	expect_exit 0
	read_stats
	expect_stat "$one" '.writes == 2'
}

# On a terminal a line tells how many devices are where.
scene_progress_line()
{
	add_device "$one"
	start_rig || return
	script -qec "$bin/traffic-capture -c $work/conf/campaign.conf" \
	    "$work/terminal" >"$work/shown" 2>&1 </dev/null
	status=$?
	expect_exit 0
	grep -qa '1 capturing\|1 verifying' "$work/shown" ||
	    fail "no progress line: $(cat "$work/shown")"
}

# expect_lines WHAT CONDITION [LOG]: in jq's words, about all lines of the
# campaign's, or of the agent's log.
expect_lines()
{
	jq -es "$2" "$work/${3:-campaign}.log" >"$work/judged" ||
	    fail "the log: not so: $1: $(head -n 20 "$work/${3:-campaign}.log")"
}

# One device that is well, and one that refuses the password.
scene_log_as_json()
{
	local two=127.1.0.2

	add_device "$one" msbr "$lost_when_told" '' 'name = "branch one";'
	add_device "$two" msbr '' \
	    '{ on = "rest"; kind = "status"; code = 401; }'
	agent_options=(-v --log-format json)
	start_rig || return
	begin_campaign --log-format json
	when_campaign_says 'arming -> capturing'
	lose_devices
	wait_campaign
	expect_exit 1
	expect_lines 'one object a line, with members of the manual' \
	    'all((keys - ["time", "level", "device", "agent", "from", "event",
		"task", "state", "error", "subsystem", "message"] == []) and
		has("time") and has("level") and has("device") and
		has("subsystem") and has("message"))'
	expect_lines 'facts are of their types' \
	    'all((.device | type == "null" or . == "127.1.0.1" or
		. == "127.1.0.2") and
		(.event // 1 | type == "number") and
		([.agent, .from, .task, .state, .error] - [null] |
		all(type == "string")))'
	expect_lines 'each state of a device' \
	    '[.[] | select(.device == "127.1.0.1" and has("state")) | .state] ==
		["registering", "starting", "arming", "capturing",
		"verifying", "stopping", "retrieving", "closing", "done"]'
	expect_lines 'what is of an event' \
	    '[.[] | select(has("state") or has("task"))] |
		length > 10 and all(.event == 1 and .device != null)'
	expect_lines 'tasks as in the report, with the agent that did them' \
	    '[.[] | select(.device == "127.1.0.1" and has("task"))] |
		(map(.task) | contains(["Register", "Start capture",
		    "Send ICMP (Ping)", "Retrieve capture"])) and
		all((.agent == "127.0.0.1") ==
		    (.task | test("^(Register|OVOC .*)$")))'
	expect_lines 'what an agent is' \
	    'any(.agent == "127.0.0.1" and .device == null) and
		any(.agent == "127.0.0.1" and .from == "127.0.0.1:20001")'
	expect_lines 'the same members of the agent' \
	    'all((keys - ["time", "level", "device", "from", "state", "error",
		"subsystem", "message"] == []) and
		(.device | . == null or . == "127.1.0.1" or
		    . == "127.1.0.2")) and
		any(.from == "127.0.0.2:20001" and .device == null) and
		any(.from == "127.0.0.2:20001" and .device == "127.1.0.1") and
		any(.state == "running" and .device == "127.1.0.1")' agent
	expect_lines 'why it failed' \
	    'any(.device == "127.1.0.2" and .event == 1 and
		.task == "Show capture" and .error == "authentication") and
		all(.device != "127.1.0.1" or has("error") == false)'
}
