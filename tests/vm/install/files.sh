# SPDX-License-Identifier: GPL-2.0
# topic: "make install" puts what install.list says, replaces no file of a package, and is undone without a trace
# nodes: 1
# seconds: 600
# drivers: ours
# shellcheck shell=bash disable=SC2016

repo=$(cd "$RC_DIR/../.." && pwd)
targets=$(awk '!/^#/ && NF { print $3 }' "$repo/init/install.list" | sort)
folders='/etc /usr/sbin /usr/bin /usr/lib/systemd /usr/lib/udev /usr/lib/modprobe.d /usr/local /usr/share/bash-completion'
files() { node 1 "find $folders -xdev ! -type d -printf '%p %s %l\n' | sort"; }
package() { node 1 'for p in $(dpkg -L ceph-common); do [ ! -f "$p" ] || md5sum "$p"; done'; }
install_it() { node 1 "cd $repo && make -s ${*:-install} >/tmp/install.out 2>&1 || { cat /tmp/install.out; exit 1; }"; }

say "no path of install.list belongs to a package, by either name of a folder"
# Folders like /lib are links to those in /usr; dpkg knows a file by the name its package has.
paths=$(awk '{ print; sub("^/usr", ""); print }' <<<"$targets" | tr '\n' ' ')
expect "owners of what is in install.list" "$(node 1 "dpkg -S $paths 2>/dev/null || true")" ""
expect "owner of the stock unit" "$(node 1 'dpkg -S /lib/systemd/system/rbdmap.service')" \
	"ceph-common: /lib/systemd/system/rbdmap.service"

say "DESTDIR"
install_it install DESTDIR=/tmp/dest
expect "what is in DESTDIR" "$(node 1 'cd /tmp/dest && find . -type f | cut -c2- | sort')" "$targets"
node 1 "cd $repo && DESTDIR=/tmp/dest scripts/install --remove"
expect "what is left in DESTDIR" "$(node 1 'find /tmp/dest ! -type d')" ""

say "into the node itself"
before=$(files) owned=$(package)
[[ -n $owned ]] || fail "the node has no ceph-common"
install_it
expect "files of ceph-common" "$(package)" "$owned"
added=$(comm -13 <(echo "$before") <(files) | cut -d' ' -f1)
expect "what is new" "$(sort <<<"$added")" "$targets"
expect "files gone or changed" "$(comm -23 <(echo "$before") <(files))" ""
for program in rbdshare rbdmap; do
	expect "$program" "$(node 1 "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin command -v $program")" "/usr/sbin/$program"
done
node 1 '/usr/sbin/rbdshare --version && sh -n /etc/init.d/rbdmap && udevadm --version' >/dev/null

say "a second time: what somebody changed in /etc stays"
node 1 'echo "# changed here" >>/etc/default/rbdmap'
install_it
node 1 'grep -q "# changed here" /etc/default/rbdmap' || fail "/etc/default/rbdmap was overwritten"
node 1 "cd $repo && scripts/install --remove"
node 1 'grep -q "# changed here" /etc/default/rbdmap' || fail "/etc/default/rbdmap was removed, though it was changed"
node 1 'rm /etc/default/rbdmap'
expect "files after the removal" "$(files)" "$before"
expect "files of ceph-common" "$(package)" "$owned"
