# fleet.sh - many devices, a third of which misbehave, each in its own way.
# shellcheck shell=bash

fleet_size=50
fleet_bad=17

# Entries of the matrix that need nothing but their device, in turn: every
# second one, so that all kinds are among them.
fleet_faults()
{
	local name

	while read -r name; do
		fault_load "$name"
		case $name in
		normal-*) ;;
		*) fault_is_of_device && echo "$name" ;;
		esac
	done < <(fault_names) | awk 'NR % 2' | head -n "$fleet_bad"
}

fleet_address()
{
	echo "127.1.2.$(($1 + 1))"
}

scene_mixed_fleet()
{
	local i names well=0

	mapfile -t names < <(fleet_faults)
	[ "${#names[@]}" = "$fleet_bad" ] ||
	    fail "only ${#names[@]} kinds of trouble"
	for ((i = 0; i < fleet_size; i++)); do
		if [ "$i" -lt "${#names[@]}" ]; then
			fault_load "${names[i]}"
			fault_add_device "$(fleet_address "$i")"
		elif [ $((i % 3)) = 0 ]; then
			add_device "$(fleet_address "$i")" gwsbc
		else
			add_device "$(fleet_address "$i")"
		fi
	done
	start_rig || return
	run_campaign
	expect_exit 1
	read_stats
	for ((i = 0; i < fleet_size; i++)); do
		if [ "$i" -lt "${#names[@]}" ]; then
			fault_load "${names[i]}"
			fault_expect "$(fleet_address "$i")"
			fault_expect_stats "$(fleet_address "$i")"
		else
			expect_device "$(fleet_address "$i")" success
			expect_pairs "$(fleet_address "$i")" 1
		fi
	done
	well=$(jq '.summary.success' "$run/report.json")
	[ "$well" -ge $((fleet_size - fleet_bad)) ] ||
	    fail "only $well devices succeeded"
}
