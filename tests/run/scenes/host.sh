# host.sh - what is wrong on the campaign's own host, before anything is sent.
# shellcheck shell=bash

# A run of the program with wrong options or settings: STATUS WORD OPTION...
refused()
{
	local expected=$1 word=$2

	shift 2
	"$bin/traffic-capture" "$@" >"$work/summary" 2>"$work/refused.log"
	status=$?
	expect_exit "$expected"
	grep -qF -e "$word" "$work/refused.log" ||
	    fail "no '$word' in: $(cat "$work/refused.log")"
}

nothing_was_sent()
{
	read_stats
	expect_stat "$one" '.rest_connections == 0 and .ssh_connections == 0'
	grep -q REGISTER "$work/agent.log" && fail "the agent was spoken to"
	[ -z "$(find "$work/output" -name report.csv 2>/dev/null)" ] ||
	    fail "there is a report"
}

scene_wrong_command_line()
{
	local conf=$work/conf/campaign.conf

	add_device "$one"
	start_rig || return
	refused 2 unexpected -c "$conf" more
	refused 2 option --no-such-option
	refused 2 'exclude' -c "$conf" --check --dry-run
	refused 2 'text or json' -c "$conf" --log-format yaml
	refused 2 'no device' -c "$conf" -d 'nobody*'
	refused 2 'empty' -c "$conf" -d ''
	refused 2 'exclude' -c "$conf" -v -q
	refused 2 'empty' -c "$conf" -o ''
	refused 2 'empty' -c ''
	refused 2 'campaign.windw' -c "$conf" --set campaign.windw=8h
	refused 2 'campaign.window' -c "$conf" --set campaign.window=8x
	refused 2 'campaign.rest_attempts' -c "$conf" \
	    --set campaign.rest_attempts=0
	nothing_was_sent
}

scene_wrong_configuration()
{
	local conf=$work/conf/campaign.conf

	add_device "$one"
	start_rig || return
	refused 3 'no-such-file' -c "$work/no-such-file"
	chmod 644 "$work/conf/cpe"
	refused 3 'cpe' -c "$conf"
	chmod 600 "$work/conf/cpe"
	printf 'campaign = { windw = "8h"; };\n' >"$work/more.conf"
	refused 3 "$work/more.conf:1" -c "$conf" -c "$work/more.conf"
	refused 3 "the agent's configuration" -c "$work/conf/agent.conf"
	mkfifo "$work/fifo"
	refused 3 "$work/fifo" -c "$work/fifo"
	refused 3 "$work/more.conf:1" -c "$conf" -c "$work/more.conf" \
	    --log-format json
	jq -e '.level == "error"' "$work/refused.log" >/dev/null ||
	    fail "not JSON, or no error: $(cat "$work/refused.log")"
	nothing_was_sent
}

# Checking and the dry run print, and send nothing.
scene_check_and_dry_run()
{
	local conf=$work/conf/campaign.conf option

	add_device "$one"
	start_rig || return
	for option in --check --dry-run; do
		"$bin/traffic-capture" -c "$conf" "$option" \
		    >"$work/summary" 2>"$work/campaign.log"
		status=$?
		expect_exit 0
		expect_summary "$one"
		check_secrets
	done
	expect_summary 'debug capture data physical start'
	nothing_was_sent
}

# What the host can say before the night: the run's own sentences and status
# where the run would end for it, warnings else; nothing is left behind.
scene_check_looks_at_the_host()
{
	local conf=$work/conf/campaign.conf

	add_device "$one"
	entries+=('{ address = "nobody.invalid"; type = "gwsbc"; }')
	start_rig || return
	printf 'campaign = { window = "2h"; };\n' >"$work/more.conf"
	refused 0 'no address was found for nobody.invalid: 1 of 2' \
	    -c "$conf" --check
	[ ! -e "$work/output" ] || fail "--check leaves $work/output"
	refused 0 "$work/more.conf:1: campaign.window: overrides $conf:2" \
	    -c "$conf" -c "$work/more.conf" --check
	refused 7 'campaign.output' -c "$conf" -o "$conf/below-a-file" --check
	refused 7 'min_free' -c "$conf" --set campaign.min_free=900000G --check
	refused 7 '20001' -c "$conf" --check \
	    --set "campaign.listen_address=$agent_address"
	refused 0 'has room for 0 captures' -c "$conf" --check \
	    --set campaign.max_file=900000G
	refused 7 '20001' -c "$conf" --check --log-format json \
	    --set "campaign.listen_address=$agent_address"
	jq -es 'any(.level == "error")' "$work/refused.log" >/dev/null ||
	    fail "not JSON, or no error: $(cat "$work/refused.log")"
	ulimit -Sn 64 && ulimit -Hn 64
	refused 0 '64 descriptors (LimitNOFILE' -c "$conf" --check
	nothing_was_sent
}

