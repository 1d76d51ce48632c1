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
	add_device "$one"
	add_device "$two"
	agent_options=(--set agent.settle=1200ms --set verify.tcp_port=8099)
	start_rig || return
	run_campaign --set verify.tcp_port=8099
	expect_exit 0
	expect_row "$one" 'Send ICMP' Failure MINOR '2 of 3 answered, lost 2' 1
	expect_row "$one" 'Send UDP' Failure MINOR '0 of 3 answered, lost all' 1
	expect_row "$one" 'Send TCP (Port 8099)' Failure MINOR \
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
	when_campaign_says 'capturing -> verifying'
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
