# moments.sh - signals at further moments, and nobody who reads what is said.
# shellcheck shell=bash

# The start is not confirmed yet: it may be on, so it is stopped.
scene_terminated_while_starting()
{
	add_device "$one" msbr '' '{ on = "start"; kind = "ignored"; }'
	start_rig || return
	begin_campaign --set timeouts.retry_pause=20s
	when_campaign_says "$one.*Verify started: Failure"
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_device "$one" interrupted
	expect_row "$one" 'Stop capture' Success NORMAL '' 1
	read_stats
	expect_stat "$one" '.capture == "off" and .snmp_users_left == 0'
}

# A transfer under way ends with its file.
scene_terminated_while_retrieving()
{
	add_device "$one" msbr 'capture_size = "300k";' \
	    '{ on = "sftp"; kind = "hang"; size = 150000; times = 1; }'
	add_device 127.1.0.2 msbr '' '{ on = "alarm"; kind = "none"; }'
	start_rig || return
	begin_campaign
	when_campaign_says "$one.*stopping -> retrieving"
	sleep 0.2
	kill -INT "$campaign_pid"
	kill -HUP "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_device "$one" success
	expect_device 127.1.0.2 interrupted
	expect_pairs "$one" 1
	expect_pairs 127.1.0.2 1
}

# Whoever read stderr has gone: that changes nothing.  Without stdout the
# summary is lost, and the exit status says so.
scene_closed_pipes()
{
	local conf=$work/conf/campaign.conf

	add_device "$one" msbr 'lose_times = 2;'
	start_rig || return
	"$bin/traffic-capture" -v -c "$conf" >"$work/summary" 2> >(exec true)
	status=$?
	expect_exit 0
	run=$work/output/test/latest
	check_reports
	"$bin/traffic-capture" -c "$conf" 2>"$work/campaign.log" > >(exec true)
	status=$?
	expect_exit 7
	expect_log campaign 'cannot write to standard output: Broken pipe'
	status=0
	check_reports
	expect_device "$one" success
}
