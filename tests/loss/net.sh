# net.sh - three hosts and the router between them, each in a network namespace.
# shellcheck shell=bash
#
#   campaign 10.9.1.2 --- r1 |        | r3 ---[wire]--- dev0 10.9.3.10 device
#                            | router |
#   OVOC     10.9.2.2 --- r2 |        |
#
# OVOC, with the agent, is this namespace.  The lab plays OVOC's REST interface
# and sends its alarms from the device's namespace: over wires of its own
# (10.8.1.0/24 to OVOC, 10.8.2.0/24 to the campaign), which no rule touches.

ovoc_host=10.9.2.2 campaign_host=10.9.1.2 device_host=10.9.3.10
lab_host=10.8.1.1
router='' campaign='' device='' wire='' # a process in each

network_of()
{
	readlink "/proc/$1/ns/net"
}

within()
{
	nsenter -t "$1" -n "${@:2}"
}

# A new namespace, for as long as the scene has: sets $holder.
new_namespace()
{
	unshare --net sleep 120 &
	holder=$!
	helpers+=("$holder")
	while [ "$(network_of "$holder")" = "$(network_of self)" ]; do
		sleep 0.05
	done
}

# join NAMESPACE INTERFACE ADDRESS NAMESPACE INTERFACE ADDRESS
join()
{
	ip link add "$2" netns "$1" type veth peer name "$5" netns "$4" &&
	    set_up "$1" "$2" "$3" && set_up "$4" "$5" "$6"
}

set_up()
{
	[ -z "$3" ] || within "$1" ip address add "$3" dev "$2" || return
	within "$1" ip link set "$2" up
}

make_net()
{
	new_namespace && router=$holder
	new_namespace && campaign=$holder
	new_namespace && device=$holder
	join "$campaign" camp0 "$campaign_host/24" "$router" r1 10.9.1.1/24 &&
	    join $$ ovoc0 "$ovoc_host/24" "$router" r2 10.9.2.1/24 &&
	    join $$ ovoc1 10.8.1.2/24 "$device" lab0 "$lab_host/24" &&
	    join "$campaign" camp1 10.8.2.2/24 "$device" lab1 10.8.2.1/24 &&
	    join_device &&
	    within "$device" ip link set lo up &&
	    within "$campaign" ip link set lo up &&
	    ip route add default via 10.9.2.1 &&
	    within "$device" ip route add default via 10.9.3.1 &&
	    within "$campaign" ip route add default via 10.9.1.1 &&
	    within "$campaign" ip route add 10.8.1.0/24 via 10.8.2.1 &&
	    within "$router" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward' &&
	    make_tables
}

# With `delay` there is a wire that takes its time before the device, for all
# that is from or to OVOC.
join_device()
{
	if [ -z "$delay" ]; then
		join "$router" r3 10.9.3.1/24 "$device" dev0 "$device_host/24"
		return
	fi
	new_namespace && wire=$holder
	join "$router" r3 10.9.3.1/24 "$wire" wire0 '' &&
	    join "$wire" wire1 '' "$device" dev0 "$device_host/24" || return
	# shellcheck disable=SC2086 # its numbers
	nsenter -t "$wire" -n "$OBJ/loss/slow_wire" wire0 wire1 \
	    "$ovoc_host" $delay &
	slow=$!
	helpers+=("$slow")
}

# Address translation stands from the beginning; the rules come with the
# trouble.  Counters tell what was truly dropped.
make_tables()
{
	if [ $((${#nat_in[@]} + ${#nat_out[@]})) -gt 0 ]; then
		within "$router" nft -f - <<END || return
$(definitions)
table ip translation {
	chain in {
		type nat hook prerouting priority -100;
		$(printf '%s\n' "${nat_in[@]}")
	}
	chain out {
		type nat hook postrouting priority 100;
		$(printf '%s\n' "${nat_out[@]}")
	}
}
END
	fi
	within "$router" nft -f - <<END
table ip loss {
	counter there { }
	counter back { }
	set ports { type inet_service; flags dynamic; }
	chain rules { type filter hook forward priority 0; }
}
END
}

definitions()
{
	echo "define ovoc = $ovoc_host"
	echo "define campaign = $campaign_host"
	echo "define cpe = $device_host"
	echo "define public = $public"
	echo "define ovoc_public = $ovoc_public"
}

# What the router has dropped on this way: there, back.
dropped()
{
	within "$router" nft -j list counter ip loss "$1" |
	    jq '.nftables[] | select(.counter) | .counter.packets'
}
