#!/bin/sh
# SPDX-License-Identifier: MIT
# Is the floor one? Runs every lesson at three sizes and names each way whose least time lies below its floor: there must be none.
# Usage: floor.sh      by hand, on an otherwise idle machine
set -eu
/usr/bin/python3 - "${MEMHINT:-${B:-build}/memhint}" <<'PY'
import json, subprocess, sys
memhint = sys.argv[1]
below = ways = 0
for size in ('1K', '100K', None):
    for lesson in subprocess.run([memhint, 'list', '--names'], capture_output=True, text=True, check=True).stdout.split():
        words = [memhint, 'run', lesson, '--format', 'json', '--quiet'] + (['--set', 'n=' + size] if size else [])
        output = subprocess.run(words, capture_output=True, text=True).stdout
        for way in json.loads(output)['lessons'][0]['variants'] if output else []:  # some lessons are never so small
            time = way['time']
            if time['floor_ns'] and time['min_ns']:
                ways += 1
                if time['min_ns'] < time['floor_ns']:
                    below += 1
                    print(f"{lesson} n={size or 'default'} {way['name']}: {time['min_ns']:.0f} ns, floor {time['floor_ns']:.0f} ns")
print(f'{ways} ways, {below} below their floor')
sys.exit(below > 0)
PY
