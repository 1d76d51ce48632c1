# inventory.sh - devices that stand in a file of their own, or that a program
# prints, and those that take no part.
# shellcheck shell=bash

annex=127.1.0.2

# add_setting TEXT: one more for the campaign, once its files are written.
add_setting()
{
	printf '%s\n' "$*" >>"$work/conf/campaign.conf"
}

# A program for devices_command; its text is the input.
write_program()
{
	cat >"$work/conf/list"
	chmod 755 "$work/conf/list" "$work/conf" "$work"
}

# Devices of the lab that the campaign's own files do not have.
start_listed_rig()
{
	add_device "$one" msbr 'lose_times = 9;'
	add_device "$annex"
	entries=()
	start_rig || return
	add_setting 'groups = ( { name = "north"; type = "msbr";
	    interfaces = [ "eth-wan" ]; } );'
}

check_listed()
{
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" --check \
	    >"$work/summary" 2>"$work/campaign.log"
	status=$?
}

log_has()
{
	grep -qF -- "$1" "$work/campaign.log" ||
	    fail "not in the log: $1 - $(tail -n 5 "$work/campaign.log")"
}

# A file of a spreadsheet, one device of which is in maintenance.
scene_inventory_file()
{
	start_listed_rig || return
	add_setting 'devices_csv = "branches.csv";'
	printf '%s\r\n' $'\xef\xbb\xbfaddress;name;group;skip' \
	    "$one;\"branch; one\";north;" '' "$annex;branch two;north;TRUE" \
	    >"$work/conf/branches.csv"
	run_campaign
	expect_exit 0
	expect_summary 'Devices: 2, 1 success, 1 skipped'
	expect_summary "  skipped: branch two ($annex): skip = true"
	expect_row "$one" 'Stop capture' Success '' ''
	expect_row "$annex" Resolve Skipped '' 'skip = true: it takes no part' 1
	[ "$(jq -r '.devices[1].status' "$run/report.json")" = skipped ] ||
	    fail "no device is skipped in report.json"
	read_stats
	expect_stat "$annex" '.rest_connections == 0 and .ssh_connections == 0'
}

# All that is wrong with a file, with its lines.
scene_inventory_file_wrong()
{
	start_listed_rig || return
	add_setting 'devices_csv = "branches.csv";'
	printf '%s\n' address,colour "$one,red" "$annex" \
	    >"$work/conf/branches.csv"
	check_listed
	expect_exit 3
	log_has 'branches.csv:1: devices.colour: unknown key'
	log_has 'branches.csv:3: this row has 1 cell and the first row 2'
	nothing_was_sent
}

make_database()
{
	rm -f "$work/conf/branches.db"
	sqlite3 "$work/conf/branches.db" "
	    CREATE TABLE branches (address, name, region, maintenance);
	    INSERT INTO branches VALUES ('$one', 'one, first', 'north', 0),
	        ('$annex', 'two', 'north', 1);"
	chmod 644 "$work/conf/branches.db"
}

# The documentation's program for a database, and a night without that.
# trouble: no new list of devices
scene_inventory_database_down()
{
	local list=$work/output/test/devices.csv

	start_listed_rig || return
	make_database
	write_program <packaging/inventory/sqlite
	add_setting "devices_command = [ \"list\",
	    \"$work/conf/branches.db\" ];"
	check_listed
	expect_exit 0
	[ ! -e "$list" ] || fail "--check has kept a list"
	run_campaign
	expect_exit 0
	expect_summary 'Devices: 2, 1 success, 1 skipped'
	[ "$(stat -c %a "$list")" = 640 ] || fail "mode of $list"
	[ "$(jq -c '.summary.deviceList | [.devices, .trouble]' \
	    "$run/report.json")" = '[2,null]' ] || fail "deviceList is not so"
	rm "$work/conf/branches.db"
	run_campaign
	expect_exit 0
	log_has 'devices_command: '
	log_has 'it ended with status 1; it says: '
	log_has 'is used, '
	log_has 'old, 2 devices'
	expect_summary '  MINOR old list of devices: '
	expect_row "$one" 'Stop capture' Success '' ''
	jq -e '.summary.deviceList | .trouble != null and .printed != null' \
	    "$run/report.json" >/dev/null || fail "deviceList has no trouble"
	rm "$list"
	check_listed
	expect_exit 3
	log_has 'and of its last list: cannot read'
}

# What a program does wrong, and what is said of it: nothing is sent.
refuse_program()
{
	local words=$1

	{ echo '#!/bin/sh' && cat; } | write_program
	check_listed
	expect_exit 3
	log_has "/list: $words; and of its last list: cannot read"
}

