# shared.sh - one capture for all devices: what is in their files is what a
# tcpdump of each has, and what becomes of them when it dies.
# shellcheck shell=bash

two=127.1.0.2 six=fd00:1::1

# What the agent's own tcpdump would have for this device.
filter_of()
{
	local hex

	if [[ $1 = *:* ]]; then
		hex=$(perl -MSocket=inet_pton,AF_INET6 -e \
		    'print unpack("H*", inet_pton(AF_INET6, shift))' "$1")
		printf '(host %s or (icmp6 and ip6[40] < 128' "$1"
		for i in 0 1 2 3; do
			printf ' and ip6[%d:4] = 0x%s' $((72 + 4 * i)) \
			    "${hex:8 * i:8}"
		done
		printf '))'
		return
	fi
	# shellcheck disable=SC2046,SC2086 # four numbers
	printf '(host %s or ((icmp[0] = 3 or icmp[0] = 11) and %s))' "$1" \
	    "$(printf 'icmp[24:4] = 0x%02x%02x%02x%02x' ${1//./ })"
}

# A real tcpdump of this device: its files and name are $1.
tcpdump_beside()
{
	tcpdump -i "$agent_interface" -n -U -B 16384 -w "$work/beside-$1" \
	    "$(filter_of "$1")" 2>"$work/beside-$1.log" &
	beside+=($!)
	wait_for_line "$work/beside-$1.log" 'listening on' || fail "no tcpdump"
}

end_beside()
{
	local pid

	sleep 1.3 # libpcap hands packets over a second late
	for pid in "${beside[@]}"; do
		end_program "$pid"
	done
}

file_of()
{
	echo "CPE_device_${1//:/.}_2026-11-23T04.00.00.000000Z.pcap"
}

# All of a device's packets, and of what link type.
text_of()
{
	tcpdump -n -t -xx -r "$1" 2>&1 |
	    sed 's/^reading from file .*, link-type/link-type/'
}

# The same packets in the same order, of the same kind; $2: so many or more.
expect_same_as_beside()
{
	local file name ours=$work/ours-$1 theirs=$work/theirs-$1

	name=$(file_of "$1")
	file=$work/captures/OVOC${name#CPE}
	text_of "${file%.pcap}-0.pcap" >"$ours"
	text_of "$work/beside-$1" >"$theirs"
	cmp -s "$ours" "$theirs" ||
	    fail "$1 is not as tcpdump has it: $(diff "$ours" "$theirs" |
		head -n 20)"
	[ "$(grep -cv '^[[:space:]]' "$ours")" -gt "$2" ] ||
	    fail "$1 has too few packets: $(cat "$ours")"
}

capture_each()
{
	local device

	for device; do
		tcpdump_beside "$device"
		expect_code 200 "REGISTER $device"
		expect_code 200 "CAPTURE $device"
	done
}

stop_each()
{
	local device

	for device; do
		expect_code 200 "STOP $device $(file_of "$device")"
	done
	end_beside
}

# Datagrams: from, to, how many.
talk()
{
	perl -MSocket=:all -e 'my ($from, $to, $n) = @ARGV;
	    my $v6 = $to =~ /:/;
	    my $at = sub { $v6 ? pack_sockaddr_in6($_[0],
		inet_pton(AF_INET6, $_[1])) :
		pack_sockaddr_in($_[0], inet_aton($_[1])) };
	    socket(my $s, $v6 ? PF_INET6 : PF_INET, SOCK_DGRAM, 0) or die;
	    bind($s, $at->(0, $from)) or die;
	    send($s, "$from $to $_", 0, $at->(9, $to)) for 1 .. $n' "$@"
}

# An ICMP error of a router that quotes a datagram to this device.
quote()
{
	perl -MSocket=:all -e 'socket(my $s, PF_INET, SOCK_RAW, 1) or die;
	    my $quoted = pack("C2n3C2na4a4n4", 0x45, 0, 28, 1, 0, 64, 17, 0,
		inet_aton("127.0.0.9"), inet_aton($ARGV[0]), 9, 9, 8, 0);
	    send($s, pack("C2nN", 3, 1, 0, 0) . $quoted, 0,
		pack_sockaddr_in(0, inet_aton("127.0.0.9"))) or die' "$1"
}

# Devices that talk with others and with each other, over IPv4 and IPv6.
same_packets_on()
{
	local beside=()

	agent_interface=$1
	ip addr add "$six/128" dev lo
	start_alone
	capture_each "$one" "$two" "$six"
	talk 127.0.0.9 "$one" 20
	talk "$two" 127.0.0.9 20
	talk "$one" "$two" 20
	talk "$six" "$six" 20
	talk 127.0.0.9 127.1.0.3 20
	quote "$two"
	expect_code 200 "VERIFY $one"
	stop_each "$one" "$two" "$six"
	expect_same_as_beside "$one" 40
	expect_same_as_beside "$two" 41
	expect_same_as_beside "$six" 20
}

scene_shared_has_the_packets_of_tcpdump()
{
	same_packets_on lo
}

scene_shared_has_them_on_all_interfaces()
{
	same_packets_on any
}

# Put frames on a wire: the interface, then each in hexadecimal.
put_frames()
{
	local device=$1 index

	index=$(ip -o link show dev "$device" | cut -d : -f 1)
	shift
	perl -e 'my $index = shift;
	    socket(my $s, 17, 3, 0) or die;
	    bind($s, pack("SnlSCCa8", 17, 0, $index, 0, 0, 0, "")) or die;
	    syswrite($s, pack("H*", $_)) or die for @ARGV' "$index" "$@"
}

