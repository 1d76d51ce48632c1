# compare.sh - traffic-capture-compare by itself: command line, files that are
# bad in one way each, and a pair whose loss is known.  No lab is needed.
# shellcheck shell=bash

# Two captures of a minute, a day apart by their clocks: 60 echo requests to the
# device and their answers, 10 ms apart; those from $3 up to $4 are lost on the
# way there.  The device sends a message each half second, which arrives.  A
# host $5 that only the device meets asks it each second and gets its answers.
# With $6 the device's messages are lost, too.
make_pair()
{
	perl -e '
	my ($server, $device, $from, $to, $campaign, $silent) = @ARGV;
	my $at = 1795403400;
	sub header {
		pack("VvvVVVV", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
	}
	sub packet {
		my ($t, $src, $dst, $ttl, $proto, $data) = @_;
		my $ip = pack("CCnnnCCna4a4", 0x45, 0, 20 + length $data,
		    int($t * 1000) & 0xffff, 0x4000, $ttl, $proto, 0,
		    pack("C4", split /\./, $src), pack("C4", split /\./, $dst));
		my $frame = "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" . $ip . $data;
		my $s = int $t;
		pack("VVVV", $s, int(($t - $s) * 1e6 + 0.5), length $frame,
		    length $frame) . $frame
	}
	my ($s, $d) = ("198.51.100.7", "192.0.2.10");
	my (@server, @device);
	# One packet, from where to where, seen at the server and the device.
	sub sent {
		my ($to_device, $t, $proto, $data, $lost) = @_;
		my @ends = $to_device ? ($s, $d) : ($d, $s);
		my $there = $t + ($to_device ? 0 : 0.01);
		my $here = $t + ($to_device ? 0.01 : 0);
		push @server, [$there, packet($there, @ends,
		    $to_device ? 64 : 60, $proto, $data)]
		    unless $lost && !$to_device;
		push @device, [$here, packet($here + 86400, @ends,
		    $to_device ? 60 : 64, $proto, $data)]
		    unless $lost && $to_device;
	}
	for my $i (0 .. 59) {
		my $lost = $i >= $from && $i < $to;
		my $id = pack("nn", 4711, $i);
		sent(1, $at + $i, 1, pack("CCn", 8, 0, 0) . $id . "x" x 48,
		    $lost);
		sent(0, $at + $i + 0.011, 1,
		    pack("CCn", 0, 0, 0) . $id . "x" x 48, 0) unless $lost;
		for my $half (0, 1) {
			my $text = sprintf "<134>message %d of many",
			    2 * $i + $half;
			sent(0, $at + $i + 0.25 + $half / 2, 17, pack("nnnn",
			    5140, 514, 8 + length $text, 0) . $text, $silent);
		}
	}
	for my $i ($campaign ? 0 .. 59 : ()) {
		my $t = $at + $i + 0.6;
		my $id = pack("nn", 815, $i) . "y" x 48;
		push @device,
		    [$t, packet($t + 86400, $campaign, $d, 58, 1,
			pack("CCn", 8, 0, 0) . $id)],
		    [$t + 0.001, packet($t + 86400.001, $d, $campaign, 64, 1,
			pack("CCn", 0, 0, 0) . $id)];
	}
	for ([$server, \@server], [$device, \@device]) {
		my ($path, $packets) = @$_;
		open my $f, ">", $path or die "$path: $!";
		binmode $f;
		print $f header(),
		    map { $_->[1] } sort { $a->[0] <=> $b->[0] } @$packets;
		close $f or die "$path: $!";
	}' "$@"
}

ovoc=OVOC_device_192.0.2.10_2026-11-23T03.11.00.000000Z
cpe=CPE_device_192.0.2.10_2026-11-23T03.11.00.000000Z

# In a folder of their own, with a loss of 20 requests, or none.
make_pairs()
{
	mkdir -p "$work/lost" "$work/whole"
	make_pair "$work/lost/$ovoc-0.pcap" "$work/lost/$cpe.pcap" 20 40
	make_pair "$work/whole/$ovoc-0.pcap" "$work/whole/$cpe.pcap" 0 0
}

# Nothing comes through either way, and the records of the event beside it; what
# the campaign knows besides is $1.
make_outage()
{
	local at=1795403400 folder=$work/outage

	mkdir -p "$folder"
	make_pair "$folder/$ovoc-0.pcap" "$folder/$cpe.pcap" 0 60 203.0.113.9 1
	jq -n --argjson at "$at" --arg file "$cpe.pcap" '{schema: 1,
	    writer: "campaign", version: "1", campaign: "night",
	    device: "192.0.2.10", file: $file,
	    deviceAddresses: ["192.0.2.10"],
	    agentAddresses: ["198.51.100.7"], ovocAddresses: ["198.51.100.7"],
	    campaignAddresses: ["203.0.113.9"], interfaces: ["eth-wan"],
	    allInterfaces: true,
	    confirmed: [{from: ($at * 1000 - 9000), to: ($at * 1000 + 50000)}],
	    stopped: ($at * 1000 + 60000),
	    agentClock: {aheadMs: 0, errorMs: 500}, probeTimeoutMs: 2000,
	    probes: [range(30; 40) | {kind: "icmp", fate: "answered", id: 815,
		seq: ., sentUs: (($at + .) * 1000000 + 598000),
		tookUs: 3000}]}'"${1:+ | $1}" \
	    >"$folder/CAMPAIGN_device_${cpe#CPE_device_}.json"
	jq -n --argjson at "$at" --arg name "$ovoc-0.pcap" '{schema: 1,
	    writer: "agent", version: "1", device: "192.0.2.10",
	    interface: "any", began: ($at * 1000 - 5000),
	    ended: ($at * 1000 + 65000), dropped: 0, probes: [],
	    pieces: [{name: $name, bytes: 1, firstUs: ($at * 1000000),
		lastUs: ($at * 1000000 + 59000000)}]}' >"$folder/$ovoc.json"
}

