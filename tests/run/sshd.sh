# sshd.sh - OpenSSH's server on the agent's host, for the server's captures.
# shellcheck shell=bash
#
# It runs as who runs the scene, who also logs in: by a key, for no account is
# made.  Sourced by tests/run/scene after rig.sh.

sshd=/usr/sbin/sshd
sshd_port=2022
sshd_pid=''

# Root's wants a folder that only a running system has.
sshd_can_run()
{
	if [ ! -x "$sshd" ]; then
		echo "skipped: no $sshd here"
		return 1
	fi
	[ "$(id -u)" != 0 ] || [ -d /run/sshd ] || {
		mount -t tmpfs -o mode=755 tmpfs /run 2>"$work/mount.out" &&
		    mkdir -m 755 /run/sshd
	} && return
	echo "skipped: no mount here: $(cat "$work/mount.out")"
	return 1
}

# What sftp = { } says of it; $1: more, or the same otherwise.
sshd_keys()
{
	local login="private_key_file = \"server-key\";"

	case $1 in
	*password_file*) login= ;;
	esac
	echo "sftp = { port = $sshd_port; username = \"$(id -un)\"; $login
	    directory = \"$work/captures\"; $1 };"
}

# sshd_prepare [KEYS [COMMAND]]: the agent's entry has sftp, and the session is
# as in the manual, or runs a shell command before it.  Call it before the rig.
sshd_prepare()
{
	mkdir -p "$work/conf" "$work/sshd"
	ssh-keygen -q -t ed25519 -N '' -f "$work/conf/server-key"
	ssh-keygen -q -t ed25519 -N '' -f "$work/sshd/host-key"
	agents="{ address = \"$agent_address\"; $(sshd_keys "${1:-}") }"
	sshd_command='internal-sftp -R'
	[ -z "${2:-}" ] && return
	printf '%s\n' "captures='$work/captures' work='$work'" "$2" \
	    'exec /usr/lib/openssh/sftp-server -R' >"$work/sshd/command"
	sshd_command="/bin/bash $work/sshd/command"
}

# It listens on return.  No start-up file of who runs the scene is read, which
# bash(1) does for a command from afar, and which may take longer than a session
# is waited for.
start_sshd()
{
	cat >"$work/sshd/config" <<END
ListenAddress $agent_address
Port $sshd_port
HostKey $work/sshd/host-key
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
AuthorizedKeysFile $work/conf/server-key.pub
Subsystem sftp internal-sftp
SetEnv HOME=$work/sshd
Match User $(id -un)
	ForceCommand $sshd_command
	DisableForwarding yes
	PermitTTY no
END
	"$sshd" -D -e -f "$work/sshd/config" 2>"$work/sshd.log" &
	sshd_pid=$!
	helpers+=("$sshd_pid")
	wait_for_line "$work/sshd.log" 'Server listening' ||
	    fail "sshd did not start: $(cat "$work/sshd.log")"
}

# So many logins came.
expect_logins()
{
	local n

	n=$(grep -c 'Accepted publickey' "$work/sshd.log")
	[ "$n" = "$1" ] || fail "$n logins at sshd instead of $1"
}

# The server's files beside the device's are those of the server.
expect_server_files()
{
	local name n=0

	for name in "$run"/captures/OVOC_device_"$1"_*; do
		cmp -s "$name" "$work/captures/${name##*/}" ||
		    fail "$name is not the server's"
		n=$((n + 1))
	done
	[ "$n" = "$2" ] || fail "$n files of the server's instead of $2"
}

# What goes wrong, by the name in tests/run/faults.
sshd_fault()
{
	local none='SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
	# shellcheck disable=SC2016 # it is the command's to expand
	local sidecar='f=$(echo "$captures"/OVOC_device_*.json);' \
	    piece='p=$(echo "$captures"/OVOC_device_*-0.pcap);'

	case $1 in
	sound | stopped) sshd_prepare ;;
	wrong-password)
		mkdir -p "$work/conf"
		private_file "$work/conf/server-password" nobodys
		sshd_prepare 'password_file = "server-password";'
		;;
	wrong-pin) sshd_prepare "host_key = \"$none\";" ;;
	other-key)
		sshd_prepare
		mkdir -m 750 "$work/output"
		ssh-keygen -q -t ed25519 -N '' -f "$work/sshd/once"
		echo "[$agent_address]:$sshd_port" \
		    "$(cut -d ' ' -f 1,2 "$work/sshd/once.pub")" \
		    >"$work/output/known_hosts"
		;;
	no-sidecar) sshd_prepare '' "$sidecar rm \"\$f\"" ;;
	garbage | huge) agent_records= ;;&
	garbage) sshd_prepare '' "$sidecar head -c 99 /dev/urandom >\"\$f\"" ;;
	huge) sshd_prepare '' "$sidecar truncate -s 5M \"\$f\"" ;;
	no-piece) sshd_prepare '' "$piece rm \"\$p\"" ;;
	cut-piece) sshd_prepare '' "$piece truncate -s -7 \"\$p\"" ;;
	no-capture) sshd_prepare '' "$piece echo none >\"\$p\"" ;;
	hang) sshd_prepare '' 'exec cat >/dev/null' ;;
	*) fail "sshd knows no fault $1" ;;
	esac
}
