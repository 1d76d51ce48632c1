# shellcheck shell=bash
# lib.sh - what packaging/kubernetes says, and the volumes of its pods as files.
# Sourced in the project's root, with $top a folder that everybody can search.

file=$PWD/packaging/kubernetes/traffic-capture.yaml
containerfile=$PWD/packaging/kubernetes/Containerfile
documents=$PWD/tests/kubernetes/check_documents

# fact[shards], [name], [user], [image], [mounts]
declare -A fact
read_facts()
{
	local key value

	while IFS='=' read -r key value; do
		fact[$key]=$value
	done < <("$documents" --facts "$file")
	[ -n "${fact[shards]:-}" ]
}

# certificate FILE: one that vouches for devices.
certificate()
{
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test -days 1 \
	    -keyout /dev/null -out "$1" 2>/dev/null
}

# volumes NAME CA [OPTION...]: in that folder of $top the pods' files, etc and
# var as they are mounted, with these options of sed, as their user finds them;
# the Secret is filled in, and ca.pem with that file.
volumes()
{
	local to=$top/$1 ca=$2 output

	shift 2
	output=$to/var/lib/traffic-capture
	mkdir -p "$output"
	sed -E "$@" \
	    -e 's/^(  (cpe-password|snmp-auth|snmp-priv)): ""/\1: a-secret/' \
	    "$file" |
	    awk -v ca="$ca" '
	    /^  ca[.]pem: ""$/ {
		print "  ca.pem: |"
		while ((getline line <ca) > 0)
			print "    " line
		next
	    }
	    { print }' >"$to/filled.yaml"
	if [ "$(id -u)" != 0 ]; then
		"$documents" --lay-out "$to/filled.yaml" "$to"
		return
	fi
	# As the kubelet does for fsGroup.
	chown "0:${fact[user]}" "$output" && chmod 2775 "$output" &&
	    "$documents" --lay-out "$to/filled.yaml" "$to" "${fact[user]}"
}