scene_inventory_program_wrong()
{
	local held='it has ended, but something that it started still holds'

	held+=' its output: its list may be cut off'
	start_listed_rig || return
	add_setting 'devices_command = "list";'
	check_listed
	expect_exit 3
	log_has 'cannot start'
	refuse_program 'it ended with status 3; it says: no route to db1' <<END
echo address; echo no route to db1 >&2; exit 3
END
	refuse_program 'it was killed (Terminated)' <<'END'
kill $$
END
	refuse_program 'it printed nothing' <<'END'
:
END
	refuse_program '2 errors in the list' <<END
printf 'address,group\n$one,nor'
END
	log_has 'its last line has no end; was it cut off?'
	refuse_program '1 error in the list' <<'END'
echo '<html>'; echo '<p>Please sign in</p>'
END
	log_has '/list:1: devices.<html>: unknown key'
	refuse_program '2 errors in the list' <<'END'
head -c 4096 /bin/sh
END
	log_has '/list:1: this line has a NUL byte'
	refuse_program 'it printed more than 16 MB and was killed' <<'END'
yes | head -c 17000000
END
	refuse_program "$held" <<END
printf 'address,group\n$one,north\n'
sleep 2 2>/dev/null &
END
	refuse_program '1 error in the list' <<END
printf 'address,group,password_file\n$one,north,/etc/shadow\n'
END
	log_has 'column 3 is password_file: a list of devices_command may'
	nothing_was_sent
}

# Whose rights it has, whoever started us.
scene_inventory_program_rights()
{
	local uid

	start_listed_rig || return
	mkdir -m 750 "$work/output"
	if [ "$(id -u)" = 0 ]; then
		chown 65534:65534 "$work/output"
	fi
	uid=$(stat -c %u "$work/output")
	chmod 644 "$work/lab/ca.pem"
	chmod 755 "$work/lab"
	add_setting 'devices_command = "list";'
	write_program <<END
#!/bin/sh
{
	echo "user \$(id -u)"
	sed -n 's/^Cap\\(Inh\\|Prm\\|Eff\\|Amb\\):[^0-9]*/capability /p' \
	    /proc/self/status | sort -u
	env | grep -Ev '^(PATH|LANG|TZ|PWD|_|SHLVL)=' | sed 's/^/environment /'
	wc -c
	echo end
} >&2
printf 'address,group\n$one,north\n'
END
	SECRET_OF_OURS=x check_listed
	expect_exit 0
	SECRET_OF_OURS=x run_campaign
	expect_exit 0
	[ "$(grep -c "list: user $uid\$" "$work/campaign.log")" -ge 1 ] ||
	    fail "it was not user $uid: $(grep list: "$work/campaign.log")"
	log_has 'list: capability 0000000000000000'
	log_has 'list: 0'
	log_has 'list: end'
	grep -q 'list: environment' "$work/campaign.log" &&
	    fail "$(grep 'list: environment' "$work/campaign.log")"
	grep 'list: capability' "$work/campaign.log" |
	    grep -qv 0000000000000000 &&
	    fail "it has a capability"
	expect_row "$one" 'Send ICMP (Ping)' Success '' 'answered' 1
	all_of "$uid" "$work/output"
}

# NetBox, as far as a list of two pages goes.
run_netbox()
{
	private_file "$work/conf/token" 'Authorization: Token 0123'
	cat >"$work/netbox.pl" <<'END'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.9:8000", Listen => 5,
    ReuseAddr => 1) or die;
my $page = '{"next":%s,"results":[{"name":"branch %s, x","status":' .
    '{"value":"%s"},"site":{"slug":"north"},' .
    '"primary_ip":{"address":"%s/32"}}]}';
while (my $c = $s->accept) {
	my ($what, $known);
	while (<$c>) {
		$what = $1 if /^GET (\S+)/;
		$known = 1 if /^Authorization: Token 0123\r/;
		last if /^\r?$/;
	}
	my $text = $what =~ /offset/
	    ? sprintf($page, 'null', 2, 'offline', $ARGV[1])
	    : sprintf($page, '"http://127.0.0.9:8000/api/dcim/devices/' .
		'?offset=500"', 1, 'active', $ARGV[0]);
	my $status = $known ? '200 OK' : '403 Forbidden';
	print $c "HTTP/1.0 $status\r\nContent-Length: " . length($text) .
	    "\r\n\r\n$text";
	close $c;
}
END
	perl "$work/netbox.pl" "$one" "$annex" &
	helpers+=($!)
	wait_until curl -s -o /dev/null http://127.0.0.9:8000/
}

# The documentation's other programs.
scene_inventory_examples()
{
	start_listed_rig || return
	run_netbox
	write_program <packaging/inventory/netbox
	add_setting "devices_command = [ \"list\", \"http://127.0.0.9:8000\",
	    \"$work/conf/token\" ];"
	check_listed
	expect_exit 0
	log_has 'the configuration is right: 1 device and 1 skipped'
	expect_summary 'name = "branch 2, x"'
	private_file "$work/conf/token" 'Authorization: Token wrong'
	check_listed
	expect_exit 3
	log_has 'it ended with status 22; it says: curl: (22)'
	sed -i '/devices_command/,$d' "$work/conf/campaign.conf"
	printf '%s\n' '# a comment' "$one:audiocodes:north" \
	    '192.0.2.77:ios:north' "$annex:AudioCodes:north" \
	    >"$work/conf/router.db"
	write_program <packaging/inventory/oxidized
	add_setting "devices_command = [ \"list\", \"$work/conf/router.db\" ];"
	check_listed
	expect_exit 0
	log_has 'the configuration is right: 2 devices, 1 agent'
}
