# history.sh - history.sqlite: what runs leave in it, whatever becomes of it,
# and what is asked of it.
# shellcheck shell=bash

history_db=$work/output/test/history.sqlite

# What one of its programs says of it: STATUS WORD OPTION...
expect_history()
{
	local expected=$1 word=$2 status

	shift 2
	TZ=XST-1 timeout 20 "$bin/traffic-capture" \
	    -c "$work/conf/campaign.conf" "$@" >"$work/shown" \
	    2>"$work/history.log"
	status=$?
	[ "$status" = "$expected" ] || fail "$*: status $status instead of \
$expected: $(cat "$work/history.log" "$work/shown")"
	cat "$work/history.log" "$work/shown" | tr '\n' ' ' | tr -s ' ' |
	    grep -qF -e "$word" || fail "$*: no '$word' in: \
$(cat "$work/history.log" "$work/shown")"
}

# Where there is no sqlite3, the units have seen what is in it: SQL VALUE
expect_value()
{
	local value

	command -v sqlite3 >/dev/null || return 0
	value=$(sqlite3 "$history_db" "$1" 2>&1)
	[ "$value" = "$2" ] || fail "$1: $value, not $2"
}

# Two nights; the database lost, damaged, locked: no night fails for it.
scene_history()
{
	local locker

	add_device "$one" msbr '' '' 'name = "branch one";'
	start_rig || return
	run_campaign
	expect_exit 0
	[ "$(stat -c %a "$history_db")" = 640 ] || fail 'its mode'
	expect_value 'SELECT outcome || events FROM night' success1
	expect_value "SELECT count(*) FROM event WHERE icmp GLOB '*answered*'
	    AND snmp NOTNULL AND tcp NOTNULL AND at > 0" 1
	expect_value 'SELECT name FROM device' 'branch one'
	rm "$history_db"
	run_campaign --set campaign.window=3s # the lab has lost it once
	expect_exit 5
	grep -q 'history.sqlite lacked 2 runs: they were added' \
	    "$work/campaign.log" || fail 'the log does not tell of it'
	expect_value 'SELECT count(*) FROM night' 2
	run_campaign --set campaign.window=3s
	grep -q 'aria-label="last 3 runs: not known in 1, no event in 2">' \
	    "$run/report.html" || fail 'no strip of nights'
	head -c 9000 /dev/urandom >"$history_db"
	expect_history 0 'history.sqlite: 3 runs' --rebuild-history
	grep -q 'is damaged (file is not a database)' "$work/history.log" ||
	    fail "nothing tells of the damage: $(cat "$work/history.log")"
	[ "$(stat -c %s "$history_db.damaged")" = 9000 ] || fail 'not kept'
	expect_value 'SELECT count(*) FROM event' 1
	expect_history 2 'not with -d' --rebuild-history -d "$one"
	expect_history 2 'exclude each other' --rebuild-history --show
	command -v sqlite3 >/dev/null || return 0
	mkfifo "$work/sql"
	sqlite3 "$history_db" <"$work/sql" &
	locker=$!
	exec 9>"$work/sql"
	echo 'BEGIN EXCLUSIVE;' >&9
	run_campaign --set campaign.window=3s
	expect_exit 5
	grep -q 'history.sqlite: somebody else has it locked; the next run' \
	    "$work/campaign.log" || fail 'the log does not tell of the lock'
	exec 9>&-
	wait "$locker"
	run_campaign --set campaign.window=3s
	expect_exit 5
	expect_value 'SELECT count(*) FROM run' 5
}

# What people read of it, and what they are told where there is nothing.
scene_history_shown()
{
	add_device "$one" msbr '' '' 'name = "branch one";'
	start_rig || return
	expect_history 7 'has no history.sqlite yet: a run that' --history
	run_campaign
	expect_exit 0
	expect_history 0 'Campaign test: 1 run, begun from' --history
	expect_history 0 'times are local (+01:00) Devices that lost pack' \
	    --history
	expect_history 0 "branch one ($one): lost packets in 0 of 1 runs" \
	    --history -d 'branch*'
	expect_history 0 'Runs: success 1 2' --history -d "$one"
	expect_history 0 ' not compared' --history -d "$one"
	expect_history 0 '1 run,' --history --since 2020-01-01
	expect_history 0 '0 runs since 2100-01-01 00:00:00' --history \
	    --since '2100-01-01 00:00:00'
	expect_history 2 '-d nobody matches no device of any run' --history \
	    -d nobody
	expect_history 2 '--since soon is no time' --history --since soon
	expect_history 2 'its value is empty' --history --since ''
	expect_history 2 '--since is for --history' --show --since 2020-01-01
	expect_history 2 'exclude each other' --history --check
	expect_history 3 'no-such-file' --history -c "$work/no-such-file"
	head -c 5000 /dev/urandom >"$history_db"
	expect_history 7 'is damaged (file is not a database): --rebuild' \
	    --history
	expect_history 0 'history.sqlite: 1 run ' --rebuild-history
	expect_history 0 '1 run,' --history
}

# Where it cannot be written the night ends as it would have.
scene_history_not_writable()
{
	add_device "$one"
	start_rig || return
	(umask 027 && mkdir -p "$work/output/test")
	ln -s "$work/elsewhere" "$history_db"
	run_campaign
	expect_exit 0
	grep -q 'warning - history: cannot write .*history.sqlite: Too many' \
	    "$work/campaign.log" || fail 'the log does not tell of the link'
	[ ! -e "$work/elsewhere" ] || fail 'a link was followed'
	rm "$history_db"
	expect_history 0 'history.sqlite: 1 run ' --rebuild-history
	expect_value 'SELECT count(*) FROM event' 1
}

# What the manual asks, asked by the shell of SQLite.
scene_history_queries()
{
	local n=0 query said

	command -v sqlite3 >/dev/null || {
		echo 'skipped: no sqlite3 here'
		return
	}
	add_device "$one" msbr '' '' 'name = "branch one";'
	start_rig || return
	run_campaign
	expect_exit 0
	sqlite3 "$history_db" "UPDATE event SET verdict = 'lost', lost = 7,
	    direction = 'back', lost_from = at; UPDATE night SET verdict =
	    'lost'; INSERT INTO device (address) VALUES ('192.0.2.77');
	    INSERT INTO event SELECT run, 2, number, at, alarm, icmp, snmp,
	    tcp, verdict, grade, direction, protocol, lost, lost_from + 50000,
	    lost_to, sentence FROM event" || fail 'it cannot be changed'
	while IFS= read -r -d ';' query; do
		n=$((n + 1))
		said=$(sqlite3 "$history_db" "$query" 2>&1)
		case $n in
		1) [ "$said" = "branch one|$one|1" ] || fail "1: $said" ;;
		2) [[ $said = ??"|back|"*14 || $said = *"|back|1|7"* ]] ||
			fail "2: $said" ;;
		3) [ "$said" = "$one|192.0.2.77|1" ] || fail "3: $said" ;;
		esac
	done < <(sed -n '/^\.Sh HISTORY/,/^\.Sh WORDS/p' \
	    man/traffic-capture-report.5 |
	    sed -n '/^SELECT/,/;$/p')
	[ "$n" = 3 ] || fail "$n queries"
}
