# metrics.sh - how a run went, as numbers for a monitoring.
# shellcheck shell=bash

# Prometheus' own opinion, where it is.
promtool_is_silent()
{
	if ! command -v promtool >/dev/null; then
		echo 'without promtool (Debian package prometheus)'
		return
	fi
	promtool check "$@" >"$work/promtool" 2>&1 ||
	    fail "promtool $*: $(cat "$work/promtool")"
	[ "$1" = rules ] || [ ! -s "$work/promtool" ] ||
	    fail "promtool $*: $(cat "$work/promtool")"
}

expect_number()
{
	grep -qxE "traffic_capture_$1\\{campaign=\"test\"${2:+,$2}\\} $3" \
	    "$numbers" || fail "no $1 $2 $3 in: $(cat "$numbers")"
}

# Written at the beginning and at the end, of a run that is interrupted, too;
# a run that may not run leaves the file of the other one alone.
scene_metrics()
{
	local numbers=$work/numbers.prom before code

	add_device "$one"
	start_rig || return
	run_campaign --metrics "$numbers"
	expect_exit 0
	[ "$(stat -c %a "$numbers")" = 644 ] || fail "$(ls -l "$numbers")"
	promtool_is_silent metrics <"$numbers"
	expect_number run_exit_status '' 0
	expect_number devices 'outcome="success"' 1
	expect_number events_captured '' 1
	expect_number events_compared 'verdict="not compared"' 1
	expect_number alarms "ovoc=\"$agent_address\"" '[1-9]'
	before=$(grep -v -e start -e build_info "$numbers")
	: >"$work/campaign.log"
	begin_campaign --set "metrics=$numbers" --set trigger.text=never
	when_campaign_says 'all devices capture and wait'
	[ "$(grep -v -e start -e build_info "$numbers")" = "$before" ] ||
	    fail "not kept: $(cat "$numbers")"
	promtool_is_silent metrics <"$numbers"
	before=$(cat "$numbers")
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" -q \
	    --metrics "$numbers" 2>/dev/null
	code=$?
	[ "$code" = 6 ] || fail "a second one ended with $code"
	[ "$(cat "$numbers")" = "$before" ] || fail 'the second one wrote'
	kill -TERM "$campaign_pid"
	wait_campaign
	expect_exit 8
	expect_number run_exit_status '' 8
	promtool_is_silent metrics <"$numbers"
}

# Of a run that cannot begin; and a file that cannot be written changes nothing.
scene_metrics_in_trouble()
{
	local numbers=$work/numbers.prom code

	add_device "$one"
	start_rig || return
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" -q \
	    --metrics "$numbers" --set campaign.min_free=900T 2>/dev/null
	code=$?
	[ "$code" = 7 ] || fail "a run without room ended with $code"
	expect_number run_exit_status '' 7
	promtool_is_silent metrics <"$numbers"
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" \
	    --metrics "$work/numbers" 2>"$work/said"
	code=$?
	[ "$code" = 2 ] && grep -q '\*[.]prom' "$work/said" ||
	    fail "another name: $code, $(cat "$work/said")"
	"$bin/traffic-capture" -c "$work/conf/campaign.conf" \
	    --set metrics=numbers.prom 2>"$work/said"
	code=$?
	[ "$code" = 2 ] && grep -q 'metrics: .*an absolute name that ends in' \
	    "$work/said" || fail "a relative name: $code, $(cat "$work/said")"
	run_campaign --metrics "$work/none/numbers.prom"
	expect_exit 0
	expect_log campaign 'metrics: cannot .*/none/numbers.prom'
}

# What is installed beside it is right, and asks for numbers that there are.
scene_metrics_are_asked_for()
{
	local rules=packaging/monitoring/traffic-capture-alerts.yml
	local source=src/report/run_metrics.c
	local board=packaging/monitoring/traffic-capture-dashboard.json name

	promtool_is_silent rules "$rules"
	jq -e '.title and ([.panels[].id] | length == (unique | length))' \
	    "$board" >/dev/null || fail 'what a dashboard is this'
	jq -r '.. | .expr? // empty' "$board" | cat - "$rules" |
	    grep -oE 'traffic_capture_[a-z_]+' | sort -u >"$work/asked-for"
	[ -s "$work/asked-for" ] || fail 'nothing is asked for'
	while read -r name; do
		grep -q "\"${name#traffic_capture_}\"" "$source" ||
		    fail "$name is asked for, and nothing writes it"
	done <"$work/asked-for"
}
