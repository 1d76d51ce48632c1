# loss.sh - packets are truly lost: nftables drops them, both ends see it.
# shellcheck shell=bash

# count_packets FILE EXPRESSION
count_packets()
{
	tcpdump -n -r "$1" "$2" 2>/dev/null | wc -l
}

expect_packets()
{
	local n

	n=$(count_packets "$1" "$2")
	[ "$n" = "$3" ] || fail "$n packets '$2' instead of $3"
}

# To one device the second echo, all SNMP and all TCP probes are dropped; the
# other device gets everything.
scene_true_loss()
{
	local two=127.1.0.2 file

	nft -f - <<END || { fail "nft cannot make the table"; return; }
table inet lossy {
	chain input {
		type filter hook input priority 0;
		ip daddr $one icmp type echo-request icmp sequence 2 drop
		ip daddr $one udp dport 161 drop
		ip daddr $one tcp dport 8099 drop
	}
}
END
	add_device "$one" msbr "$lost_when_told"
	add_device "$two" msbr "$lost_when_told"
	agent_options=(--set agent.settle=1200ms --set verify.tcp_port=8099)
	start_rig || return
	run_and_lose --set verify.tcp_port=8099
	expect_exit 0
	expect_row "$one" 'Send ICMP' Failure MINOR '2 of 3 answered, lost 2' 1
	expect_row "$one" 'Send UDP' Failure MINOR '0 of 3 answered, lost all' 1
	expect_row "$one" 'Send TCP' Failure MINOR \
	    '0 of 3 answered, lost all' 1
	expect_row "$one" 'OVOC verify' Failure MINOR 430 1
	expect_row "$two" 'Send ICMP' Success NORMAL '3 of 3 answered' 1
	expect_row "$two" 'Send TCP' Success NORMAL '3 of 3 answered' 1
	expect_row "$two" 'OVOC verify' Success NORMAL '200 OK' 1
	file=$(echo "$work"/captures/OVOC_device_"$one"_*-0.pcap)
	expect_packets "$file" 'icmp[icmptype] = icmp-echo' 6
	expect_packets "$file" 'icmp[icmptype] = icmp-echoreply' 4
	[ "$(count_packets "$file" 'udp dst port 161')" -gt 0 ] ||
	    fail "no SNMP request in the capture"
	expect_packets "$file" 'udp src port 161' 0
	expect_packets "$file" 'tcp dst port 8099' 6
	expect_packets "$file" 'tcp src port 8099' 0
	file=$(echo "$work"/captures/OVOC_device_"$two"_*-0.pcap)
	expect_packets "$file" 'icmp[icmptype] = icmp-echoreply' 6
}

# ICMP is lost for a time only: the row says from which probe to which.
scene_loss_for_a_time()
{
	add_device "$one"
	start_rig || return
	begin_campaign --set verify.count=10 --set verify.snmp=false \
	    --set verify.tcp=false
	when_campaign_says ' -> verifying'
	nft -f - <<END || fail "nft cannot make the table"
table ip lossy {
	chain input {
		type filter hook input priority 0;
		icmp type echo-request drop
	}
}
END
	sleep 0.5
	nft delete table ip lossy
	wait_campaign
	expect_exit 0
	expect_row "$one" 'Send ICMP' Failure MINOR 'of 10 answered, lost ' 1
	expect_row "$one" 'Send ICMP' '' '' 'lost all' 0
}

# near (campaign and agent) - middle (drops) - far (OVOC and the devices): three
# network namespaces.  Sets $middle and $far to a process in each.
three_namespaces()
{
	unshare --net sleep 80 &
	middle=$!
	unshare --net sleep 80 &
	far=$!
	helpers=("$middle" "$far")
	while [ "$(network_of "$far")" = "$(network_of self)" ] ||
	    [ "$(network_of "$middle")" = "$(network_of self)" ]; do
		pause 0.1
	done
	ip link add near0 type veth peer name middle0 netns "$middle"
	in_namespace "$middle" ip link add middle1 type veth \
	    peer name far0 netns "$far"
	ip address add 10.9.1.2/24 dev near0
	ip address add 10.9.1.3/24 dev near0
	ip link set near0 up
	ip route add default via 10.9.1.1
	in_namespace "$middle" sh -ec '
	    ip address add 10.9.1.1/24 dev middle0
	    ip address add 10.9.2.1/24 dev middle1
	    ip link set middle0 up
	    ip link set middle1 up
	    echo 1 >/proc/sys/net/ipv4/ip_forward'
	in_namespace "$far" sh -ec '
	    ip link set lo up
	    for last in 2 11 12; do
		    ip address add 10.9.2.$last/24 dev far0
	    done
	    ip link set far0 up
	    ip route add default via 10.9.2.1'
}

