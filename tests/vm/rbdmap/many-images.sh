# SPDX-License-Identifier: GPL-2.0
# topic: rbdmap maps 64 images at once and unmaps them, and only those
# nodes: 1
# seconds: 600
# shellcheck shell=bash disable=SC2016

pool rbd
say "64 images, and one that somebody else maps"
for i in $(seq 64); do
	rbd create rbd/n"$i" --size 8 --image-shared
	echo "n$i id=admin"
done >"$VM_TMP/rbdmap"
rbd create rbd/other --size 8 --image-shared
put 1 /etc/rbdmap <"$VM_TMP/rbdmap"
node 1 'rbd map rbd/other'
node 1 'rbdmap start' || fail "start"
expect "links" "$(node 1 'ls /dev/rbd/rbd | grep -c "^n"')" 64
node 1 'rbdmap status' >/dev/null || fail "status says that not all are mapped"
expect "records" "$(node 1 'ls /run/rbdmap | wc -l')" 64
node 1 'rbdmap stop'
expect "what is left" "$(node 1 "rbd device list --format json | grep -o '\"name\":\"[^\"]*\"'")" '"name":"other"'
node 1 'rbd unmap rbd/other'
