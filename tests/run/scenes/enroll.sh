# enroll.sh - traffic-capture --enroll: keys recorded before they are needed.
# shellcheck shell=bash

# enroll STATUS WORDS OPTION...: WORDS are in what it says.
enroll()
{
	local expected=$1 word=$2

	shift 2
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --enroll "$@" \
	    >"$work/summary" 2>"$work/refused.log"
	status=$?
	expect_exit "$expected"
	cat "$work/refused.log" >>"$work/campaign.log"
	grep -qF -e "$word" "$work/summary" "$work/refused.log" ||
	    fail "no '$word' in: $(cat "$work/summary" "$work/refused.log")"
}

nobody_logged_in()
{
	local at

	read_stats
	for at in "$@"; do
		expect_stat "$at" '.logins_ok == 0 and .logins_refused == 0 and
		    .sftp_sessions == 0'
	done
	! grep -q 'received' "$work/agent.log" || fail 'the agent was asked'
}

# First what nobody knows, then strict is enough for a campaign.
scene_enroll_then_strict()
{
	add_device "$one"
	add_device 127.1.0.2 gwsbc
	start_rig || return
	sed -i 's/^rest = .*/rest = { tls = "accept-new"; };\
	    ssh = { host_keys = "strict"; };/' "$work/conf/campaign.conf"
	enroll 0 '2 devices: 4 keys recorded, 0 known before, 0 devices failed'
	expect_summary "recorded: $one TLS sha256//"
	grep -q "recorded: 127.1.0.2 [a-z0-9-]* SHA256:" "$work/summary" ||
	    fail "no host key is told: $(cat "$work/summary")"
	[ "$(wc -l <"$work/output/known_hosts")" = 2 ] || fail 'not two hosts'
	[ "$(wc -l <"$work/output/known_pins")" = 2 ] || fail 'not two pins'
	nobody_logged_in "$one" 127.1.0.2
	enroll 0 '2 devices: 0 keys recorded, 4 known before'
	[ "$(wc -l <"$work/output/known_hosts")" = 2 ] || fail 'recorded twice'
	run_campaign
	expect_exit 0
	expect_pairs "$one" 1
}

# Another key than the one that is known, or configured, stays unrecorded.
scene_enroll_overwrites_nothing()
{
	local before other=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA

	add_device "$one"
	add_device 127.1.0.2 msbr '' '' "host_key = \"SHA256:$other\";
	    tls_pin = \"sha256//$other=\";"
	add_device 127.1.0.3
	start_rig || return
	mkdir -m 750 "$work/output"
	ssh-keygen -q -N '' -t ed25519 -f "$work/key" || fail 'no ssh-keygen'
	echo "$one $(cut -d ' ' -f 1,2 "$work/key.pub")" \
	    >"$work/output/known_hosts"
	echo "$one sha256//$other=" >"$work/output/known_pins"
	before=$(cat "$work/output"/known_*)
	enroll 1 "$one shows another TLS key than before"
	[ "$(grep -c "^$one " "$work/output/known_hosts")" = 1 ] ||
	    fail 'a second host key was recorded'
	[ "$(head -qn 1 "$work/output"/known_*)" = "$before" ] ||
	    fail "changed: $(cat "$work/output"/known_*)"
	expect_summary '3 devices: 2 keys recorded, 0 known before, 2 devices'
	grep -q 'ssh-keygen -R' "$work/refused.log" ||
	    fail "of the host key nothing is said: $(cat "$work/refused.log")"
	! grep -q '^127.1.0.2 ' "$work/output"/known_* ||
	    fail 'recorded against what is configured'
	nobody_logged_in "$one" 127.1.0.2 127.1.0.3
}

scene_enroll_with_trouble()
{
	add_device "$one" msbr '' '{ on = "tls"; kind = "refuse"; }'
	add_device 127.1.0.2 msbr '' '{ on = "tls"; kind = "refuse"; },
	    { on = "ssh"; kind = "refuse"; }'
	start_rig || return
	enroll 4 "$one"
	expect_summary "recorded: $one "
	expect_summary '2 devices: 1 key recorded, 0 known before, 2 devices'
	enroll 4 'refused' -d 127.1.0.2
	entries+=('{ address = "nobody.invalid"; type = "gwsbc"; }')
	write_campaign_conf
	enroll 4 'nobody.invalid' -d nobody.invalid
	enroll 7 'cannot read' \
	    --set ssh.known_hosts="$work/conf/campaign.conf/below/hosts"
	refused 2 'exclude' -c "$work/conf/campaign.conf" --enroll --probe
	nobody_logged_in "$one" 127.1.0.2
}

# It hangs on one, and is told to end.
scene_enroll_interrupted()
{
	add_device "$one" msbr '' '{ on = "tls"; kind = "hang"; }'
	add_device 127.1.0.2
	start_rig || return
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --enroll \
	    --set timeouts.connect=60s >"$work/summary" \
	    2>"$work/campaign.log" &
	campaign_pid=$!
	wait_for_line "$work/summary" 'recorded: 127.1.0.2 ssh' ||
	    wait_for_line "$work/summary" 'recorded: 127.1.0.2 TLS' ||
	    fail 'the other one waits for it'
	kill -TERM "$campaign_pid"
	wait "$campaign_pid"
	status=$?
	campaign_pid=''
	expect_exit 8
	expect_summary '; interrupted'
}

# Many at once, each third one down: the others do not wait, none is tried
# twice.
scene_enroll_and_probe_many() # alone
{
	local i down='{ on = "tls"; kind = "refuse"; },
	    { on = "ssh"; kind = "refuse"; }' odd

	for ((i = 1; i <= 60; i++)); do
		if [ $((i % 3)) = 0 ]; then
			add_device "127.1.0.$i" msbr '' "$down"
		else
			add_device "127.1.0.$i"
		fi
	done
	start_rig || return
	enroll 1 '60 devices: 80 keys recorded, 0 known before, 20 devices'
	run_probe
	expect_exit 1
	[ "$(jq '.summary.success' "$run/report.json")" = 40 ] ||
	    fail "not 40 are well: $(jq -c .summary "$run/report.json")"
	expect_row 127.1.0.3 Register Success NORMAL '200 OK' 1
	expect_summary ' and 10 more: '
	read_stats
	odd=$(jq -r '.devices[] | select(.rest_requests > 1 or
	    .ssh_connections > 2 or .logins_refused > 0) | .address' \
	    "$work/lab.json")
	[ -z "$odd" ] || fail "tried twice: $odd"
}