network_of()
{
	readlink "/proc/$1/ns/net"
}

in_namespace()
{
	nsenter -t "$1" -n "${@:2}"
}

# The way there of one device loses the second echo, the way back of the other
# the third: only the two captures together tell which.
scene_loss_on_each_way()
{
	local real='capture = "tcpdump"; interface = "far0";'
	local there=10.9.2.11 back=10.9.2.12 middle far file

	if [ "$(network_of $$)" != "$(network_of self)" ]; then
		echo "skipped: no /proc of this namespace"
		return
	fi
	three_namespaces || fail "no three namespaces"
	in_namespace "$middle" nft -f - <<END || fail "no table of nftables"
table ip lossy {
	chain forward {
		type filter hook forward priority 0;
		ip daddr $there icmp type echo-request icmp sequence 2 drop
		ip saddr $back icmp type echo-reply icmp sequence 3 drop
	}
}
END
	agent_address=10.9.1.2 campaign_address=10.9.1.3
	agent_interface=near0 ovoc_address=10.9.2.2
	agents='{ address = "10.9.1.2"; sources = [ "10.9.2.2" ]; }'
	lab_runner=(nsenter -t "$far" -n)
	agent_options=(--set agent.settle=1200ms)
	add_device "$there" msbr "$real $lost_when_told"
	add_device "$back" gwsbc "$real $lost_when_told"
	start_rig || return
	run_and_lose
	expect_exit 0
	expect_row "$there" 'Send ICMP' Failure MINOR 'answered, lost 2' 1
	expect_row "$back" 'Send ICMP' Failure MINOR 'answered, lost 3' 1
	for at in "$there" "$back"; do
		expect_row "$at" Alarm Success NORMAL 'the event begins' 1
		expect_row "$at" 'OVOC verify' Failure MINOR 430 1
		expect_row "$at" 'Send UDP' Success NORMAL '3 of 3' 1
		expect_pairs "$at" 1
		expect_packets_of "$at"
		file=$(echo "$work"/captures/OVOC_device_"$at"_*-0.pcap)
		expect_packets "$file" 'icmp[icmptype] = icmp-echo' 6
		expect_packets "$file" 'icmp[icmptype] = icmp-echoreply' 4
	done
	file=$(echo "$run"/captures/CPE_device_"$there"_*.pcap)
	expect_packets "$file" 'icmp[icmptype] = icmp-echo' 4
	expect_packets "$file" 'icmp[icmptype] = icmp-echoreply' 4
	file=$(echo "$run"/captures/CPE_device_"$back"_*.pcap)
	expect_packets "$file" 'icmp[icmptype] = icmp-echo' 6
	expect_packets "$file" 'icmp[icmptype] = icmp-echoreply' 6
}

# drop_input ADDRESS...: nothing of the probes reaches these.
drop_input()
{
	local address

	nft -f - <<END || fail "nft cannot make the table"
table ip lossy {
	chain input {
		type filter hook input priority 0;
$(for address in "$@"; do
	echo "ip daddr $address icmp type echo-request drop"
	echo "ip daddr $address udp dport 161 drop"
	echo "ip daddr $address tcp dport 8099 drop"
done)
	}
}
END
}

beats=(--set verify.heartbeat=1s --set verify.timeout=200ms
    --set verify.tcp_port=8099 --set trigger.heartbeat_lost=3)

# One of three is lost and OVOC says nothing: its silent heartbeats are the
# event.  That the two others are silent together is this host's own network.
scene_heartbeat_lost()
{
	local never='lose_after = "60s";'

	add_device "$one" msbr "$never"
	add_device 127.1.0.2 msbr "$never"
	add_device 127.1.0.3 msbr "$never"
	start_rig || return
	begin_campaign "${beats[@]}"
	when_campaign_says 'all devices capture and wait'
	drop_input "$one"
	when_campaign_says 'capturing -> verifying'
	when_campaign_says 'verifying -> stopping'
	nft delete table ip lossy
	sleep 2
	drop_input 127.1.0.2 127.1.0.3
	when_campaign_says 'are silent together'
	sleep 4
	nft delete table ip lossy
	when_campaign_says 'heard again'
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_row "$one" Alarm Success NORMAL \
	    'heartbeat lost, 3 in a row were silent: the event begins' 1
	expect_row "$one" 'Retrieve capture' Success NORMAL '' 1
	expect_row 127.1.0.2 Alarm '' '' '' 0
	expect_row 127.1.0.3 Alarm '' '' '' 0
	expect_summary 'of 2 devices were without a heartbeat together'
}