# The program's output, errors and status: OPTION...
compare()
{
	TZ=UTC timeout 20 "$bin/traffic-capture-compare" "$@" \
	    >"$work/compared" 2>"$work/compare.log"
	status=$?
}

# It ends with this status, and says so: STATUS WORD OPTION...
expect_compared()
{
	local expected=$1 word=$2

	shift 2
	compare "$@"
	[ "$status" = "$expected" ] ||
	    fail "$*: status $status instead of $expected: $(said)"
	# The lines of a sentence end where the terminal does.
	said | tr '\n' ' ' | grep -qF -e "$word" ||
	    fail "$*: no '$word' in: $(said)"
}

said()
{
	head -n 3 "$work/compare.log" "$work/compared"
}

# Status 2, one sentence and the hint; nothing on standard output.
expect_misused()
{
	expect_compared 2 "$@"
	[ "$(wc -l <"$work/compare.log")" = 2 ] || fail "not one line: $(said)"
	[ ! -s "$work/compared" ] || fail "output: $(said)"
}

# The same as the text says, as one file that neither runs nor loads anything.
scene_compare_page()
{
	local sentence

	make_pairs
	compare --format html "$work/lost/"*
	expect_exit 1
	grep -q '^<html lang="en"' "$work/compared" &&
	    tail -n 1 "$work/compared" | grep -q '</body></html>$' ||
	    fail "no page: $(said)"
	for word in "default-src 'none'" '20 of [0-9]* lost' \
	    'class="ladder"' 'class="bl"' "<td class=\"n l\">20</td>"; do
		grep -q -e "$word" "$work/compared" || fail "no '$word' in it"
	done
	! grep -qiE '<(script|img|link|iframe)|(src|href)="http' \
	    "$work/compared" || fail "it loads or runs something"
	cp "$work/compared" "$work/page.html"
	compare --format json "$work/lost/"*
	sentence=$(jq -r .sentence "$work/compared")
	grep -qF "aria-label=\"$sentence\"" "$work/page.html" ||
	    fail "its pictures are not called: $sentence"
	# The bins are what the table has.
	jq -e '[.strip.rows[] | select(.direction == "there" and
	    .protocol == "icmp") | .lost | add] == [20]' "$work/compared" \
	    >/dev/null || fail "bins: $(jq -c .strip "$work/compared")"
	compare --format html "$work/whole/"*
	expect_exit 0
	grep -q '<h1>.*Nothing was lost' "$work/compared" || fail "$(said)"
	echo nothing >"$work/empty"
	compare --format html -a "$work/empty" -b "$work/whole/$cpe.pcap"
	expect_exit 7
	grep -q '<h1>.*could be read' "$work/compared" || fail "$(said)"
}

