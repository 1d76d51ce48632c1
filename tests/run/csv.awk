# csv.awk - read CSV as RFC 4180 has it, strictly; write one line a record,
# fields separated by tabs, with \t, \n, \r and \\ as escapes in them.
# Exit status 1 and a word of complaint at the first thing that is not CSV.

function wrong(text)
{
	printf "record %d: %s\n", records + 1, text >"/dev/stderr"
	failed = 1
	exit 1
}

function escaped(c)
{
	if (c == "\\")
		return "\\\\"
	if (c == "\t")
		return "\\t"
	if (c == "\n")
		return "\\n"
	if (c == "\r")
		return "\\r"
	return c
}

function record_ends()
{
	if (records == 0)
		expected = fields
	else if (fields != expected)
		wrong(fields " fields, the header has " expected)
	records++
	print line
	line = ""
}

# One line of the file, with its line end, in the state of the lines before.
function take(text,	i, n, c)
{
	n = length(text)
	for (i = 1; i <= n; i++) {
		c = substr(text, i, 1)
		if (quoted) {
			if (c != "\"")
				line = line escaped(c)
			else if (substr(text, i + 1, 1) == "\"") {
				line = line "\""
				i++
			} else {
				quoted = 0
				closed = 1
			}
		} else if (c == "\"") {
			if (!fresh)
				wrong("a quote within a field")
			quoted = 1
			fresh = 0
		} else if (c == ",") {
			line = line "\t"
			fields++
			fresh = 1
			closed = 0
		} else if (c == "\r") {
			if (substr(text, i + 1, 1) != "\n")
				wrong("a carriage return within a field")
		} else if (c == "\n") {
			if (substr(text, i - 1, 1) != "\r")
				wrong("a line end without carriage return")
			record_ends()
			fields = 1
			fresh = 1
			closed = 0
		} else {
			if (closed)
				wrong("text behind a closing quote")
			line = line escaped(c)
			fresh = 0
		}
	}
}

BEGIN {
	fields = 1
	fresh = 1
}

{ take($0 "\n") }

END {
	if (!failed && (quoted || line != ""))
		wrong("the file ends within a record")
}
