# hooks.sh - programs of the user's that are told how it goes: for an event, at
# the end; and what goes wrong with them.
# shellcheck shell=bash

# hook NAME: the script on stdin, as an executable.
hook()
{
	{
		echo '#!/bin/sh'
		cat
	} >"$work/$1"
	chmod 755 "$work/$1"
}

# Keeps what it was given in a file of its name.
telling_hook()
{
	hook "$1" <<-END
	{
		echo "words \$# \$1"
		env | sort
		grep ^Cap /proc/self/status
		id -u
	} >"$work/told.\$TRAFFIC_CAPTURE_HOOK"
	echo "this is \$TRAFFIC_CAPTURE_HOOK"
	END
}

expect_told()
{
	grep -qE "^$2\$" "$work/told.$1" ||
	    fail "$1 was not told '$2': $(cat "$work/told.$1")"
}

# The facts are there, nothing else of ours is, and no right.
scene_hooks()
{
	local folder key

	add_device "$one" msbr '' '' 'name = "branch 1";'
	telling_hook tell
	export CREDENTIALS_DIRECTORY=$work/conf SOMETHING=else
	start_rig || return
	campaign_options=(--set "hooks.on_event=$work/tell"
	    --set "hooks.on_finish=$work/tell")
	run_campaign
	unset CREDENTIALS_DIRECTORY SOMETHING
	expect_exit 0
	expect_row "$one" Hook '' '' '' 0
	folder=$(realpath "$run")
	for key in on_event on_finish; do
		expect_told $key "words 1 $folder"
		expect_told $key "TRAFFIC_CAPTURE_FOLDER=$folder"
		expect_told $key 'TRAFFIC_CAPTURE_CAMPAIGN=test'
		expect_told $key 'CapPrm:.0+'
		expect_told $key 'CapEff:.0+'
		expect_told $key 'CapAmb:.0+'
		grep -qE '^(CREDENTIALS_DIRECTORY|SOMETHING|HOME)' \
		    "$work/told.$key" && fail "$key: $(cat "$work/told.$key")"
		expect_log campaign "hook: $key: this is $key"
		expect_log campaign "hook: .*$key has run"
	done
	expect_told on_event "TRAFFIC_CAPTURE_DEVICE=$one"
	expect_told on_event 'TRAFFIC_CAPTURE_DEVICE_NAME=branch 1'
	expect_told on_event 'TRAFFIC_CAPTURE_EVENT=1'
	expect_told on_event 'TRAFFIC_CAPTURE_VERDICT_STATUS=Skipped'
	expect_told on_event "TRAFFIC_CAPTURE_CAPTURE=$(jq -r \
	    '.devices[0].lastCapture' "$run/report.json")"
	expect_told on_finish 'TRAFFIC_CAPTURE_EXIT_STATUS=0'
	expect_told on_finish 'TRAFFIC_CAPTURE_DEVICES=1'
	expect_told on_finish 'TRAFFIC_CAPTURE_DEVICES_SUCCESS=1'
	expect_told on_finish 'TRAFFIC_CAPTURE_DEVICES_ONE_SIDED=0'
	expect_told on_finish 'TRAFFIC_CAPTURE_EVENTS=1'
	expect_told on_finish 'TRAFFIC_CAPTURE_SUMMARY=Campaign test, run .*'
	expect_told on_finish 'Devices: 1, 1 success'
}

# One that hangs for an event, one that is not there at the end: a row, a line
# of the log, and the exit status that there would be without them.
scene_hooks_in_trouble()
{
	add_device "$one"
	hook hang <<<'echo waiting >&2; sleep 1000 & wait'
	start_rig || return
	run_campaign --set "hooks.on_event=$work/hang" --set hooks.timeout=1s \
	    --set "hooks.on_finish=$work/missing"
	expect_exit 0
	expect_device "$one" success
	expect_row "$one" Hook Failure MINOR \
	    "on_event: $work/hang: it had not ended after 1s and was killed" 1
	expect_row "$one" Hook '' '' 'it says: waiting' 1
	expect_log campaign 'hooks.on_finish: .*/missing cannot be run: No such'
	expect_log campaign 'on_finish: cannot start .*/missing: No such file'
}

# The wait for an event's program ends soon, and the end is told.
scene_hooks_interrupted()
{
	add_device "$one" msbr '' '' 'name = "branch 1";'
	add_device 127.1.0.2 msbr '' '{ on = "alarm"; kind = "none"; }'
	hook hang <<<'sleep 1000 & wait'
	telling_hook tell
	start_rig || return
	begin_campaign --set "hooks.on_event=$work/hang" \
	    --set "hooks.on_finish=$work/tell"
	when_campaign_says 'closing -> done'
	sleep 1
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_row "$one" Hook Failure MINOR 'and was killed' 1
	expect_row 127.1.0.2 Hook '' '' '' 0 # it had no event
	expect_told on_finish 'TRAFFIC_CAPTURE_EXIT_STATUS=8'
	expect_told on_finish 'TRAFFIC_CAPTURE_DEVICES_INTERRUPTED=1'
}

# Interrupted at its very end: that program is killed, and nothing else is.
scene_hooks_interrupted_at_the_end()
{
	add_device "$one"
	hook hang <<<'echo here >&2; sleep 1000 & wait'
	start_rig || return
	begin_campaign --set "hooks.on_finish=$work/hang"
	when_campaign_says 'hook: on_finish: here'
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 0
	expect_log campaign 'on_finish: interrupted, it was killed'
}

