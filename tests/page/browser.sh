# shellcheck shell=bash
# browser.sh - a headless Chromium that is told what to do over a pipe (its
# DevTools protocol: a JSON object and a NUL a message).  Sourced by run.
#
# What it says goes through a file: bash reads a pipe byte by byte, and a
# picture has millions.

browser_wait=60 # seconds for one answer

# The program; nothing: it is not here.
browser_program()
{
	command -v chromium || command -v chromium-browser
}

# Where there may be name spaces, one without a network.
browser_offline()
{
	if unshare -n true 2>/dev/null; then
		echo unshare -n
	elif unshare -rn true 2>/dev/null; then
		echo unshare -rn
	fi
}

# Start it; its files are in the folder $1.
browser_start()
{
	local offline

	browser_folder=$1
	mkdir -p "$1/home"
	mkfifo "$1/to" "$1/from"
	exec {browser_to}<>"$1/to" {browser_pipe}<>"$1/from"
	: >"$1/said"
	exec {browser_from}<"$1/said"
	stdbuf -oL tr '\0\n' '\n ' <"$1/from" >>"$1/said" &
	browser_reader=$!
	offline=$(browser_offline)
	# shellcheck disable=SC2086 # a command and its options, or nothing
	HOME=$1/home timeout -k 5 600 $offline "$(browser_program)" \
	    --headless=new --no-sandbox --disable-gpu --hide-scrollbars \
	    --disable-dev-shm-usage --disable-background-networking \
	    --disable-component-update --disable-sync --no-first-run \
	    --font-render-hinting=none --user-data-dir="$1/data" \
	    --remote-debugging-pipe about:blank \
	    3<&"$browser_to" 4>&"$browser_pipe" >"$1/log" 2>&1 &
	browser_pid=$!
	browser_id=0
	browser_session=
	: >"$1/events"
}

browser_stop()
{
	[ -n "${browser_pid:-}" ] || return
	kill "$browser_pid" 2>/dev/null
	kill "$browser_reader" 2>/dev/null
	wait "$browser_pid" "$browser_reader" 2>/dev/null
	browser_pid=
}

# The next message, in $browser_message.
browser_read()
{
	local part until=$((SECONDS + browser_wait))

	browser_message=
	while [ $SECONDS -lt $until ]; do
		if IFS= read -r part <&"$browser_from"; then
			browser_message+=$part
			return 0
		fi
		browser_message+=$part
		sleep 0.02
	done
	return 1
}

# Ask it: method, parameters.  The answer is in $browser_answer, a file; what
# happened meanwhile is added to the file `events`.
browser_ask()
{
	local id=$((++browser_id)) until=$((SECONDS + browser_wait))

	browser_answer=$browser_folder/answer
	jq -cjn --argjson id "$id" --arg method "$1" \
	    --arg s "$browser_session" --argjson params "${2:-{\}}" \
	    '{$id, $method, $params} +
	    if $s == "" then {} else {sessionId: $s} end' >&"$browser_to"
	printf '\0' >&"$browser_to"
	while [ $SECONDS -lt $until ] && browser_read; do
		case $browser_message in
		"{\"id\":$id,"*)
			printf '%s' "$browser_message" >"$browser_answer"
			[[ $browser_message != "{\"id\":$id,\"error\""* ]]
			return
			;;
		*)
			printf '%s\n' "$browser_message" \
			    >>"$browser_folder/events"
			;;
		esac
	done
	return 1
}

# Wait until this has happened since the events were emptied.
browser_happens()
{
	local until=$((SECONDS + browser_wait))

	while ! grep -q "\"method\":\"$1\"" "$browser_folder/events"; do
		[ $SECONDS -lt $until ] && browser_read || return 1
		printf '%s\n' "$browser_message" >>"$browser_folder/events"
	done
}

browser_attach()
{
	local target domain

	browser_ask Target.createTarget '{"url": "about:blank"}' || return 1
	target=$(jq -c '{targetId: .result.targetId, flatten: true}' \
	    "$browser_answer")
	browser_ask Target.attachToTarget "$target" || return 1
	browser_session=$(jq -r .result.sessionId "$browser_answer")
	for domain in Page Runtime Log Network; do
		browser_ask $domain.enable || return 1
	done
}

# Open a file as it is shown so: path, width, height, light or dark, screen or
# print.
browser_open()
{
	browser_ask Emulation.setEmulatedMedia "$(jq -cn --arg to "$4" \
	    --arg on "$5" '{media: $on,
	    features: [{name: "prefers-color-scheme", value: $to}]}')" &&
	    browser_ask Emulation.setDeviceMetricsOverride "$(jq -cn \
		--argjson w "$2" --argjson h "$3" '{width: $w, height: $h,
		deviceScaleFactor: 1, mobile: ($w < 500)}')" || return 1
	: >"$browser_folder/events"
	browser_ask Page.navigate "$(jq -cn --arg to "file://$1" \
	    '{url: $to}')" && browser_happens Page.loadEventFired
}

# What a script of ours finds: its file; the value goes to stdout.
browser_find()
{
	browser_ask Runtime.evaluate "$(jq -cn --rawfile e "$1" \
	    '{expression: $e, returnByValue: true}')" || return 1
	jq -c '.result.result.value' "$browser_answer"
}

# A picture of what is in the window, to this file.
browser_picture()
{
	browser_ask Page.captureScreenshot '{"format": "png"}' || return 1
	jq -r .result.data "$browser_answer" | base64 -d >"$1"
}

browser_print()
{
	browser_ask Page.printToPDF \
	    '{"paperWidth": 8.27, "paperHeight": 11.69}' || return 1
	jq -r .result.data "$browser_answer" | base64 -d >"$1"
}

# What the browser complained of, and what it asked for beside the page $1,
# since that was opened: a line each.
browser_complaints()
{
	jq -r --arg page "file://$1" '
	    select(.method == "Log.entryAdded") | .params.entry.text,
	    (select(.method == "Runtime.exceptionThrown") |
		.params.exceptionDetails.text),
	    (select(.method == "Runtime.consoleAPICalled") | "a console call"),
	    (select(.method == "Network.requestWillBeSent") |
		.params.request.url | select(. != $page) | "it loads \(.)")' \
	    "$browser_folder/events" 2>&1
}
