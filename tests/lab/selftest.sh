#!/bin/bash
# selftest.sh - does the lab answer as its scenario says?
#
# Starts the lab on addresses of 127.9.0.0/24 with high ports, talks to it with
# curl (HTTPS, and SFTP through libssh2), and judges answers and counters.
# usage: tests/lab/selftest.sh [LAB]      exit 0: all is as it should be
set -u

lab=${1:-bin/traffic-capture-lab}
work=$(mktemp -d)
state=$work/state
pid=
failures=0
rest=18443
ssh=18022
ovoc=18444

finish() {
	[ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null && wait "$pid"
	rm -rf "$work"
}
trap finish EXIT

# One device a row: its type, then its faults: place, kind, other keys.
devices() {
	cat <<'END'
msbr
gwsbc
msbr | start status code=409 times=2
msbr | show hang times=1
msbr | tls hang times=1
msbr | tls key after=1
msbr | tls stranger times=1
msbr | start cut times=1
msbr | show slow times=1
msbr | show garbage times=1 |
    show empty after=1 times=1 |
    show huge size="3M" after=2 times=1
msbr | rest no-status |
    show dots
msbr | start failure times=1 |
    start ignored after=1 times=1 |
    stop ignored times=1
msbr | capture foreign
msbr | capture vanish delay="300ms"
msbr | capture reboot delay="300ms" for="500ms"
msbr | tls refuse when="stop" for="500ms"
msbr | ssh refuse
msbr | ssh hang times=1 |
    ssh close after=1 times=1
msbr | ssh login times=1
msbr | ssh keyboard
msbr | ssh password
msbr | sftp cut size=9000 times=1
msbr | sftp hang times=1 |
    sftp hang size=5000 after=1 times=1
msbr | sftp slow size=20000
msbr | sftp missing times=1
gwsbc | sftp newer
msbr | sftp truncate times=1 |
    sftp empty after=1 times=1
msbr | sftp huge
msbr | sftp single
msbr | sftp status size=3000 times=1
msbr | alarm twice |
    alarm empty |
    alarm garbage |
    alarm source address="127.9.0.99"
msbr | alarm burst size=7
END
}

# "start status code=409" becomes { on = "start"; kind = "status"; code=409; }
fault() { # place, kind, other keys
	printf '{ on = "%s"; kind = "%s"; ' "$1" "$2"
	shift 2
	[ $# -eq 0 ] || printf '%s; ' "$@"
	printf '}'
}

device_group() { # number, type, faults
	local row=$3 separator='' part
	printf '{ address = "127.9.0.%s"; type = "%s"; ' "$1" "$2"
	printf 'rest_port = %s; ssh_port = %s; ' "$rest" "$ssh"
	printf 'lose_after = "200ms"; capture_size = "20k"; faults = ('
	while [ -n "$row" ]; do
		part=${row%%|*}
		row=${row#"$part"}
		row=${row#|}
		printf '%s' "$separator"
		# shellcheck disable=SC2086 # the words are the arguments
		fault $part
		separator=', '
	done
	printf '); },\n'
}

device_groups() {
	local n=0 type faults
	while IFS='|' read -r type faults; do
		n=$((n + 1))
		device_group "$n" "${type// /}" "$faults"
	done < <(devices | sed -e ':a' -e '/|$/N; s/|\n */| /; ta')
}

cat > "$work/lab.conf" <<END
lab = { state = "$state";
  ovoc = { address = "127.9.0.254"; port = $ovoc;
    username = "capture"; password = "secret";
    faults = ( { on = "ovoc-rule"; kind = "status"; code = 500;
      times = 1; } ); };
  devices = (
    $(device_groups)
    { address = "127.9.0.200"; rest_port = $rest; ssh_port = $ssh; },
    { address = "127.9.0.201"; rest_port = $rest; ssh_port = $ssh;
      clock = -86400; }
  );
};
END

check() { # description, expected text, text
	if [[ "$3" == *"$2"* ]]; then
		return
	fi
	failures=$((failures + 1))
	printf 'FAILED: %s: no `%s` in `%s`\n' "$1" "$2" "${3:0:300}"
}

web() { # address, curl arguments: body and status
	local to=$1
	shift
	curl -sS --max-time "${limit:-2}" --cacert "$state/ca.pem" \
		-w ' %{http_code}' "$@" "https://$to" 2>&1 | tr -d '\0'
}

script() { # device number, commands
	printf '%s\n' "${@:2}" > "$work/cli.txt"
	web "127.9.0.$1:$rest/api/v1/files/cliScript/incremental" -X PUT \
		-u Admin:Admin -F "file=@$work/cli.txt;filename=cli.txt"
}

data='debug capture data physical'
start() { script "$1" "$data stop" "$data eth-wan" "$data start"; }
show() { script "$1" "$data show"; }
stop() { script "$1" "$data stop"; }

fetch() { # device number, kind of capture: its size, or curl's complaint
	local file=/debug-capture/debug-capture-${2:-data}.pcap
	curl -sS --insecure --max-time "${limit:-3}" -o "$work/got" \
		-u "${login:-Admin:Admin}" "sftp://127.9.0.$1:$ssh$file" 2>&1 &&
		echo "$(stat -c %s "$work/got") bytes"
}

status() { # device number, curl arguments
	web "127.9.0.$1:$rest/api/v1/status" -u "${login:-Admin:Admin}" \
		"${@:2}"
}

ovoc() { # path under /ovoc/v1, curl arguments
	web "127.9.0.254:$ovoc/ovoc/v1/$1" -g -u "${login:-capture:secret}" \
		"${@:2}"
}

ready_file() { start "$1" > "$work/out"; stop "$1" > "$work/out"; }

count() { # device number, counter
	kill -USR1 "$pid"
	sleep 0.2
	awk -v at="\"127.9.0.$1\"" -v key="\"$2\":" '
	    index($0, at ",") { here = 1 }
	    here && $1 == key { gsub(",", "", $2); print $2; exit }' \
	    "$work/stats.json"
}

"$lab" -f "$work/lab.conf" --stats "$work/stats.json" \
	> "$work/lab.out" 2> "$work/lab.err" &
pid=$!
for _ in $(seq 100); do
	grep -q '^lab: ready' "$work/lab.out" && break
	sleep 0.1
done

check 'status page' '"productType"' "$(status 1)"
check 'wrong password' ' 401' "$(login=Admin:x status 200)"
check 'first show' 'is not active' "$(show 1)"
check 'start' 'success' "$(start 1)"
check 'show' 'physical is active' "$(show 1)"
check 'wrong type' 'Invalid command' "$(script 2 "$data show")"
check 'user' 'success' "$(script 1 'configure system' ' snmp v3-users new' \
	'  user lab' '  auth-protocol sha-1' '  priv-protocol aes-128' \
	'  auth-key 12345678' '  priv-key 12345678' ' exit' 'exit')"
check 'user is counted' 1 "$(count 1 snmp_users_left)"
check 'user goes' 'success' "$(script 1 'configure system' \
	' no snmp v3-users where username lab' 'exit' "$data stop")"
check 'no user is left' 0 "$(count 1 snmp_users_left)"
check 'fetch' '19328 bytes' "$(fetch 1)"
check 'login refused' '(67)' "$(login=Admin:wrong fetch 1)"

yesterday=$(($(date +%s) - 86400))
check 'a clock' "$(date -u -d "@$yesterday" +%FT%H:)" "$(status 201)"
ready_file 201
fetch 201 >"$work/out"
# The seconds of the first packet, in the byte order of this host.
stamp=$(od -A n -t u4 -j 24 -N 4 "$work/got")
check 'its stamps' yes "$([ $((stamp - yesterday)) -lt 60 ] &&
    [ $((stamp - yesterday)) -ge 0 ] && echo yes)"

check '409' ' 409' "$(start 3)"
check '409 again' ' 409' "$(start 3)"
check '409 over' ' 200' "$(start 3)"
check 'hang' 'timed out' "$(limit=1 show 4)"
check 'hang over' ' 200' "$(show 4)"
check 'one request at a time' 0 "$(count 4 rest_overlaps)"
check 'TLS hang' 'timed out' "$(limit=1 show 5)"
check 'TLS hang over' ' 200' "$(show 5)"
pin=$(cat "$state/tls-pin")
check 'pin' ' 200' "$(status 6 --pinnedpubkey "$pin")"
check 'changed pin' 'does not match' "$(status 6 --pinnedpubkey "$pin")"
check 'stranger' 'certificate' "$(show 7)"
check 'stranger over' ' 200' "$(show 7)"
check 'cut' 'curl: (' "$(start 8)"
check 'cut answer was obeyed' 'is active' "$(show 8)"
check 'slow' 'timed out' "$(limit=1 show 9)"
check 'slow over' ' 200' "$(show 9)"
check 'garbage' 'not { JSON' "$(show 10)"
check 'empty' ' 200' "$(show 10)"
check 'huge' '3000004 bytes' "$(echo "$(show 10 | wc -c) bytes")"
check 'no status' '{"output":' "$(show 11)"
check 'dots' 'is not active."' "$(show 11)"
check 'failure' '"failure"' "$(start 12)"
check 'ignored start' '"success"' "$(start 12)"
check 'ignored start' 'not active' "$(show 12)"
start 12 > "$work/out"
check 'ignored stop' '"success"' "$(stop 12)"
check 'ignored stop' 'is active' "$(show 12)"
check 'foreign capture' 'is active' "$(show 13)"
start 14 > "$work/out"
start 15 > "$work/out"
sleep 0.4
check 'vanished' 'not active' "$(show 14)"
check 'restarting' '(7)' "$(show 15)"
sleep 0.5
check 'restarted' 'not active' "$(show 15)"
stop 16 > "$work/out"
check 'closed port' '(7)' "$(show 16)"
sleep 0.6
check 'open port' ' 200' "$(show 16)"

check 'SSH refused' '(7)' "$(fetch 17)"
check 'SSH hang' 'curl: (' "$(limit=1 fetch 18)"
check 'SSH closed' 'curl: (' "$(fetch 18)"
for n in $(seq 19 30); do
	ready_file "$n"
done
check 'SSH login' '(67)' "$(fetch 19)"
check 'SSH login over' bytes "$(fetch 19)"
check 'keyboard only' bytes "$(fetch 20)"
check 'password only' bytes "$(fetch 21)"
check 'SFTP cut' 'curl: (' "$(fetch 22)"
check 'SFTP cut over' '19328 bytes' "$(fetch 22)"
check 'SFTP hang' 'curl: (' "$(limit=1 fetch 23)"
check 'SFTP hang in a READ' 'curl: (' "$(limit=1 fetch 23)"
check 'SFTP hang over' bytes "$(fetch 23)"
check 'SFTP slow' 'curl: (28)' "$(limit=1 fetch 24)"
check 'missing' 'curl: (' "$(fetch 25)"
check 'missing over' bytes "$(fetch 25)"
voip='debug capture voip physical'
script 26 "$voip start" "$voip stop" > "$work/out"
check 'old file' '24 bytes' "$(fetch 26 voip)"
check 'newer file' '19328 bytes' "$(fetch 26 data)"
check 'truncated' '19321 bytes' "$(fetch 27)"
check 'empty file' '0 bytes' "$(fetch 27)"
check 'whole file' '19328 bytes' "$(fetch 27)"
fetch 28 > "$work/out"
check 'less than announced' '19328' "$(stat -c %s "$work/got")"
check 'READ fails' 'curl: (' "$(fetch 30)"
check 'READ fails no more' bytes "$(fetch 30)"

rules=alarms/fwdRules
find='topology/devices?detail=1&filter'
rule='{"name":"r","ruleDestType":"SYSLOG","forwardType":"ALLOW",
 "destSyslog":{"syslogServerIP":"127.9.0.254","syslogServerPort":20999},
 "alarmDevicesFilter":[1031,1032]}'
check 'OVOC login' ' 401' "$(login=capture:x ovoc $rules)"
check 'device' '"id":1031' \
	"$(ovoc "$find=(ipAddress='127.9.0.31')")"
check 'no device' ' 204' "$(ovoc "$find=(ipAddress='127.9.0.77')")"
check 'rule refused' ' 500' "$(ovoc $rules -d "$rule")"
check 'rule' ' 201' "$(ovoc $rules -d "$rule")"
check 'rule is there' '"id":500' "$(ovoc "$rules?filter=(name='r')")"
check 'rule changes' ' 200' "$(ovoc $rules/500 -X PUT -d "$rule")"
start 31 > "$work/out"
start 32 > "$work/out"
sleep 0.4
check 'alarms' 4 "$(count 31 alarms)"
check 'burst' 7 "$(count 32 alarms)"
check 'rule goes' ' 200' "$(ovoc $rules/500 -X DELETE)"
check 'rule has gone' ' 204' "$(ovoc $rules)"

kill -TERM "$pid"
wait "$pid"
check 'orderly end' 0 "$?"
pid=

cat > "$work/bad.conf" <<'END'
lab = { staet = "x"; devices = ( { address = "127.1"; } ); };
END
said=$("$lab" -f "$work/bad.conf" 2>&1)
check 'wrong scenario' 3 "$?"
check 'unknown key' 'bad.conf:1: unknown key `staet`' "$said"
check 'nearest key' 'did you mean `state`?' "$said"
check 'wrong address' 'address must be' "$said"

[ "$failures" -eq 0 ] && echo "lab selftest: all is well"
[ "$failures" -eq 0 ]
