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

cat > "$work/lab.conf" <<END
lab = { state = "$state";
  ovoc = { address = "127.9.0.254"; port = $ovoc;
    username = "capture"; password = "secret";
    faults = ( { on = "ovoc-rule"; kind = "status"; code = 500; times = 1; } ); };
  devices = (
$(n=0; while read -r type faults; do n=$((n + 1)); cat <<ROW
    { address = "127.9.0.$n"; type = "$type"; rest_port = $rest; ssh_port = $ssh;
      lose_after = "200ms"; capture_size = "20k"; faults = ( $faults ); },
ROW
done <<DEVICES
msbr
gwsbc
msbr { on = "start"; kind = "status"; code = 409; times = 2; }
msbr { on = "show"; kind = "hang"; times = 1; }
msbr { on = "tls"; kind = "hang"; times = 1; }
msbr { on = "tls"; kind = "key"; after = 1; }
msbr { on = "tls"; kind = "stranger"; times = 1; }
msbr { on = "start"; kind = "cut"; times = 1; }
msbr { on = "show"; kind = "slow"; times = 1; }
msbr { on = "show"; kind = "garbage"; times = 1; }, { on = "show"; kind = "empty"; after = 1; times = 1; }, { on = "show"; kind = "huge"; size = "3M"; after = 2; times = 1; }
msbr { on = "rest"; kind = "no-status"; }, { on = "show"; kind = "dots"; }
msbr { on = "start"; kind = "failure"; times = 1; }, { on = "start"; kind = "ignored"; after = 1; times = 1; }, { on = "stop"; kind = "ignored"; times = 1; }
msbr { on = "capture"; kind = "foreign"; }
msbr { on = "capture"; kind = "vanish"; delay = "300ms"; }
msbr { on = "capture"; kind = "reboot"; delay = "300ms"; for = "500ms"; }
msbr { on = "tls"; kind = "refuse"; when = "stop"; for = "500ms"; }
msbr { on = "ssh"; kind = "refuse"; }
msbr { on = "ssh"; kind = "hang"; times = 1; }, { on = "ssh"; kind = "close"; after = 1; times = 1; }
msbr { on = "ssh"; kind = "login"; times = 1; }
msbr { on = "ssh"; kind = "keyboard"; }
msbr { on = "ssh"; kind = "password"; }
msbr { on = "sftp"; kind = "cut"; size = 9000; times = 1; }
msbr { on = "sftp"; kind = "hang"; times = 1; }, { on = "sftp"; kind = "hang"; size = 5000; after = 1; times = 1; }
msbr { on = "sftp"; kind = "slow"; size = 20000; }
msbr { on = "sftp"; kind = "missing"; times = 1; }
gwsbc { on = "sftp"; kind = "newer"; }
msbr { on = "sftp"; kind = "truncate"; times = 1; }, { on = "sftp"; kind = "empty"; after = 1; times = 1; }
msbr { on = "sftp"; kind = "huge"; }
msbr { on = "sftp"; kind = "single"; }
msbr { on = "sftp"; kind = "status"; size = 3000; times = 1; }
msbr { on = "alarm"; kind = "twice"; }, { on = "alarm"; kind = "empty"; }, { on = "alarm"; kind = "garbage"; }, { on = "alarm"; kind = "source"; address = "127.9.0.99"; }
msbr { on = "alarm"; kind = "burst"; size = 7; }
DEVICES
)
    { address = "127.9.0.200"; rest_port = $rest; ssh_port = $ssh; }
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

fetch() { # device number, file name's word: size or curl's complaint
	curl -sS --insecure --max-time "${limit:-3}" -u "${login:-Admin:Admin}" \
		-o "$work/got" \
		"sftp://127.9.0.$1:$ssh/debug-capture/debug-capture-${2:-data}.pcap" \
		2>&1 && echo "$(stat -c %s "$work/got") bytes"
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

check 'status page' '"productType"' "$(web 127.9.0.1:$rest/api/v1/status -u Admin:Admin)"
check 'wrong password' ' 401' "$(web 127.9.0.200:$rest/api/v1/status -u Admin:x)"
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

check '409' ' 409' "$(start 3)"
check '409 again' ' 409' "$(start 3)"
check '409 over' ' 200' "$(start 3)"
check 'hang' 'timed out' "$(limit=1 show 4)"
check 'hang over' ' 200' "$(show 4)"
check 'one request at a time' 0 "$(count 4 rest_overlaps)"
check 'TLS hang' 'timed out' "$(limit=1 show 5)"
check 'TLS hang over' ' 200' "$(show 5)"
pin=$(cat "$state/tls-pin")
status=api/v1/status
check 'pin' ' 200' "$(web 127.9.0.6:$rest/$status -u Admin:Admin --pinnedpubkey "$pin")"
check 'changed pin' 'does not match' "$(web 127.9.0.6:$rest/$status -u Admin:Admin --pinnedpubkey "$pin")"
check 'stranger' 'certificate' "$(show 7)"
check 'stranger over' ' 200' "$(show 7)"
check 'cut' 'curl: (' "$(start 8)"
check 'cut answer was obeyed' 'is active' "$(show 8)"
check 'slow' 'timed out' "$(limit=1 show 9)"
check 'slow over' ' 200' "$(show 9)"
check 'garbage' 'not { JSON' "$(show 10)"
check 'empty' ' 200' "$(show 10)"
check 'huge' 3000000 "$(web 127.9.0.10:$rest/api/v1/files/cliScript/incremental \
	-X PUT -u Admin:Admin -F "file=@$work/cli.txt" -o /dev/null \
	-w '%{size_download}')"
check 'dots, no status' '{"output":"Debug capture physical is not active."' "$(show 11)"
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
script 26 'debug capture voip physical start' 'debug capture voip physical stop' > "$work/out"
check 'old file' '24 bytes' "$(fetch 26 voip)"
check 'newer file' '19328 bytes' "$(fetch 26 data)"
check 'truncated' '19321 bytes' "$(fetch 27)"
check 'empty file' '0 bytes' "$(fetch 27)"
check 'whole file' '19328 bytes' "$(fetch 27)"
fetch 28 > "$work/out"
check 'less than announced' '19328' "$(stat -c %s "$work/got")"
check 'READ fails' 'curl: (' "$(fetch 30)"
check 'READ fails no more' bytes "$(fetch 30)"

api=127.9.0.254:$ovoc/ovoc/v1
rule='{"name":"r","ruleDestType":"SYSLOG","forwardType":"ALLOW",
 "destSyslog":{"syslogServerIP":"127.9.0.254","syslogServerPort":20999},
 "alarmDevicesFilter":[1031,1032]}'
check 'OVOC login' ' 401' "$(web "$api/alarms/fwdRules" -u capture:x)"
check 'device' '"id":1031' "$(web "$api/topology/devices?detail=1&filter=(ipAddress='127.9.0.31')" -g -u capture:secret)"
check 'no device' ' 204' "$(web "$api/topology/devices?filter=(ipAddress='127.9.0.77')" -g -u capture:secret)"
check 'rule refused' ' 500' "$(web "$api/alarms/fwdRules" -u capture:secret -d "$rule")"
check 'rule' ' 201' "$(web "$api/alarms/fwdRules" -u capture:secret -d "$rule")"
check 'rule is there' '"id":500' "$(web "$api/alarms/fwdRules?filter=(name='r')" -g -u capture:secret)"
check 'rule changes' ' 200' "$(web "$api/alarms/fwdRules/500" -X PUT -u capture:secret -d "$rule")"
start 31 > "$work/out"
start 32 > "$work/out"
sleep 0.4
check 'alarms' 4 "$(count 31 alarms)"
check 'burst' 7 "$(count 32 alarms)"
check 'rule goes' ' 200' "$(web "$api/alarms/fwdRules/500" -X DELETE -u capture:secret)"
check 'rule has gone' ' 204' "$(web "$api/alarms/fwdRules" -u capture:secret)"

kill -TERM "$pid"
wait "$pid"
check 'orderly end' 0 "$?"
pid=

printf 'lab = { staet = "x"; devices = ( { address = "127.1"; } ); };\n' > "$work/bad.conf"
said=$("$lab" -f "$work/bad.conf" 2>&1)
check 'wrong scenario' 3 "$?"
check 'unknown key' 'bad.conf:1: unknown key `staet`: did you mean `state`?' "$said"
check 'wrong address' 'address must be' "$said"

[ "$failures" -eq 0 ] && echo "lab selftest: all is well"
[ "$failures" -eq 0 ]
