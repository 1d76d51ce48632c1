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
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
}
