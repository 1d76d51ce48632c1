# entry.sh - reads one entry of tests/loss/scenarios.
# shellcheck shell=bash

entries_file=tests/loss/scenarios

entry_clear()
{
	polls=() traps=400 from=polls until=probes lasts=3 peace=2 early=0
	paths=()
	clock=0 delay='' public=10.9.3.10 ovoc_public=10.9.2.2
	snmp_text='Simulated device'
	rules=() ovoc_rules=() device_rules=() nat_in=() nat_out=() acts=()
	says=() nots=() sets=() agent_sets=() letters=() exact=() lost=()
	verdict='' grade='' faults='' campaign_exit=0
}

# How, on which way, what.
entry_drop()
{
	local what=$3 between='ip saddr $ovoc ip daddr $cpe'
	local by_icmp='reject with icmp type admin-prohibited'

	[ "$what" != all ] || what=
	[ "$2" = there ] || between='ip saddr $cpe ip daddr $ovoc'
	case $1 in
	drop) what+=" counter name $2 drop" ;;
	reject) what+=" counter name $2 $by_icmp" ;;
	reset) what+=" counter name $2 reject with tcp reset" ;;
	esac
	rules+=("$between $what")
}

entry_take()
{
	case $1 in
	about | few) ;; # for people, and for names
	polls) polls+=("$2") ;;
	traps) traps=$2 ;;
	drop-* | reject-* | reset-*) entry_drop "${1%-*}" "${1#*-}" "$2" ;;
	rule) rules+=("$2") ;;
	ovoc-rule) ovoc_rules+=("$2") ;;
	device-rule) device_rules+=("$2") ;;
	nat-in) nat_in+=("$2") ;;
	nat-out) nat_out+=("$2") ;;
	public) public=$2 ;;
	ovoc-public) ovoc_public=$2 ;;
	fault) faults=$2 ;;
	act) acts+=("$2") ;;
	from) from=$2 ;;
	until) until=$2 ;;
	lasts) lasts=$2 ;;
	peace) peace=$2 ;;
	early) early=$2 ;;
	clock) clock=$2 ;;
	delay) delay=$2 ;;
	text) snmp_text=$2 ;;
	set) sets+=(--set "$2") ;;
	agent-set) agent_sets+=(--set "$2") ;;
	say) says+=("$2") ;;
	not) nots+=("$2") ;;
	exit) verdict=$2 ;;
	grade) grade=$2 ;;
	letter) letters+=("$2") ;;
	lost) lost+=("$2") ;;
	path) paths+=("$2") ;;
	exact) exact+=("$2") ;;
	campaign-exit) campaign_exit=$2 ;;
	*) fail "$entries_file: unknown key '$1'" ;;
	esac
}

# Read the entry of this name; false if there is none.
entry_load()
{
	local line here='' found=1

	entry_clear
	while read -r line; do
		case $line in
		'' | '#'*) ;;
		"[$1]") here=yes found=0 ;;
		'['*']') here= ;;
		*) [ -n "$here" ] && entry_take "${line%%:*}" "${line#*: }" ;;
		esac
	done <"$entries_file"
	return $found
}
