# sshd.sh - OVOC's SSH server, from which the campaign fetches the files of the
# server's end: a real sshd with a key of ours for whoever runs this.
# shellcheck shell=bash

sshd=/usr/sbin/sshd
sftp_keys='' # of the agent's entry; empty: the campaign cannot fetch them

# Only a campaign that can fetch has these keys in its table.
can_fetch()
{
	grep -qa 'sftp\.private_key_file' "$bin/traffic-capture"
}

write_sshd_conf()
{
	cat >"$work/sshd/conf" <<END
ListenAddress $ovoc_host
PidFile none
HostKey $work/sshd/host
AuthorizedKeysFile $work/sshd/key.pub
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
Subsystem sftp internal-sftp -R
ForceCommand internal-sftp -R
END
}

# Where root's sshd wants its folder: in mounts of our own.
make_run_folder()
{
	[ "$(id -u)" = 0 ] && [ ! -d /run/sshd ] || return 0
	mount -t tmpfs none /run && mkdir -m 755 /run/sshd
}

# An account that is locked, as that of a service may be, is let in by root's
# sshd only.
can_log_in()
{
	[ "$(id -u)" = 0 ] || echo pwd | sftp -q -b - -i "$work/sshd/key" \
	    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
	    "$(id -un)@$ovoc_host" >"$work/sshd/login" 2>&1
}

start_sshd()
{
	can_fetch || return
	mkdir -m 700 "$work/sshd" &&
	    ssh-keygen -q -t ed25519 -N '' -f "$work/sshd/host" &&
	    ssh-keygen -q -t ed25519 -N '' -f "$work/sshd/key" &&
	    write_sshd_conf && make_run_folder || return
	"$sshd" -D -e -f "$work/sshd/conf" 2>"$work/sshd/log" &
	helpers+=("$!")
	wait_for_line "$work/sshd/log" 'Server listening on' 10 &&
	    can_log_in || return
	sftp_keys="sftp = { username = \"$(id -un)\";
	    private_key_file = \"$work/sshd/key\";
	    directory = \"$work/captures\"; };"
}
