# server.sh - the server's captures come home by SFTP, from a real sshd.
# shellcheck shell=bash

sshd_rig()
{
	sshd_can_run || return 1
	sshd_prepare "$@"
	start_rig && start_sshd
}

# Both ends of two devices, by one login.
scene_server_files_come_home()
{
	local two=127.1.0.2 at

	add_device "$one"
	add_device "$two"
	sshd_rig || return
	run_campaign
	expect_exit 0
	for at in "$one" "$two"; do
		expect_device "$at" success
		expect_row "$at" 'Retrieve server capture' Success NORMAL \
		    "1 file of the server's and its sidecar, " 1
		expect_server_files "$at" 2
	done
	expect_logins 1
}

# The second event's files come by the same session.
scene_server_files_of_two_events()
{
	add_device "$one" msbr 'lose_times = 2;'
	sshd_rig || return
	run_campaign --set campaign.events_per_device=2
	expect_exit 0
	expect_row "$one" 'Retrieve server capture' Success NORMAL '' 2
	expect_server_files "$one" 4
	expect_logins 1
}

# Without sftp nothing is asked for, and nothing said but how to go on.
scene_server_without_sftp()
{
	add_device "$one"
	start_rig || return
	run_campaign
	expect_exit 0
	expect_row "$one" 'Retrieve server capture' '' '' '' 0
	expect_row "$one" 'Compare captures' Skipped NORMAL \
	    'traffic-capture-compare' 1
}

# Killed behind the event, while the server did not answer: the recovery brings
# them, into the killed run's folder and its reports.
scene_server_files_of_a_killed_run()
{
	add_device "$one"
	sshd_can_run || return
	sshd_prepare
	start_rig || return
	begin_campaign
	when_campaign_says 'closing -> done'
	kill -KILL "$campaign_pid"
	wait_campaign 2>/dev/null
	run=$work/output/test/$(newest_run)
	start_sshd
	run_recover
	status=8
	check_reports
	expect_row "$one" 'Retrieve server capture' Success NORMAL \
	    "1 file of the server's" 1
	expect_server_files "$one" 2
}

# An interruption waits for no server.
scene_server_files_interrupted()
{
	add_device "$one"
	sshd_rig '' 'exec cat >/dev/null' || return
	begin_campaign
	when_campaign_says 'closing -> done'
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_row "$one" 'Retrieve server capture' Failure MINOR interrupted 1
	expect_row "$one" 'Compare captures' Skipped NORMAL \
	    'traffic-capture-compare' 1
}

# The disk fills while they come: the device's file is home, and nothing half.
scene_server_files_disk_floor()
{
	add_device "$one" msbr 'capture_size = "100k";'
	small_output 900k || return
	# The pieces that come are longer than what is left.
	sshd_rig '' 'for p in "$captures"/OVOC_device_*-0.pcap; do
	    head -c 2000000 /dev/zero >>"$p"; done' || return
	run_campaign --set campaign.min_free=1
	expect_exit 0
	expect_device "$one" success
	expect_row "$one" 'Retrieve server capture' Failure MINOR \
	    'No space left' 1
	[ -z "$(find "$work/output" -name '*.part' -o \
	    -name 'OVOC_*.pcap')" ] || fail 'half a file is left'
}

# An agent of 1.0.6 has its files named as ours, and no sidecar.
scene_server_files_of_an_old_agent()
{
	add_device "$one"
	sshd_can_run || return
	sshd_prepare
	old_agent_rig
	start_sshd
	run_campaign
	end_old_agent 0
	expect_exit 0
	expect_device "$one" success
	expect_row "$one" 'Retrieve server capture' Success NORMAL \
	    "1 file of the server's, " 1
	expect_row "$one" 'Retrieve server capture' Success NORMAL \
	    'without a sidecar' 1
	expect_server_files "$one" 1
}

# What is configured is shown, and no secret of it; nothing is sent.
scene_server_check_and_dry_run()
{
	local option

	add_device "$one"
	sshd_prepare
	start_rig || return
	sed -n 2p "$work/conf/server-key" >>"$work/secrets"
	for option in --check --dry-run; do
		"$bin/traffic-capture" -c "$work/conf/campaign.conf" \
		    "$option" >"$work/summary" 2>"$work/campaign.log"
		status=$?
		expect_exit 0
		check_secrets
		case $option in
		--check) expect_summary 'private_key_file = "*****"' ;;
		*) expect_summary "SFTP from $agent_address, port $sshd_port" ;;
		esac
	done
	rm "$work/conf/server-key"
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --check \
	    >"$work/summary" 2>"$work/campaign.log"
	status=$?
	expect_exit 3
	expect_log campaign 'agents.sftp.private_key_file: cannot open'
}