# The examples of the documentation, by a curl that keeps what it is given.
scene_hook_examples()
{
	local name kept=$work/kept
	local TRAFFIC_CAPTURE_HOOK=on_event TRAFFIC_CAPTURE_CAMPAIGN=test \
	    TRAFFIC_CAPTURE_DEVICE=192.0.2.1 TRAFFIC_CAPTURE_EVENT=1 \
	    TRAFFIC_CAPTURE_DEVICE_NAME='a "b" \c' TRAFFIC_CAPTURE_RUN=R \
	    TRAFFIC_CAPTURE_EVENT_TIME=2026-11-23T04:00:00.000Z \
	    TRAFFIC_CAPTURE_VERDICT='7 lost "there"' \
	    TRAFFIC_CAPTURE_VERDICT_SEVERITY=MAJOR \
	    TRAFFIC_CAPTURE_FOLDER=/o/test/R

	export "${!TRAFFIC_CAPTURE_@}"
	mkdir -p "$work/path" "$kept"
	cat >"$work/path/curl" <<-END
	#!/bin/sh
	printf '%s\n' "\$@" >"$kept/words"
	while [ \$# -gt 0 ]; do
		[ "\$1" != --data-raw ] || printf '%s' "\$2" >"$kept/json"
		[ "\$1" != --upload-file ] || cat >"$kept/mail"
		[ "\$1" != --config ] || cat >"$kept/config"
		shift
	done
	END
	chmod 755 "$work/path/curl"
	echo https://chat.example/secret >"$work/chat-address"
	for name in mail chat ticket; do
		sed "s,/etc/traffic-capture,$work," \
		    "packaging/examples/traffic-capture-hook-$name" \
		    >"$work/$name"
		rm -f "$kept"/*
		PATH=$work/path:$PATH sh "$work/$name" /o/test/R ||
		    fail "$name ended with $?"
		case $name in
		mail)
			grep -qx 'Subject: .* event of 192.0.2.1' \
			    "$kept/mail" &&
			    grep -qx '7 lost "there"' "$kept/mail" ||
			    fail "$(cat "$kept/mail")" ;;
		chat)
			grep -q secret "$kept/words" && fail 'seen by everybody'
			grep -qx 'url = "https://chat.example/secret"' \
			    "$kept/config" || fail "$(cat "$kept/config")"
			[ "$(jq -r .text "$kept/json")" = \
			    'a "b" \c, event 1: 7 lost "there"' ] ||
			    fail "$(cat "$kept/json")" ;;
		ticket)
			[ "$(jq -r '.site + "|" + .key' "$kept/json")" = \
			    'a "b" \c|test/R/192.0.2.1/1' ] ||
			    fail "$(cat "$kept/json")" ;;
		esac
	done
	# Where nothing was lost nobody is woken up.
	rm -f "$kept"/*
	for name in mail ticket; do
		TRAFFIC_CAPTURE_VERDICT_SEVERITY=NORMAL \
		    PATH=$work/path:$PATH sh "$work/$name" /o/test/R ||
		    fail "$name ended with $?"
		[ ! -e "$kept/words" ] || fail "$name: $(cat "$kept/words")"
	done
	unset "${!TRAFFIC_CAPTURE_@}"
}

# Started by root, the campaign is the owner of its folder by then; so is what
# it runs and writes.
scene_hooks_of_the_owner()
{
	add_device "$one"
	telling_hook tell
	start_rig || return
	if [ "$(id -u)" != 0 ]; then
		echo 'skipped: only root can become somebody else'
		return
	fi
	mkdir -m 750 "$work/output"
	mkdir -m 777 "$work/told-to" "$work/numbers"
	sed -i "s,$work/told,$work/told-to/told,; s,^{,umask 022; {," \
	    "$work/tell"
	chmod 755 "$work" "$work/conf" "$work/lab"
	chmod 644 "$work/lab/ca.pem"
	chown 65534:65534 "$work/output"
	run_campaign --set "hooks.on_event=$work/tell" \
	    --set "hooks.on_finish=$work/tell" \
	    --metrics "$work/numbers/of.prom"
	expect_exit 0
	mv "$work"/told-to/told.* "$work"
	expect_told on_event 65534
	expect_told on_finish 65534
	expect_told on_event 'CapPrm:.0+'
	expect_told on_finish 'CapPrm:.0+'
	[ "$(stat -c %u:%a "$work/numbers/of.prom")" = 65534:644 ] ||
	    fail "$(ls -l "$work/numbers")"
}

# The event of a killed run is told by the run that finishes it, once; and a row
# about that is in the killed one's report.
scene_hooks_of_a_killed_run()
{
	add_device "$one" msbr 'lose_times = 9;'
	hook tell <<-END
	echo "\$1 \$TRAFFIC_CAPTURE_EVENT" >>"$work/told"
	exit 3
	END
	campaign_options=(--set "hooks.on_event=$work/tell")
	start_rig || return
	begin_campaign
	kill_at stop
	[ ! -e "$work/told" ] || fail "too early: $(cat "$work/told")"
	run_campaign
	expect_exit 0
	expect_row "$one" Hook Failure MINOR 'it ended with status 3' 1
	grep -qxF "$(realpath "$run") 1" "$work/told" ||
	    fail "of its own: $(cat "$work/told")"
	look_at_killed
	expect_row "$one" Hook Failure MINOR 'it ended with status 3' 1
	[ "$(grep -cxF "$(realpath "$run") 1" "$work/told")" = 1 ] ||
	    fail "of the killed one: $(cat "$work/told")"
	[ "$(wc -l <"$work/told")" = 2 ] || fail "$(cat "$work/told")"
}
