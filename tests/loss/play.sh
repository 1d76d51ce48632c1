# play.sh - one night in half a minute: peace, trouble, the alarm, the probes.
# shellcheck shell=bash

slow='' askers=() teller=''

# Rules of a chain: how to call nft, rules...
add_rules()
{
	local chain=$1

	shift
	definitions
	printf "add rule $chain %s\n" "$@"
}

# A host that does not take what arrives, behind its capture.
deafen()
{
	cat <<'END'
table ip deaf {
	chain rules { type filter hook input priority 0; }
}
END
	add_rules 'ip deaf rules' "$@"
}

# What goes wrong besides rules: what, begin or end.
act()
{
	case $1 in
	stop-polls)
		[ "$2" = end ] || end_helper "${askers[@]}" ;;
	stop-traps)
		[ "$2" = end ] || end_helper "$teller" ;;
	freeze-snmpd)
		kill "-$([ "$2" = end ] && echo CONT || echo STOP)" \
		    "$(pgrep -P "$lab_pid" snmpd)" ;;
	kill-snmpd)
		[ "$2" = end ] || kill -KILL "$(pgrep -P "$lab_pid" snmpd)" ;;
	line-down)
		within "$wire" ip link set wire1 \
		    "$([ "$2" = end ] && echo up || echo down)" ;;
	slow-down)
		[ "$2" = end ] || kill -USR1 "$slow" ;;
	longer-route)
		[ "$2" = end ] || act_on_router longer_route ;;
	other-port)
		if [ "$2" = end ]; then
			kill -USR1 "${askers[@]}" # OVOC hears of it
		else
			act_on_router other_port
		fi ;;
	*) fail "unknown act '$1'" ;;
	esac
}

act_on_router()
{
	{ definitions; "$1"; } | within "$router" nft -f - ||
	    fail "nft refuses $1"
}

# As if two more routers were on the way to the device.
longer_route()
{
	cat <<'END'
table ip route {
	chain out {
		type filter hook postrouting priority 100;
		ip saddr $ovoc ip daddr $cpe ip ttl set 61
	}
}
END
}

# For OVOC the device's port 161 is another one, and the old one nobody's.
other_port()
{
	cat <<'END'
table ip loss {
	chain old {
		type filter hook prerouting priority -160;
		ip saddr $ovoc ip daddr $public udp dport 161 \
			counter name there drop
	}
}
table ip mapping {
	chain in {
		type filter hook prerouting priority -150;
		ip saddr $ovoc ip daddr $public udp dport 61161 \
			udp dport set 161
	}
	chain out {
		type filter hook postrouting priority 100;
		ip saddr $cpe ip daddr $ovoc udp sport 161 \
			udp sport set 61161
	}
}
END
}

trouble_acts()
{
	local a

	for a in "${acts[@]}"; do
		act "$a" "$1"
	done
}

trouble_begin()
{
	[ "${#rules[@]}" = 0 ] ||
	    add_rules 'ip loss rules' "${rules[@]}" |
	    within "$router" nft -f - || fail "nft refuses the rules"
	if [ "${#ovoc_rules[@]}" != 0 ]; then
		deafen "${ovoc_rules[@]}" | nft -f - ||
		    fail "nft refuses the rules of OVOC's"
	fi
	if [ "${#device_rules[@]}" != 0 ]; then
		deafen "${device_rules[@]}" | within "$device" nft -f - ||
		    fail "nft refuses the rules of the device's"
	fi
	[ "$early" != 0 ] || trouble_acts begin
}

trouble_end()
{
	[ "${#ovoc_rules[@]}" = 0 ] || nft delete table ip deaf
	[ "${#device_rules[@]}" = 0 ] ||
	    within "$device" nft delete table ip deaf
	trouble_acts end
	within "$router" nft flush chain ip loss rules
}

# Processes of the scene's own end before the scene does.
end_helper()
{
	local pid kept=()

	for pid in "${helpers[@]}"; do
		if [[ " $* " = *" $pid "* ]]; then
			kill "$pid" 2>/dev/null
		else
			kept+=("$pid")
		fi
	done
	helpers=("${kept[@]}")
}

# The rig ends its programs by their namespaces, which must be there still.
trouble_forget()
{
	end_helper "${askers[@]}" "$teller"
}

configure()
{
	agent_address=$ovoc_host agent_interface=ovoc0 ovoc_address=$lab_host
	campaign_address=0.0.0.0 agent_allow=$campaign_host
	agents="{ address = \"$ovoc_host\";
	    sources = [ \"$lab_host\", \"10.8.2.1\" ]; $sftp_keys }"
	runner=(nsenter -t "$campaign" -n) lab_runner=(nsenter -t "$device" -n)
	lab_keys+=" snmp_community = \"public\";
	    snmp_description = \"$snmp_text\";"
	lab_devices=("{ address = \"$device_host\";
	    ovoc_address = \"$public\"; type = \"msbr\";
	    password = \"$cpe_password\"; capture = \"tcpdump\";
	    interface = \"dev0\"; clock = $clock; lose_after = \"1h\";
	    faults = ( $faults ); }")
	entries=("{ address = \"$public\"; type = \"msbr\";
	    interfaces = [ \"eth-wan\" ]; }")
	agent_options=(--set verify.count=5 --set verify.interval=400ms
	    --set verify.timeout=1s --set ovoc.alarm_destination=10.8.2.2
	    "${agent_sets[@]}")
	campaign_options=(--set verify.count=5 --set verify.interval=400ms
	    --set verify.timeout=1s --set campaign.window=60s
	    --set campaign.rest_attempts=50 --set timeouts.agent=30s
	    "${sets[@]}")
}

# What goes on all day.
begin_talk()
{
	local chatter=$OBJ/loss/chatter numbers

	for numbers in "${polls[@]:-250 1 0 one}"; do
		# shellcheck disable=SC2086 # its numbers
		"$chatter" ovoc "$ovoc_host" "$public" $numbers &
		askers+=("$!")
	done
	helpers+=("${askers[@]}")
	if [ "$traps" != none ]; then
		nsenter -t "$device" -n "$chatter" device "$device_host" \
		    "$ovoc_public" "$traps" &
		teller=$!
		helpers+=("$teller")
	fi
}

play()
{
	make_net || { fail "no network of three hosts"; return 1; }
	start_sshd
	configure
	start_rig || return
	begin_talk
	begin_campaign
	when_campaign_says '-> capturing' || return
	sleep "$peace"
	[ "$early" = 0 ] || { trouble_acts begin; sleep "$early"; }
	[ "$from" = alarm ] || { trouble_begin; sleep "$lasts"; }
	[ "$until" != alarm ] || { trouble_end; sleep 1.5; }
	[ "$from" != alarm ] || trouble_begin
	kill -USR2 "$lab_pid"
	when_campaign_says 'verifying -> ' || return
	[ "$until" != probes ] || trouble_end
	sleep 1.1
	trouble_forget
	wait_campaign
	expect_exit "$campaign_exit"
}