scene_compare_command_line()
{
	local a=$work/lost/$ovoc-0.pcap b=$work/lost/$cpe.pcap

	make_pairs
	expect_misused 'no files'
	expect_misused 'unrecognized' --no-such-option
	expect_misused 'requires an argument' "$b" -a
	expect_misused 'its value is empty' -a '' "$b"
	expect_misused "no file of the device's end" "$a"
	expect_misused "no file of the device's end" -a "$a" -a "$b"
	expect_misused "no file of the server's end" "$b"
	expect_misused 'does not begin with CPE_ or OVOC_' "$a" "$work/lab.conf"
	expect_misused 'is a folder' "$work/lost"
	expect_misused 'text, json or html' --format xml "$a" "$b"
	expect_misused 'at most 31 bytes' \
	    --name-a 'a name that is much too long for it' "$a" "$b"
	expect_misused 'two addresses' --map 192.0.2.1 "$a" "$b"
	expect_misused "before '='" --map server=192.0.2.1 "$a" "$b"
	expect_misused "behind '='" --map 192.0.2.1=192.0.2.2:161 "$a" "$b"
	expect_misused '--device cpe: it is an IPv4 or IPv6 address' \
	    --device cpe "$a" "$b"
	expect_misused "--ovoc : it is" --ovoc '' "$a" "$b"
	expect_misused 'names and ports are not taken' \
	    --campaign 192.0.2.1:161 "$a" "$b"
	expect_misused '--device and --ovoc are both 2001:db8::1' \
	    --device 2001:db8::1 --ovoc 2001:db8:0::1 "$a" "$b"
	expect_misused 'who asks the device' \
	    --device 192.0.2.10 --campaign 192.0.2.10 "$a" "$b"
	expect_misused '2026-11-23T03:11:02' --from now "$a" "$b"
	expect_misused '2026-11-23T03:11:02' --to 03:11 "$a" "$b"
	expect_misused 'not before --to' --from 2026-11-23T04:00:00Z \
	    --to '2026-11-23 04:00:00' "$a" "$b"
	expect_misused '500M' --memory much "$a" "$b"
	expect_misused 'between 1M and 1T' --memory 10k "$a" "$b"
	compare --version
	[ "$status" = 0 ] || fail "--version: status $status"
	compare --help
	[ "$status" = 0 ] || fail "--help: status $status"
}

# What cannot be two ends of one path.
scene_compare_same_capture()
{
	local a=$work/lost/$ovoc-0.pcap b=$work/lost/$cpe.pcap

	make_pairs
	expect_misused 'the same capture' -a "$a" -b "$a"
	ln -s "$a" "$work/link"
	expect_misused 'the same capture' -a "$a" -b "$b" -b "$work/link"
	cp "$a" "$work/copy"
	expect_misused 'the same capture' -a "$a" -b "$work/copy" -b "$b"
	cp "$b" "$work/${cpe/192.0.2.10/192.0.2.11}.pcap"
	expect_misused 'two devices, 192.0.2.10 and 192.0.2.11' "$a" \
	    "$work/${cpe/192.0.2.10/192.0.2.11}.pcap"
}

