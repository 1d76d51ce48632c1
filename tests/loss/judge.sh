# judge.sh - what is said of a night, against what was truly dropped in it.
# shellcheck shell=bash

# The verdict as JSON in $work/verdict.json: of the run's report where the
# campaign compares by itself, else made here of the files of both ends.
find_verdict()
{
	local row

	row=$(awk -F '\t' '$11 == "Compare captures" && $12 == "Success" {
	    print $18 }' "$csv")
	if [ -n "$sftp_keys" ]; then
		expect_row "$public" 'Retrieve server capture' Success '' '' 1
		expect_row "$public" 'Compare captures' Success '' '' 1
	fi
	if [ -n "$row" ]; then
		expect_row "$public" 'Compare captures' Success '' \
		    "$(jq -r .sentence "$run/captures/$row")" 1
		cp "$run/captures/$row" "$work/verdict.json"
		return
	fi
	compare_files
}

# Of an event that was captured: the last one, if a capture vanished before.
compare_files()
{
	local devices=("$run"/captures/CPE_*.pcap) name file files=()

	name=${devices[-1]##*/CPE_}
	name=${name%.pcap}
	for file in "$run"/captures/{CPE,CAMPAIGN}_"$name".* \
	    "$work"/captures/OVOC_"$name"{-,.}*; do
		[ ! -e "$file" ] || files+=("$file")
	done
	TZ=UTC "$bin/traffic-capture-compare" --format json "${files[@]}" \
	    >"$work/verdict.json" 2>"$work/compare.log"
	[ ! -s "$work/compare.log" ] || fail "$(cat "$work/compare.log")"
}

of_verdict()
{
	jq -r "$@" "$work/verdict.json"
}

expect_sentence()
{
	local sentence words

	sentence=$(of_verdict .sentence)
	for words in "${says[@]}"; do
		[[ $sentence = *$words* ]] || fail "it does not say '$words'"
	done
	for words in "${nots[@]}"; do
		[[ $sentence != *$words* ]] || fail "it says '$words'"
	done
	[ "$(of_verdict .exitStatus)" = "$verdict" ] ||
	    fail "status $(of_verdict .exitStatus) instead of $verdict"
	[[ " $grade " = *" $(of_verdict .grade | tr ' ' -) "* ]] ||
	    fail "grade '$(of_verdict .grade)' instead of $grade"
}

# No more packets may be called lost than were dropped; where all that was
# dropped could be seen, no fewer, but for one that left as a capture began or
# ended: that is among those that were not judged.
expect_counts()
{
	local way said truth edge

	edge=$(of_verdict '[.notJudged[] | select(.why == "captureEnded" or
	    .why == "captureBegan") | .packets] | if add > 0 then 1 else 0 end')

	for way in there back; do
		said=$(of_verdict --arg w $way '[.classes[] |
		    select(.direction == $w) | .lost] | add // 0')
		truth=$(dropped $way)
		[ "$said" -le "$truth" ] ||
		    fail "$said lost on the way $way, $truth were dropped"
		[[ " ${exact[*]} " != *" $way "* ]] ||
		    [ "$said" -ge $((truth - edge)) ] ||
		    fail "$said lost on the way $way, $truth were dropped"
	done
}

# Kinds of traffic that lost something: these and no others.
expect_classes()
{
	local got want

	got=$(of_verdict '.classes[] | select(.lost > 0) |
	    "\(.protocol) \(.direction)"' | sort)
	want=$(printf '%s\n' "${lost[@]}" | sort)
	[ "$got" = "$want" ] || fail "lost: $(echo $got) instead of" $want
}

# What ways did besides losing packets: this and nothing else.
expect_paths()
{
	local got want

	got=$(of_verdict '.paths[] | .direction as $w |
	    (select(.slowerByMs) | "\($w) slower"),
	    (select(.hops) | "\($w) route"),
	    (select(.dscpPackets) | "\($w) dscp"),
	    (select(.mapping) | "\($w) mapping")' | sort)
	want=$(printf '%s\n' "${paths[@]}" | sort)
	[ "$got" = "$want" ] || fail "ways: $(echo $got) instead of" $want
}

expect_letters()
{
	local asker kind letter line got

	for line in "${letters[@]}"; do
		read -r asker kind letter <<<"$line"
		got=$(of_verdict --arg a "$asker" --arg k "$kind" \
		    '.exchanges[] | select(.asker == $a and .kind == $k) |
		    .letter')
		[ "$got" = "$letter" ] ||
		    fail "letter of $asker, $kind: '$got' instead of $letter"
	done
}

judge()
{
	local before=$failures

	[ -e "$run/report.csv" ] || { fail "no report"; return 1; }
	find_verdict
	if ! of_verdict .sentence >/dev/null; then
		fail "no verdict"
		return 1
	fi
	expect_counts
	expect_classes
	expect_paths
	expect_sentence
	expect_letters
	if [ "$failures" != "$before" ] || [ -n "${KEEP:-}" ]; then
		echo "it says: $(of_verdict .sentence)"
		echo "dropped: $(dropped there) there, $(dropped back) back"
	fi
}
