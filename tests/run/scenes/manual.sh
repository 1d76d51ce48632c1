# manual.sh - every example of the manual is tried, in README.md's layout: its
# two configurations, against the lab at the addresses that they name.
# shellcheck shell=bash
#
# Places are in the scene's folder, times are short; all else is as it stands
# in the pages' sections EXAMPLES, and in all of those of section 7.  What the
# scene does not know, it fails for.

root=$PWD
path=$PATH
etc=$work/etc/traffic-capture

# The block of README.md that begins with this line, as a file.
from_readme()
{
	sed -n "/^    $1/,/^\$/p" README.md | sed 's/^    //'
}

# Where it is and how long it takes: the last file of each folder.
write_readme_layout()
{
	mkdir -p "$etc/conf.d" "$etc/agent.d" "$etc/credentials" "$work/conf" \
	    "$work/lab" "$work/captures" "$work/tmp/branch12" \
	    "$work/var/lib/prometheus/node-exporter"
	write_secrets
	private_file "$etc/credentials/cpe-password" "$cpe_password"
	private_file "$etc/credentials/ovoc-password" "$ovoc_password"
	private_file "$etc/credentials/snmp-auth" "$snmp_auth"
	private_file "$etc/credentials/snmp-priv" "$snmp_priv"
	from_readme 'campaign = {' >"$etc/conf.d/branch.conf"
	from_readme 'agent = {' >"$etc/agent.d/agent.conf"
	cat >"$etc/conf.d/test.conf" <<END
campaign = { output = "$work/var/lib/traffic-capture"; min_free = "1M";
	listen_address = "192.0.2.10"; window = "30s"; };
verify = { count = 30; interval = "100ms"; timeout = "500ms"; };
END
	cat >"$etc/agent.d/test.conf" <<END
agent = { captures = "$work/captures"; min_free = "1M"; interface = "lo";
	listen_address = "192.0.2.252"; settle = "1200ms"; buffer = "16M"; };
ovoc = { url = "https://192.0.2.252"; };
verify = { count = 30; interval = "100ms"; timeout = "500ms"; };
END
}

# The devices of README.md, the second of which refuses every login.
start_readme_rig()
{
	local real='capture = "tcpdump"; interface = "lo";' last

	for last in 252 10 12 218 219; do
		ip address add 192.0.2.$last/32 dev lo
		ip route replace local 192.0.2.$last dev lo table local \
		    src 192.0.2.252
	done
	agent_address=192.0.2.252
	add_device 192.0.2.218 msbr "$real"
	add_device 192.0.2.219 msbr '' \
	    '{ on = "rest"; kind = "status"; code = 401; }'
	add_device 192.0.2.12 gwsbc "$real fqdn = \"branch12.example.net\";"
	write_readme_layout
	write_lab_conf
	run_lab || return
	cp "$work/lab/ca.pem" "$etc/conf.d/ca.pem"
	cp "$work/lab/ca.pem" "$etc/agent.d/ca.pem"
	start_agent "$etc/agent.d" || fail "the agent did not start"
}

