# SPDX-License-Identifier: GPL-2.0
# Notices when a log gets lines: noticed.py LOG TEXT:FILE...; the first line that has TEXT puts the time into FILE,
# in tenths of a second of the clock that writer.py uses. It ends with the last of them.
import sys
import time

wanted = dict(word.rsplit(":", 1) for word in sys.argv[2:])
with open(sys.argv[1]) as log:
    log.seek(0, 2)
    line = ""
    while wanted:
        # A line may be there in part.
        line = (line if not line.endswith("\n") else "") + log.readline()
        if not line.endswith("\n"):
            time.sleep(0.05)
            continue
        for text in [t for t in wanted if t in line]:
            with open(wanted.pop(text), "w") as out:
                out.write("%d\n" % (time.monotonic() * 10))
