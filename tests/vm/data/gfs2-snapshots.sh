# SPDX-License-Identifier: GPL-2.0
# topic: a GFS2 as snapshots catch it while it is written: what was synced is in them, and it is whole
# nodes: 1
# seconds: 1200
# shellcheck shell=bash disable=SC2016

# A snapshot is what a node without power leaves behind, many times a minute. RBDSHARE_ROUNDS=100 measures
# how often GFS2 leaves a block of a file that was being made (gfs2-verdict.py); --driver intree, too.
SNAPSHOTS=${RBDSHARE_ROUNDS:-15}
WRITERS=4

# The newest number that each of these files holds (writer.py writes them, into 64 places in turn).
newest='import sys
for name in sys.argv[1:]:
    with open(name, "rb") as f:
        print(max(int(f.read(4096)[:20].strip(b"\0") or 0) for _ in range(64)))'

# look_at I: what snapshot I holds after its journal was replayed, as the filesystem of another image
look_at() {
	local beats=("${@:2}") have w said

	rbd cp "data/g@$1" data/copy --no-progress
	node 1 'rbd map data/copy >/dev/null && mount -t gfs2 -o noatime /dev/rbd/data/copy /mnt/copy'
	mapfile -t have < <(node 1 "cd /mnt/copy; python3 -c '$newest' ${names[*]}")
	for ((w = 0; w < WRITERS; w++)); do
		((have[w] >= beats[w])) || fail "snapshot $1: ${beats[w]} writes of writer $w were synced, its file has ${have[w]}"
	done
	node 1 'umount /mnt/copy; rbd unmap data/copy'
	rm -f "$VM_TMP/g.img"
	rbd export data/copy "$VM_TMP/g.img" --no-progress
	if ! fsck.gfs2 -n "$VM_TMP/g.img" >"$VM_TMP/fsck.g" 2>&1; then
		said=$(python3 "$RC_DIR/gfs2-verdict.py" "$WRITERS" "$VM_TMP/g.img" <"$VM_TMP/fsck.g") ||
			fail "snapshot $1: GFS2 is damaged: $said"
		say "snapshot $1: $said"
		making=$((making + 1))
	fi
	rbd rm data/copy --no-progress
	rbd snap rm "data/g@$1" --no-progress
}

pool data
rbd create data/g --size 128M
mapfile -t names < <(seq "$WRITERS")
node 1 'modprobe gfs2; rbd map data/g; mkfs.gfs2 -q -O -p lock_nolock -j 1 -J 16 /dev/rbd/data/g
	mkdir -p /mnt/g /mnt/copy; mount -t gfs2 -o noatime /dev/rbd/data/g /mnt/g
	mkdir /mnt/g/lost; umount /mnt/g'
rbd snap create data/g@empty --no-progress
node 1 'mount -t gfs2 -o noatime /dev/rbd/data/g /mnt/g; touch /mnt/g/lost/file'
"$LAB" push 1 "$RC_DIR/cluster/writer.py" /tmp/writer.py
node 1 "for w in ${names[*]}; do setsid python3 /tmp/writer.py /mnt/g/\$w /tmp/beats.\$w >/tmp/writer.\$w.log 2>&1 </dev/null & done; sleep 0.2"
for n in "${names[@]}"; do
	wait_until 60 node 1 "test -s /tmp/beats.$n"
done

say "$SNAPSHOTS snapshots under $WRITERS writers"
making=0
for ((i = 1; i <= SNAPSHOTS; i++)); do
	mapfile -t beats < <(node 1 'for b in /tmp/beats.?; do wc -c <$b; done')
	rbd snap create "data/g@$i" --no-progress
	look_at "$i" "${beats[@]}"
done
figure "$SNAPSHOTS snapshots under $WRITERS writers: in $making of them blocks of files that were being made or removed"
mapfile -t inodes < <(node 1 'pkill -f [w]riter.py; while pgrep -f [w]riter.py >/dev/null; do sleep 0.2; done
	stat -c %i /mnt/g/1 /mnt/g/lost; umount /mnt/g; rbd unmap data/g')
rbd export data/g "$VM_TMP/end.img" --no-progress
fsck.gfs2 -n "$VM_TMP/end.img" >"$VM_TMP/fsck.end" 2>&1 || fail "GFS2 is damaged: $(tail -n 5 "$VM_TMP/fsck.end")"

say "a lost write does not pass for a file that was being made"
# lost BLOCK OF: this block of the image is as it was in the other one
lost() {
	cp --sparse=always "$VM_TMP/end.img" "$VM_TMP/lost.img"
	dd if="$2" of="$VM_TMP/lost.img" bs=4096 skip="$1" seek="$1" count=1 conv=notrunc status=none
	! fsck.gfs2 -n "$VM_TMP/lost.img" >"$VM_TMP/fsck.lost" 2>&1 || fail "fsck.gfs2 does not miss block $1"
	if python3 "$RC_DIR/gfs2-verdict.py" "$WRITERS" "$VM_TMP/lost.img" <"$VM_TMP/fsck.lost"; then
		fail "the lost write of block $1 was forgiven"
	fi
}
truncate -s 128M "$VM_TMP/zero.img"
lost "${inodes[0]}" "$VM_TMP/zero.img"
rbd export data/g@empty "$VM_TMP/empty.img" --no-progress
lost "${inodes[1]}" "$VM_TMP/empty.img"
grep -q 'Unlinked inode has zero size' "$VM_TMP/fsck.lost" || fail "no inode without a name"
rm "$VM_TMP"/*.img