# Without the right to send ICMP, of either kind of socket.
scene_check_without_icmp()
{
	add_device "$one"
	start_rig || return
	echo '1 0' >/proc/sys/net/ipv4/ping_group_range
	runner=(setpriv --bounding-set -net_raw --inh-caps -net_raw)
	"${runner[@]}" "$bin/traffic-capture" -c "$work/conf/campaign.conf" \
	    --check >"$work/summary" 2>"$work/refused.log"
	status=$?
	expect_exit 0
	grep -q 'may not send ICMP' "$work/refused.log" ||
	    fail "not said: $(cat "$work/refused.log")"
	nothing_was_sent
}

# A name that nobody knows (RFC 6761): the dry run ends as the run would.
scene_dry_run_without_names()
{
	local conf=$work/conf/campaign.conf

	add_device "$one"
	entries+=('{ address = "nobody.invalid"; type = "gwsbc"; }')
	start_rig || return
	refused 1 'nobody.invalid' -c "$conf" --dry-run -q
	refused 4 '1 of 1 device' -c "$conf" --dry-run -d nobody.invalid
	refused 0 '' -c "$conf" --dry-run -d "$one"
	nothing_was_sent
}

scene_output_not_writable()
{
	add_device "$one"
	start_rig || return
	refused 7 'campaign.output' -c "$work/conf/campaign.conf" \
	    -o "$work/conf/campaign.conf/below-a-file"
	nothing_was_sent
}

scene_disk_floor()
{
	add_device "$one"
	start_rig || return
	refused 7 'min_free' -c "$work/conf/campaign.conf" \
	    --set campaign.min_free=900000G
	nothing_was_sent
}

scene_port_taken()
{
	add_device "$one"
	start_rig || return
	refused 7 '20001' -c "$work/conf/campaign.conf" \
	    --set "campaign.listen_address=$agent_address"
	nothing_was_sent
}

scene_already_running()
{
	add_device "$one" msbr '' '{ on = "alarm"; kind = "none"; }'
	start_rig || return
	begin_campaign
	when_campaign_says 'arming -> capturing'
	refused 6 'already running' -c "$work/conf/campaign.conf"
	refused 0 'whether UDP port 20001 is free was not tried' \
	    -c "$work/conf/campaign.conf" --check
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
}

# --- whose files they are when root starts it ---

# All below this folder belongs to this user.
all_of()
{
	local others

	others=$(find "$2" ! -uid "$1" -print)
	[ -z "$others" ] || fail "not of user $1: $others"
}

# Run by hand as root, it leaves nothing that the service, another user, could
# not write to, and does all that it does otherwise.
scene_root_becomes_the_owner()
{
	add_device "$one"
	start_rig || return
	mkdir -m 750 "$work/output"
	chmod 755 "$work" "$work/conf"
	chmod 644 "$work/lab/ca.pem"
	chmod 755 "$work/lab"
	if [ "$(id -u)" = 0 ]; then
		chown 65534:65534 "$work/output"
	fi
	run_campaign
	expect_exit 0
	expect_row "$one" 'Send ICMP (Ping)' Success '' 'answered' 1
	all_of "$(stat -c %u "$work/output")" "$work/output"
	grep -q 'and so is this' "$work/campaign.log" &&
	    fail "it says that it is root, which it is not"
	true
}

# What the owner could not write to is told to root, too, and nothing is left.
scene_root_checks_as_the_owner()
{
	local conf=$work/conf/campaign.conf

	add_device "$one"
	start_rig || return
	if [ "$(id -u)" != 0 ]; then
		echo 'skipped: only root can become somebody else'
		return
	fi
	chmod 755 "$work" "$work/conf" "$work/lab"
	refused 0 'would belong to' -c "$conf" --check
	[ ! -e "$work/output" ] || fail "--check leaves $work/output"
	mkdir -m 750 "$work/output" "$work/output/test"
	chown 65534:65534 "$work/output"
	refused 7 'campaign.output' -c "$conf" --check
	chown 65534:65534 "$work/output/test"
	refused 0 '' -c "$conf" --check
	touch "$work/output/known_hosts"
	chmod 600 "$work/output/known_hosts"
	refused 7 'known_hosts' -c "$conf" --check
	nothing_was_sent
}

# What root does not write to, and what it says of its own.
scene_root_keeps_out()
{
	local conf=$work/conf/campaign.conf

	add_device "$one"
	start_rig || return
	if [ "$(id -u)" != 0 ]; then
		echo 'skipped: only root can become somebody else'
		return
	fi
	mkdir "$work/output"
	"$bin/traffic-capture" --check -c "$conf" >"$work/summary" \
	    2>"$work/campaign.log" || fail "the status is $?"
	grep -q 'belongs to root' "$work/campaign.log" ||
	    fail "no warning: $(cat "$work/campaign.log")"
	chmod 777 "$work/output"
	refused 7 'everybody can write to' -c "$conf"
	refused 7 'everybody can write to' -c "$conf" --check
	refused 7 'everybody can write to' -c "$conf" --recover
	rm -rf "$work/output"
	mkdir "$work/elsewhere"
	ln -s elsewhere "$work/output"
	refused 7 'cannot open the folder' -c "$conf"
	rm "$work/output"
	mkdir "$work/output"
	chmod 777 "$work"
	refused 7 'others can put something else' -c "$conf"
	chmod 700 "$work"
	nothing_was_sent
}