# Frames as they come: with VLAN tags, ARP, and what has no address.
scene_shared_takes_ethernet_as_tcpdump_does()
{
	local macs=ffffffffffff020000000001 beside=() device=192.0.2.1
	local udp=4500001c00010000401100000a000009c00002010009000900080000
	local arp=0001080006040001020000000001c00002010000000000000a000009

	ip link add wire0 type veth peer name wire1 &&
	    ip link set wire0 up && ip link set wire1 up ||
	    fail 'no pair of interfaces'
	agent_interface=wire0
	start_alone
	capture_each $device 2001:db8::1
	put_frames wire1 "${macs}0800$udp" "${macs}81000007""0800$udp" \
	    "${macs}88a80007""81000008""0800$udp" "${macs}0806$arp" \
	    "${macs}8035$arp" "${macs}88cc$udp" "${macs}0800450000" \
	    "${macs}0800${udp/c0000201/c0000202}" "${macs}86dd60000000$(
	    )000811400a$(printf %030d 0)20010db8$(printf %023d 0)1$(
	    )0009000900080000"
	stop_each $device 2001:db8::1
	expect_same_as_beside $device 3
	expect_same_as_beside 2001:db8::1 1
	ip link del wire0
}

# Nothing is waited for but the STOP itself, whatever agent.settle says.
scene_shared_burst_before_the_stop()
{
	local i

	start_alone
	agent_options+=(--set agent.settle=0)
	end_program "$agent_pid"
	run_agent
	for i in 1 2 3 4 5; do
		expect_code 200 "REGISTER $one"
		expect_code 200 "CAPTURE $one"
		send_packets 101 2000
		expect_code 200 "STOP $one $cpe_file"
		expect_sizes 101 2000 'in a burst before the STOP'
		rm "$work/captures/$ovoc_files"*
		cpe_file=CPE_device_${one}_2026-11-23T04.00.0$i.000000Z.pcap
		ovoc_files=OVOC_device_${one}_2026-11-23T04.00.0$i.000000Z
	done
}

# It is started again, for all devices, and their pieces are kept.
scene_shared_splitter_killed()
{
	local device

	start_alone
	for device in "$one" "$two"; do
		expect_code 200 "REGISTER $device"
		expect_code 200 "CAPTURE $device"
	done
	[ "$(captor_pids | wc -l)" = 1 ] || fail "not one: $(captor_pids)"
	send_packets 101 10
	wait_until on_disk 101 10 || fail 'not written before the kill'
	kill -KILL "$(captor_pids)"
	for device in "$one" "$two"; do
		wait_for_line "$work/agent.log" \
		    "$device splitter: captures again; packets are missing" ||
		    fail "$device does not go on"
	done
	send_packets 102 10
	expect_code 200 "STOP $one $cpe_file"
	expect_code 200 "STOP $two $(file_of "$two")"
	expect_sizes 101 10 'before the kill'
	expect_sizes 102 10 'after it'
	[ -e "$work/captures/$ovoc_files-1.pcap" ] ||
	    fail "pieces: $(ls "$work/captures")"
	for device in "$one" "$two"; do
		jq -e '(.pieces | length) == 2 and (.holes | length) == 1' \
		    "$work/captures/OVOC_device_$device"_*.json >/dev/null ||
		    fail "$(cat "$work/captures/OVOC_device_$device"_*.json)"
	done
}

# What the splitter cannot write is the trouble of one device.
scene_shared_folder_gone()
{
	start_alone
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	expect_code 200 "REGISTER $two"
	agent_options+=(--set agent.file_size=1M)
	end_program "$agent_pid" || fail "the agent ended with $?"
	restart_agent 'captures again'
	expect_code 200 "CAPTURE $two"
	rm -r "$work/captures/tmp_device_${two}"_*
	talk 127.0.0.9 "$two" 1
	perl -MSocket -e 'socket(my $s, PF_INET, SOCK_DGRAM, 0) or die;
	    send($s, "x" x 60000, 0, sockaddr_in(9, inet_aton($ARGV[0])))
	    for 1 .. 40' "$two"
	wait_for_line "$work/agent.log" \
	    "$two splitter: cannot open .*: No such file or directory" ||
	    fail 'not said'
	send_packets 101 10
	expect_code 503 "STOP $two $(file_of "$two")"
	expect_code 200 "STOP $one $cpe_file"
	expect_sizes 101 10 'of the other device'
}

# A limit of file sizes ends no splitter: the devices say what to do.
scene_shared_file_size_limit()
{
	agent_options+=(--set agent.file_size=10M)
	start_alone
	end_program "$agent_pid"
	(
		ulimit -f 100
		exec "$bin/traffic-capture-agent" -c "$work/conf/agent.conf" \
		    "${agent_options[@]}" >"$work/limited.out" 2>&1
	) &
	agent_pid=$!
	wait_for_line "$work/limited.out" 'listens on UDP' ||
	    fail 'it does not start'
	expect_code 200 "REGISTER $one"
	expect_code 200 "CAPTURE $one"
	send_packets 1400 200
	wait_for_line "$work/limited.out" \
	    "$one splitter: cannot write to .*; raise the limit of file sizes" ||
	    fail 'not said'
	[ "$(captor_pids | wc -l)" = 1 ] || fail "not one: $(captor_pids)"
	expect_code 200 "STOP $one $cpe_file"
}