# The captures of both ends in one place, as somebody has copied them; the
# server's one of 192.0.2.218 without the answers to SNMP, and what stands for
# captures of others.
bring_captures()
{
	local to=$1 server device

	mkdir -p "$to"
	cp "$work"/captures/OVOC_* "$run"/captures/CPE_* "$to"
	server=$(echo "$to"/OVOC_device_192.0.2.218_*.pcap)
	device=$(echo "$to"/CPE_device_192.0.2.218_*.pcap)
	tcpdump -r "$server" -w "$work/cut.pcap" \
	    'not (src host 192.0.2.218 and udp src port 161)' 2>/dev/null
	mv "$work/cut.pcap" "$server"
	cp "$server" "$to/office.pcap"
	cp "$device" "$to/branch.pcapng"
	minute=${device##*_}
	minute=${minute%.*.*.*}
}

# --- what is in the pages ---

# Each block is a file, PAGE.N in their order, without the marks of mdoc(7).
extract_examples()
{
	mkdir -p "$work/examples"
	for page in man/*; do
		awk -v to="$work/examples/${page##*/}" '
		/^\.Sh / { inside = $0 == ".Sh EXAMPLES" || to ~ /7$/; next }
		!inside { next }
		/^\.Dl / { print substr($0, 5) >(to "." ++n); next }
		/^\.Bd -literal/ { file = to "." ++n; next }
		/^\.Bd -unfilled/ { next }
		/^\.Bd / { print "what is this block?" >(to "." ++n) }
		/^\.Ed/ { file = ""; next }
		file != "" { print >file }' "$page"
		grep -q '^\.Sh EXAMPLES' "$page" || continue
		[ -e "$work/examples/${page##*/}.1" ] ||
		    fail "$page: no example was found"
	done
	sed -i -e 's/\\e/\\/g' -e 's/\\&//g' \
	    -e "s,/tmp/,$work/tmp/,g" \
	    -e "s,/etc/traffic-capture,$etc,g" \
	    -e "s,/var/lib/traffic-capture,$work/var/lib/traffic-capture,g" \
	    -e 's/capture_for=10*m/capture_for=2s/' \
	    -e "s,/var/lib/prometheus,$work/var/lib/prometheus,g" \
	    -e "s/2026-11-23T03\.12/$minute/" "$work"/examples/*
}

# --- what the commands do here ---

note()
{
	echo "$1" >>"$work/statuses"
	return "$1"
}

command_not_found_handle()
{
	echo "$1: is it to be tried here?"
	note 127
}

# As root, which is what can do the rest.
sudo()
{
	"$@"
}

less()
{
	local PATH=$path

	cat
	note $?
}

# ./NAME_*.deb, one of those that are made.
apt()
{
	local PATH=$path name=${2#./}

	[ "$1" = install ] &&
	    grep -qx "Package: ${name%%_*}" "$root/packaging/debian/control"
	note $?
}

# A unit that is installed, and what can be done with one.
unit_is_there()
{
	local PATH=$path name=$1

	case $name in
	*.*) ;;
	*) name+=.service ;;
	esac
	[ -e "$root/packaging/systemd/$name" ]
	note $?
}

systemctl()
{
	case $1 in
	enable | disable | status | cat | list-timers) ;;
	*) note 127 ;;
	esac
	shift
	[ "$1" != --now ] || shift
	unit_is_there "$1"
}

journalctl()
{
	[ "$1" = -u ] || note 127
	unit_is_there "$2"
}

systemd-analyze()
{
	[ "$1" = security ] || note 127
	unit_is_there "$2"
}

# Without -c it is README.md's.
traffic-capture()
{
	local PATH=$path

	# What the other pages look at is left alone.
	[ "${page:-}" != traffic-capture-first.7 ] ||
	    set -- "$@" --set campaign.name=first
	case " $* " in
	*' --init '*) "$bin/traffic-capture" -c "$place/conf.d" "$@" ;;
	*' -c '*) "$bin/traffic-capture" "$@" ;;
	*) "$bin/traffic-capture" -c "$etc/conf.d" "$@" ;;
	esac
	note $?
}

# One that goes on does so behind the others.
traffic-capture-agent()
{
	local PATH=$path

	case " $* " in
	*' --init '*)
		"$bin/traffic-capture-agent" -c "$place/agent.d" "$@"
		note $?
		;;
	*' --clear '*)
		"$bin/traffic-capture-agent" -c "$etc/agent.d" \
		    --set agent.captures="$work/tmp/cleared" \
		    --set agent.listen_port=20002 "$@"
		note $?
		;;
	*' --check '* | *' --status '* | *' --metrics '*)
		[ "$1" = -c ] || set -- -c "$etc/agent.d" "$@"
		"$bin/traffic-capture-agent" "$@"
		note $?
		;;
	*)
		: >"$work/agent-by-hand.log"
		"$bin/traffic-capture-agent" "$@" >"$work/agent-by-hand.log" \
		    2>&1 &
		by_hand+=($!)
		wait_for_line "$work/agent-by-hand.log" 'listens on UDP port'
		note $?
		;;
	esac
}

traffic-capture-lab()
{
	local PATH=$path

	: >"$work/lab-by-hand.log"
	"$bin/traffic-capture-lab" "$@" --state "$work/tmp/traffic-capture-lab" \
	    >"$work/lab-by-hand.log" 2>&1 &
	by_hand+=($!)
	wait_for_line "$work/lab-by-hand.log" 'lab: ready'
	note $?
}

traffic-capture-compare()
{
	local PATH=$path

	"$bin/traffic-capture-compare" "$@"
	note $?
}

jq()
{
	local PATH=$path

	command jq "$@"
	note $?
}

# Run this in its place, by what is above alone: there are no other commands.
run_example()
{
	cd "$place" || return
	: >"$work/statuses"
	# shellcheck disable=SC2123 # just that
	PATH=$work/no-such-folder
	# shellcheck disable=SC1090 # of a page
	. "$1" >"$work/said" 2>&1
	PATH=$path
	place=$PWD
	cd "$root" || return
}

# wants STATUSES WORDS: what came of it.
wants()
{
	local statuses

	known=yes
	statuses=$(paste -sd ' ' "$work/statuses")
	if [ "$statuses" != "$1" ]; then
		fail "$page: $(cat "$example"): status $statuses instead of $1:
$(tail -n 15 "$work/said")"
	fi
	[ -z "$2" ] || grep -qe "$2" "$work/said" ||
	    fail "$page: $(cat "$example"): no '$2' in what it says:
$(tail -n 15 "$work/said")"
}

# --- configurations ---

# It is right in README.md's layout, and can be used by the commands behind it.
try_configuration()
{
	local folder=$place/d kind

	mkdir -p "$folder"
	cp -r "$etc/credentials" "$place"
	private_file "$place/credentials/south" "$cpe_password"
	cp "$etc/agent.d/ca.pem" "$folder/ca.pem"
	cp "$etc/agent.d/ca.pem" "$folder/ovoc-ca.pem"
	kind=$(sed -nE '1s/^([a-z]+) = .*/\1/p' "$1")
	: >"$work/statuses"
	rm -f "$folder"/*.conf
	case $kind in
	agent)
		(umask 077 && cat "$1" >"$place/agent.conf")
		cp -p "$place/agent.conf" "$folder"
		mkdir -p "$work/tmp/by-hand/server"
		traffic-capture-agent -c "$folder" --check \
		    --set agent.interface=lo \
		    --set agent.captures="$work/captures" >"$work/said" 2>&1
		wants 0 'agent = {'
		;;
	campaign | defaults | snmp)
		(umask 077 && cat "$1" >"$place/campaign.conf")
		cp -p "$place/campaign.conf" "$folder"
		# The agent is on this host as well.
		traffic-capture -c "$folder" --check \
		    -o "$work/tmp/checked" \
		    --set campaign.listen_address=192.0.2.10 \
		    >"$work/said" 2>&1
		wants 0 'the configuration is right'
		;;
	lab)
		traffic-capture-lab -f "$1" >"$work/said" 2>&1
		cat "$work/lab-by-hand.log" >>"$work/said"
		wants 0 'lab: ready'
		end_by_hand
		;;
	esac
}

end_by_hand()
{
	local pid

	for pid in "${by_hand[@]}"; do
		end_program "$pid" || fail "$pid ended with $?"
	done
	by_hand=()
}

# --- all of them ---

try_example()
{
	local known=''

	example=$1
	if head -n 1 "$example" | grep -q '^[a-z_]* = [({]'; then
		try_configuration "$example"
		[ -n "$known" ] || fail "$page: what is $(cat "$example")"
		return
	fi
	run_example "$example"
	case $page:$(tr -s '\n ' ' ' <"$example") in
	traffic-capture.8:*' --check'*' --dry-run'*)
		wants '0 0' 'REGISTER 192.0.2.218' ;;
	traffic-capture.8:*' --probe'*)
		wants '0 1' 'MAJOR Log in by REST: 192.0.2.219: HTTP 401' ;;
	traffic-capture.8:*'--set campaign.capture_for'*)
		wants 0 'branch 12' ;;
	traffic-capture.8:*'--show -d'*)
		wants 0 'branch 12 (branch12.example.net): success' ;;
	traffic-capture.8:*'jq -r'* | traffic-capture-report.5:jq*NORMAL*)
		wants 0 '^192.0.2.219.' ;;
	traffic-capture-report.5:*completed*)
		wants 0 '^192.0.2.219.failed' ;;
	traffic-capture-compare.1:*'|'*)
		wants '1 0' '^snmp.back' ;;
	traffic-capture-compare.1:*)
		wants 1 'SNMP answers left the ' ;;
	traffic-capture-agent.8:*--check*)
		wants 0 '192.0.2.10/32' ;;
	*.7:*'apt install'*--init*)
		wants '0 0' 'write the password into it' ;;
	traffic-capture-first.7:*'agent --check'*)
		wants '0 0 0' '192.0.2.10' ;;
	traffic-capture-first.7:*--dry-run*)
		wants '0 0 0' 'REGISTER 192.0.2.218' ;;
	traffic-capture-first.7:*--probe* | traffic-capture-trouble.7:*--probe*)
		wants 1 'MAJOR Log in by REST: 192.0.2.219: HTTP 401' ;;
	traffic-capture-trouble.7:*--history*)
		wants 0 '^Campaign branch-wan: ' ;;
	traffic-capture-server.7:*--status*)
		wants '0 0' '^OVOC: ' ;;
	traffic-capture-first.7:*capture_for*)
		wants '0 0' '192.0.2.218' ;;
	traffic-capture-reading.7:*--compare*)
		wants 1 'Not compared' ;;
	traffic-capture-reading.7:*'jq -r'* | \
	    traffic-capture-*.7:*'--show -d 192.0.2.219'*)
		wants 0 '192.0.2.219' ;;
	traffic-capture-reading.7:*'--show -d'*)
		wants 0 '192.0.2.218.*: success' ;;
	traffic-capture-reading.7:*--show*)
		wants 0 '192.0.2.219' ;;
	traffic-capture-trouble.7:*--check*)
		wants 0 'the configuration is right' ;;
	traffic-capture-trouble.7:*--recover*)
		wants 0 '' ;;
	traffic-capture-server.7:*--clear*)
		wants '0 0' '' ;;
	*.7:systemctl* | *.7:journalctl* | *.7:'sudo systemctl'*)
		case $(wc -l <"$example") in
		1) wants 0 '' ;;
		*) wants '0 0' '' ;;
		esac
		;;
	traffic-capture-agent.8:*--status*)
		wants '0 0 0' '^OVOC: ' ;;
	traffic-capture-agent.8:*--metrics*)
		cat "$work"/var/lib/prometheus/*/*.prom >>"$work/said"
		wants 0 '^traffic_capture_agent_up 1$' ;;
	traffic-capture-lab.8:*)
		wants '0 0 0' 'Devices: 3, 3 ' ;;
	esac
	[ -n "$known" ] || fail "$page: nobody knows how it ends: $(cat "$1")"
}

scene_manual_examples()
{
	local page example place n by_hand=() minute

	set -o pipefail
	case $bin in
	/*) ;;
	*) bin=$root/$bin ;;
	esac
	printf '127.0.0.1 localhost\n192.0.2.12 branch12.example.net\n' \
	    >"$work/hosts"
	if ! mount --bind "$work/hosts" /etc/hosts 2>"$work/mount.log"; then
		echo "skipped: no mount namespace here"
		return
	fi
	start_readme_rig || return
	traffic-capture >"$work/summary" 2>"$work/campaign.log"
	status=$?
	expect_exit 1
	run=$work/var/lib/traffic-capture/branch-wan/latest
	bring_captures "$work/place/traffic-capture-compare.1"
	extract_examples
	for page in man/*; do
		page=${page##*/}
		place=$work/place/$page
		mkdir -p "$place"
		for ((n = 1; ; n++)); do
			[ -e "$work/examples/$page.$n" ] || break
			try_example "$work/examples/$page.$n"
		done
		end_by_hand
	done
}
