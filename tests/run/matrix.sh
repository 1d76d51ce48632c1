# matrix.sh - reads tests/run/faults, and plays its entries.
# shellcheck shell=bash
#
# fault_load NAME fills the variables below; fault_scene plays an entry alone,
# the mixed fleet plays many of them in one campaign.

faults_file=tests/run/faults

fault_names()
{
	sed -n 's/^\[\(.*\)\]$/\1/p' "$faults_file"
}

fault_clear()
{
	f_type=msbr f_device='' f_fault='' f_entry='' f_exit='' f_status=''
	f_lab='' f_ovoc='' f_ovoc_fault='' f_left='' f_sshd=''
	f_set=() f_agent_set=() f_rows=() f_none=() f_stats=()
	f_summary=() f_logs=()
}

fault_take()
{
	case $1 in
	about | trouble) ;; # for people, and for tests/lint
	type) f_type=$2 ;;
	device) f_device+=$2 ;;
	fault) f_fault+="${f_fault:+, }{ $2 }" ;;
	entry) f_entry+=$2 ;;
	lab) f_lab+=$2 ;;
	ovoc) f_ovoc+=$2 ;;
	ovoc-fault) f_ovoc_fault+="${f_ovoc_fault:+, }{ $2 }" ;;
	sshd) f_sshd=$2 ;;
	set) f_set+=(--set "$2") ;;
	agent-set) f_agent_set+=(--set "$2") ;;
	exit) f_exit=$2 ;;
	status) f_status=$2 ;;
	row) f_rows+=("$2") ;;
	no-row) f_none+=("$2") ;;
	lab-says) f_stats+=("$2") ;;
	left) f_left=$2 ;;
	summary) f_summary+=("$2") ;;
	log) f_logs+=("$2") ;;
	*) fail "$faults_file: unknown key '$1'" ;;
	esac
}

# Read the entry of this name; false if there is none.
fault_load()
{
	local line here='' found=1

	fault_clear
	while read -r line; do
		case $line in
		'' | '#'*) ;;
		"[$1]") here=yes found=0 ;;
		'['*']') here= ;;
		*) [ -n "$here" ] && fault_take "${line%%:*}" "${line#*: }" ;;
		esac
	done <"$faults_file"
	return "$found"
}

# An entry that needs its own settings cannot share a campaign.
fault_is_of_device()
{
	[ "${#f_set[@]}" = 0 ] && [ "${#f_agent_set[@]}" = 0 ] &&
	    [ -z "$f_lab$f_ovoc$f_ovoc_fault$f_sshd" ]
}

fault_add_device()
{
	add_device "$1" "$f_type" "$f_device" "$f_fault" "$f_entry"
	[ -z "$f_left" ] || left_on="$left_on $1"
}

# "Task | Status | Severity | word | count", each but the task perhaps empty.
fault_expect_row()
{
	local p part parts=()

	IFS='|' read -ra part <<<"$2"
	for p in "${part[@]}"; do
		p=${p#"${p%%[! ]*}"}
		parts+=("${p%"${p##*[! ]}"}")
	done
	expect_row "$1" "${parts[0]}" "${parts[1]:-}" "${parts[2]:-}" \
	    "${parts[3]:-}" "${parts[4]:-}"
}

fault_expect()
{
	local row

	expect_device "$1" "$f_status"
	for row in "${f_rows[@]}"; do
		fault_expect_row "$1" "$row"
	done
	for row in "${f_none[@]}"; do
		fault_expect_row "$1" "$row | | | | 0"
	done
}

fault_expect_stats()
{
	local condition

	for condition in "${f_stats[@]}"; do
		expect_stat "$1" "$condition"
	done
}

fault_scene()
{
	local at=127.1.0.1 word

	fault_load "$1" || { fail "no scenario is called $1"; return; }
	lab_keys=${f_lab:-$lab_keys}
	ovoc_keys=$f_ovoc ovoc_faults=$f_ovoc_fault
	agent_options=("${f_agent_set[@]}")
	campaign_options=("${f_set[@]}")
	fault_add_device "$at"
	if [ -n "$f_sshd" ]; then
		sshd_can_run || return
		sshd_fault "$f_sshd"
	fi
	start_rig || return
	[ -z "$f_sshd" ] || [ "$f_sshd" = stopped ] || start_sshd
	run_campaign
	expect_exit "$f_exit"
	fault_expect "$at"
	for word in "${f_summary[@]}"; do
		expect_summary "$word"
	done
	for word in "${f_logs[@]}"; do
		expect_log campaign "$word"
	done
	read_stats
	fault_expect_stats "$at"
}
