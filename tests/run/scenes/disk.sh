# disk.sh - the disk of the campaign's host fills while it works.
# shellcheck shell=bash

# A small disk of its own; the scene's mount namespace takes it away.
small_output()
{
	mkdir -p "$work/output"
	mount -t tmpfs -o "size=$1,mode=0750" tmpfs "$work/output" \
	    2>"$work/mount.out" && return
	echo "skipped: no mount here: $(cat "$work/mount.out")"
	return 1
}

# Leave so many KiB of it.
fill_output()
{
	local free

	free=$(df --output=avail -k "$work/output" | tail -n 1)
	head -c $(((free - $1) * 1024)) /dev/zero >"$work/output/filling" ||
	    fail 'the disk was fuller than that'
	chmod 640 "$work/output/filling"
}

nothing_half()
{
	[ -z "$(find "$work/output" -name '*.pcap*')" ] ||
	    fail "left: $(find "$work/output" -name '*.pcap*')"
}

# The transfer fills the disk: no file, a row, and the others' captures home.
# trouble: a disk that is full
scene_disk_full_while_fetching()
{
	add_device "$one" msbr 'capture_size = "900k";'
	add_device 127.1.0.2 msbr 'lose_after = "2s";'
	small_output 600k || return
	start_rig || return
	run_campaign --set campaign.min_free=1
	expect_exit 7
	expect_row "$one" 'Stop capture' Success NORMAL '' 1
	expect_row "$one" 'Retrieve capture' Failure MAJOR 'No space left' 1
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK' 1
	expect_device 127.1.0.2 success
	expect_pairs 127.1.0.2 1
	[ -z "$(find "$work/output" -name "CPE_device_${one}_*")" ] ||
	    fail 'half a file is left'
	expect_summary 'Trouble on this host:'
}

# Nothing at all can be written any more: the captures are stopped, and the
# next run makes good what is missing.
scene_disk_full_while_waiting()
{
	add_device "$one" msbr "$lost_when_told capture_size = \"100k\";"
	small_output 600k || return
	start_rig || return
	begin_campaign --set campaign.min_free=1
	when_campaign_says 'arming -> capturing'
	fill_output 0
	lose_devices
	wait_campaign
	expect_exit 7
	expect_log campaign 'cannot write .*journal.ndjson: No space left'
	expect_log campaign 'cannot write .*report.csv'
	nothing_half
	read_stats
	expect_stat "$one" '.capture == "off" and .snmp_users_left == 0'
	rm "$work/output/filling"
	[ ! -L "$run" ] || fail 'latest is a run without a report'
	killed=$(newest_run)
	run_recover --set campaign.min_free=1
	look_at_killed
	expect_row "$one" Recover Success NORMAL finished 1
	expect_row "$one" 'Retrieve capture' Success NORMAL packets 1
}

# A report that cannot be written is told, and written by the next run.
scene_report_not_writable()
{
	add_device "$one" msbr "$lost_when_told"
	start_rig || return
	begin_campaign --log-format json
	when_campaign_says 'arming -> capturing'
	killed=$(readlink "$work/output/test/current")
	run=$work/output/test/$killed
	mkdir -p "$run/report.csv.part/in-the-way"
	lose_devices
	wait_campaign
	expect_exit 7
	[ ! -L "$run" ] || fail 'latest is a run without a report'
	run=$work/output/test/$killed
	expect_log campaign \
	    '"level":"error".*"error":"local".*cannot write .*report.csv'
	grep -q '"kind":"end"' "$run/journal.ndjson" &&
	    fail 'the journal is closed'
	rm -r "$run/report.csv.part"
	run_recover
	look_at_killed
	expect_row "$one" 'Retrieve capture' Success NORMAL packets 1
}

# Below campaign.min_free a capture stays on its device.
scene_disk_floor_while_waiting()
{
	add_device "$one" msbr "$lost_when_told"
	small_output 4M || return
	start_rig || return
	begin_campaign
	when_campaign_says 'arming -> capturing'
	fill_output 900
	lose_devices
	wait_campaign
	expect_exit 7
	expect_row "$one" 'Verify stopped' Success NORMAL '' 1
	expect_row "$one" 'Retrieve capture' Failure MAJOR min_free 1
	expect_row "$one" 'OVOC stop' Success NORMAL '200 OK' 1
	nothing_half
	tail -n 1 "$run/journal.ndjson" | grep -q '"kind":"end"' ||
	    fail 'the journal is not closed'
}

# A night of the past, as a run leaves it.
old_run()
{
	local folder=$work/output/test/$1

	mkdir -m 750 "$folder"
	mkdir -m 700 "$folder/captures"
	printf '{"kind":"end","mayBeOn":0}\n' >"$folder/journal.ndjson"
	echo '{}' >"$folder/report.json"
	head -c "$2" /dev/zero >"$folder/captures/CPE_device.pcap"
	chmod 640 "$folder"/*.* "$folder"/captures/*
}

# Old runs go when one begins; a disk that was full of them has room then.
scene_disk_full_of_old_runs()
{
	add_device "$one"
	small_output 3M || return
	start_rig || return
	chmod 750 "$work/output"
	mkdir -m 750 "$work/output/test"
	old_run 2026-01-01T22.00.00Z 1200k
	old_run 2026-01-02T22.00.00Z 1200k
	old_run 2026-06-01T22.00.00Z 10
	run_campaign --set campaign.min_free=1500k
	expect_exit 0
	expect_log campaign 'deleted the run 2026-01-01T22.00.00Z, because of'
	expect_log campaign 'deleted the run 2026-01-02T22.00.00Z, because of'
	[ -d "$work/output/test/2026-06-01T22.00.00Z" ] ||
	    fail 'a younger run has gone, too'
}