scene_compare_known_loss()
{
	local folder

	make_pairs
	expect_compared 1 '20 of' "$work"/lost/*
	grep -qE '^ping +there +[0-9]+ +[0-9]+ +20 +0 +certain$' \
	    "$work/compared" ||
	    fail "the table: $(cat "$work/compared")"
	expect_compared 0 '' "$work"/whole/*
	for folder in lost whole; do
		compare --format json "$work/$folder"/*
		[ ! -s "$work/compare.log" ] || fail "errors: $(said)"
		cp "$work/compared" "$work/$folder.json"
	done
	jq -e '.exitStatus == 0 and .grade == "certain" and
	    ([.classes[].lost] | add) == 0' "$work/whole.json" >/dev/null ||
	    fail "whole: $(cat "$work/whole.json")"
	jq -e '.exitStatus == 1 and (.clock.offsetSeconds - 86400 | fabs) <
	    .clock.errorSeconds and .clock.errorSeconds < 0.1 and
	    ([.classes[] | select(.lost > 0)] == [.classes[] |
	    select(.protocol == "icmp" and .direction == "there" and
	    .lost == 20 and .first == "2026-11-23T03:10:20.000Z")]) and
	    (.sides | map(.files[0].sha256 | length) == [64, 64])' \
	    "$work/lost.json" >/dev/null || fail "$(cat "$work/lost.json")"
}

# What is told beside the captures: taken by its name, in any order; one that
# is bad is a sentence, and the comparison works without.
scene_compare_records()
{
	local folder=$work/lost
	local sidecar=$folder/$ovoc.json
	local record=$folder/CAMPAIGN_${cpe#CPE_}.json

	make_pairs
	cat >"$sidecar" <<END
{"schema": 1, "writer": "agent", "device": "192.0.2.10", "began": 1,
 "ended": 2, "dropped": 7, "pieces": [{"name": "$ovoc-0.pcap", "bytes": 1,
 "firstUs": 1, "lastUs": 2}]}
END
	cat >"$record" <<END
{"schema": 1, "writer": "campaign", "device": "192.0.2.10",
 "file": "$cpe.pcap", "deviceAddresses": ["192.0.2.10"]}
END
	echo 'no verdict' >"$folder/COMPARE_${cpe#CPE_}.json"
	expect_compared 1 '20 of' "$folder"/*
	[ ! -s "$work/compare.log" ] || fail "errors: $(said)"
	compare --format json "$record" "$folder/$cpe.pcap" -a "$sidecar" \
	    -a "$folder/$ovoc-0.pcap"
	[ ! -s "$work/compare.log" ] || fail "errors: $(said)"
	jq -e '.sides[0].droppedByKernel == 7' "$work/compared" >/dev/null ||
	    fail "the drops: $(cat "$work/compared")"
	expect_misused "no file of the device's end" "$folder/$ovoc-0.pcap" \
	    "$record"
	expect_left_out 'tells of 192.0.2.10_2026-11-23T03.11.00.000000Z, not' \
	    CAMPAIGN_device_192.0.2.11_2026-11-23T03.11.00.000000Z.json \
	    "$(cat "$record")"
	expect_left_out 'of another event' "${ovoc/T03/T04}.json" '{"schema": 1,
	    "writer": "agent", "device": "192.0.2.10", "began": 1, "ended": 2}'
	expect_left_out 'no JSON, or not whole' "$ovoc.json" '{"schema": 1'
	expect_left_out 'no JSON, or not whole' "$ovoc.json" ''
	expect_left_out 'of a later version' "$ovoc.json" \
	    '{"schema": 2, "writer": "agent"}'
	mv "$record" "$work/kept"
	mkfifo "$record"
	expect_compared 1 'cannot be read' "$folder"/*
	rm "$record"
	expect_compared 1 'cannot be read' "$folder"/* "$record"
	cp "$folder/$cpe.pcap" "$folder/${cpe/T03/T04}.pcap"
	cp "$work/kept" "$record"
	expect_compared 1 'of several events' "$folder"/*
}

# Who is who, by option: before the traffic tells, and before the record does.
scene_compare_hosts()
{
	local pair=("$work/$ovoc-0.pcap" "$work/$cpe.pcap")
	local record=$work/CAMPAIGN_${cpe#CPE_}.json

	make_pair "${pair[@]}" 20 40 203.0.113.9
	expect_exchanges '' "${pair[@]}"
	expect_exchanges 'campaign icmp' --campaign 203.0.113.9 "${pair[@]}"
	expect_exchanges '' --campaign 203.0.113.10 "${pair[@]}"
	expect_lost 'icmp there' "${pair[@]}"
	expect_lost 'icmp there' --device 203.0.113.77 "${pair[@]}"
	# It is believed, even if it is wrong: all goes the other way.
	expect_lost '' --device 198.51.100.7 --ovoc 192.0.2.10 "${pair[@]}"
	cat >"$record" <<END
{"schema": 1, "writer": "campaign", "device": "192.0.2.10",
 "file": "$cpe.pcap", "deviceAddresses": ["192.0.2.10"],
 "ovocAddresses": ["198.51.100.7"]}
END
	expect_lost 'icmp there' "${pair[@]}" "$record"
	expect_lost '' --device 198.51.100.7 --ovoc 192.0.2.10 "${pair[@]}" \
	    "$record"
}

# Of the campaign host's, which have an answer: WORDS OPTION...
expect_exchanges()
{
	local expected=$1 found

	shift
	compare --format json "$@"
	found=$(jq -r '.exchanges[] | select(.asker == "campaign" and .of > 0) |
	    [.asker, .kind] | join(" ")' "$work/compared")
	[ "$found" = "$expected" ] || fail "$*: asked by '$found': $(said)"
}

# What was lost, and which way: WORDS OPTION...
expect_lost()
{
	local expected=$1 found

	shift
	compare --format json "$@"
	found=$(jq -r '.classes[] | select(.lost > 0) |
	    [.protocol, .direction] | join(" ")' "$work/compared")
	[ "$found" = "$expected" ] || fail "$*: lost '$found': $(said)"
}

# One sentence on standard error, and the verdict: WORD NAME TEXT
expect_left_out()
{
	mkdir "$work/bad"
	echo "$3" >"$work/bad/$2"
	expect_compared 1 "$1" "$work/lost/$cpe.pcap" \
	    "$work/lost/$ovoc-0.pcap" "$work/bad/$2"
	[ "$(wc -l <"$work/compare.log")" = 1 ] || fail "$1: $(said)"
	grep -q 'left out' "$work/compare.log" || fail "$1: $(said)"
	grep -q '20 of' "$work/compared" || fail "$1: $(said)"
	rm -r "$work/bad"
}

# Names for people, a time to judge, files that are cut in pieces.
scene_compare_options()
{
	local a=$work/lost/$ovoc-0.pcap b=$work/lost/$cpe.pcap

	make_pairs
	cp "$a" "$work/a"
	cp "$b" "$work/b"
	compare -b "$work/b" -a "$work/a" --name-a $'of\x1bfice' --name-b branch
	[ "$status" = 1 ] || fail "with -a and -b: $status"
	grep -q '^of?fice ' "$work/compared" || fail "no name: $(said)"
	grep -q '^branch ' "$work/compared" || fail "no name: $(said)"
	expect_compared 0 '' "$a" "$b" --to '2026-11-23 03:10:19'
	expect_compared 1 '10 of' "$a" "$b" --from 2026-11-23T04:10:30+01:00
	expect_compared 7 'with 1 MB of memory' "$a" "$b" --memory 1M
	compare "$a" "$b" >/dev/null
	TZ=XST-9 "$bin/traffic-capture-compare" "$a" "$b" >"$work/compared"
	grep -qF '(+09:00)' "$work/compared" || fail "zone: $(said)"
	"$bin/traffic-capture-compare" "$a" "$b" >/dev/full \
	    2>"$work/compare.log"
	status=$?
	[ "$status" = 7 ] || fail "a full disk: status $status"
}

# A file of the device's end that is bad: how, status, word.
expect_bad()
{
	local how=$1

	shift
	expect_compared "$@" "$work/whole/$ovoc-0.pcap" -b "$work/bad"
	[ "$(wc -l <"$work/compare.log")" -le 1 ] ||
	    fail "$how: not one line: $(said)"
	# It is said once, on one of the two.
	[ -s "$work/compare.log" ] || [ -s "$work/compared" ] ||
	    fail "$how: nothing is said"
	[ ! -s "$work/compare.log" ] || [ ! -s "$work/compared" ] ||
	    fail "$how: it is said twice: $(said)"
}

scene_compare_bad_files()
{
	local good=$work/whole/$cpe.pcap

	make_pairs
	expect_bad missing 7 "$work/bad"
	mkdir "$work/bad"
	expect_bad folder 7 "$work/bad"
	rmdir "$work/bad"
	mkfifo "$work/bad"
	expect_bad pipe 7 "$work/bad"
	rm "$work/bad"
	: >"$work/bad"
	expect_bad empty 3 'no packet'
	head -c 24 "$good" >"$work/bad"
	expect_bad header 3 'no packet'
	head -c 20 "$good" >"$work/bad"
	expect_bad 'half a header' 3 'it ends within its header'
	yes 'no capture' | head -c 100000 >"$work/bad"
	expect_bad garbage 7 "$work/bad"
	gzip -c "$good" >"$work/bad"
	expect_bad compressed 7 "$work/bad"
	head -c 2000 /dev/zero >"$work/bad"
	expect_bad zeros 7 "$work/bad"
	# A link type that does not exist, and one that is for private use.
	(head -c 20 "$good" && printf '\xe7\x03\0\0' && tail -c +25 "$good") \
	    >"$work/bad"
	expect_bad 'link type' 3 ''
	(head -c 20 "$good" && printf '\x93\x00\0\0' && tail -c +25 "$good") \
	    >"$work/bad"
	expect_bad 'private link type' 3 ''
}

# Judged as far as it goes.
scene_compare_damaged_files()
{
	local good=$work/whole/$cpe.pcap size

	make_pairs
	size=$(stat -c %s "$good")
	head -c $((size / 2)) "$good" >"$work/bad"
	expect_bad cut 0 ''
	jq -e '.sides[1].files[0].cut' <(compare --format json \
	    "$work/whole/$ovoc-0.pcap" -b "$work/bad" && cat "$work/compared") \
	    >/dev/null || fail "cut: $(cat "$work/compared")"
	# A record whose length cannot be true.
	(head -c $((size / 2)) "$good" &&
	    head -c 4096 /dev/zero | tr '\0' '\377') >"$work/bad"
	expect_bad 'lying length' 0 ''
	# One bad file, while that end has a good one, too.
	: >"$work/bad"
	expect_compared 1 '20 of' "$work"/lost/* -b "$work/bad"
	grep -qF 'bad: 0 packets; it is empty' "$work/compared" ||
	    fail "nothing of the empty one: $(cat "$work/compared")"
	echo 'no capture' >"$work/bad"
	expect_compared 7 "$work/bad" "$work"/lost/* -b "$work/bad"
	grep -qE '^ping +there +[0-9]+ +[0-9]+ +20 ' "$work/compared" ||
	    fail "the good ones are not judged: $(said)"
}

# It needs no privilege, and says which file it may not read.
scene_compare_without_root()
{
	local become="setpriv --reuid=65534 --regid=65534 --clear-groups
	    --bounding-set=-all --inh-caps=-all --ambient-caps=-all"
	local program

	# shellcheck disable=SC2086 # a command and its options
	if ! $become true 2>/dev/null; then
		echo "skipped: this user cannot become another one"
		return
	fi
	make_pairs
	chmod 755 "$work" "$work/lost" "$work/whole"
	chmod 644 "$work"/*/*.pcap
	mkdir "$work/bin"
	chmod 755 "$work/bin"
	program=$(realpath "$bin")/traffic-capture-compare
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$(echo $become)" "$program" \
	    >"$work/bin/traffic-capture-compare"
	chmod 755 "$work/bin/traffic-capture-compare"
	bin=$work/bin
	expect_compared 1 '20 of' "$work"/lost/*
	chmod 600 "$work/lost/$cpe.pcap"
	expect_compared 7 "$work/lost/$cpe.pcap" "$work"/lost/*
	expect_compared 7 'ermission' "$work"/lost/*
}

# Open descriptors instead of names, and nothing else to use: so a campaign
# gives it the captures of an event.  It is looked at while it works.
scene_compare_confined()
{
	local a=$work/lost/$ovoc-0.pcap b=$work/lost/$cpe.pcap pid state=''

	make_pairs
	exec {server}<"$a" {device}<"$b"
	rm "$a" "$b"
	expect_compared 1 '20 of 20' --confine 60 --memory 100M \
	    --descriptor "$server=$ovoc-0.pcap" \
	    --descriptor "$device=$cpe.pcap"
	expect_misused 'it is an open descriptor' \
	    --descriptor "999=$ovoc-0.pcap"
	expect_misused 'it is an open descriptor' --descriptor "$server"
	expect_misused 'say which end it is from' --descriptor "$server=x.pcap"
	expect_misused 'it is seconds' --confine 0
	# It waits for the reader of what it says: long enough to be seen.
	mkfifo "$work/pipe"
	exec {reader}<>"$work/pipe"
	perl -e 'syswrite STDOUT, "x" x 65500' >"$work/pipe"
	"$bin/traffic-capture-compare" --confine 60 --memory 100M \
	    --descriptor "$server=$ovoc-0.pcap" \
	    --descriptor "$device=$cpe.pcap" >"$work/pipe" &
	pid=$!
	helpers+=("$pid")
	for _ in $(seq 50); do
		state=$(cat "/proc/$pid/status")
		grep -q 'CapBnd:	0000000000000000' <<<"$state" && break
		pause 0.1
	done
	for line in 'NoNewPrivs:	1' 'CapEff:	0000000000000000' \
	    'CapPrm:	0000000000000000'; do
		grep -q "$line" <<<"$state" || fail "not '$line': $state"
	done
	for line in 'Max core file size *0 ' 'Max file size *1048576 ' \
	    'Max cpu time *60 *61 ' 'Max processes *0 '; do
		grep -q "$line" "/proc/$pid/limits" ||
		    fail "not '$line': $(cat "/proc/$pid/limits")"
	done
	kill "$pid"
	exec {server}<&- {device}<&- {reader}<&-
	unset 'helpers[-1]'
	wait "$pid"
}

# That both ran is proved by their records, or it cannot be said; what the
# campaign host saw is said all the same.
scene_compare_outage()
{
	local well='The device and its line are well' record

	make_outage
	expect_compared 1 'never reached the device' "$work/outage/"*
	said | tr '\n' ' ' | grep -qF 'Likely.' || fail "grade: $(said)"
	tr -s '\n ' ' ' <"$work/compared" |
	    grep -qF 'no packet is in both captures' ||
	    fail "no word of the clocks: $(cat "$work/compared")"
	compare --format json "$work/outage/"*
	jq -e '.grade == "likely" and .clock.known and .clock.pairs == 0 and
	    .clock.errorSeconds > 1 and .clock.errorSeconds < 5 and
	    (.clock.offsetSeconds - 86400 | fabs) < 1 and
	    ([.exchanges[] | select(.asker == "campaign")] |
	    .[0].letter == "A")' "$work/compared" >/dev/null ||
		fail "$(jq -c . "$work/compared")"
	record=$work/outage/CAMPAIGN_device_${cpe#CPE_device_}.json
	rm "$record"
	expect_compared 3 'no packet in common' "$work/outage/"*
	make_outage 'del(.allInterfaces)'
	expect_compared 3 "$well" "$work/outage/"*
	make_outage '.agentClock.errorMs = 90000'
	expect_compared 3 "$well" "$work/outage/"*
	make_outage '.probes = [] | .deviceClock = {aheadMs: 82800000,
	    errorMs: 1000}'
	expect_compared 3 'no packet in common' "$work/outage/"*
	make_outage
	truncate -s -20 "$work/outage/$cpe.pcap"
	expect_compared 3 "$well" "$work/outage/"*
	make_outage
	truncate -s 24 "$work/outage/$ovoc-0.pcap"
	expect_compared 3 'Cannot be said' "$work/outage/"*
}
