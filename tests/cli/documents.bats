#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the README and the manual pages show of inspect and draw is what comes out: every line of it is run again.

load common

# The examples of one document: runs each block that starts with "$ memhint inspect" or "$ memhint draw", in order, in a folder that has the files that the
# document shows with "$ cat", and compares all of it. Says how many there were.
replay() {
	"$PYTHON" -B - "$1" "$MEMHINT" "$BATS_TEST_TMPDIR" <<'PY'
import os, re, subprocess, sys
document, memhint, folder = sys.argv[1:]
text = open(document, encoding="utf-8").read()
if document.endswith(".md"):
    blocks = re.findall(r"^```\n(.*?)^```$", text, re.S | re.M)
else:
    blocks = []
    for block in re.findall(r"^\.EX\n(.*?)^\.EE$", text, re.S | re.M):
        block = re.sub(r"\\f[A-Z]", "", block.replace("\\&", "").replace("\\-", "-").replace("\\(aq", "'"))
        blocks.append(block.replace("\\e", "\\"))
environment = dict(os.environ, COLUMNS="80", LC_ALL="C")
done = 0
for block in blocks:
    for example in re.split(r"^(?=\$ )", block, flags=re.M)[1:]:
        command, shown = example.split("\n", 1)
        if command.startswith("$ cat "):
            with open(os.path.join(folder, command[6:]), "w", encoding="utf-8") as file:
                file.write(shown)
        if not re.match(r"\$ memhint (inspect|draw)\b", command):
            continue
        got = subprocess.run(["sh", "-c", command[2:].replace("memhint", '"$0"', 1), memhint], cwd=folder, env=environment, capture_output=True, text=True)
        assert got.returncode == 0, (command, got.stderr)
        strip = lambda lines: [line.rstrip() for line in lines.rstrip("\n").split("\n")]
        for number, (want, line) in enumerate(zip(strip(shown) + [None], strip(got.stdout) + [None])):
            assert want == line, f"{document}: {command}, line {number + 1}\n shown: {want}\n is:    {line}"
        done += 1
print(done)
PY
}

@test "README: what it shows of inspect and draw" {
	# Its program is shown by the table alone.
	cat >"$BATS_TEST_TMPDIR/prog.py" <<'PY'
x = np.zeros(1_000_000)
t = x - x.mean()
u = t / x.std()
r = u ** 2
w = sliding_window_view(r, 64)
s = w.std(1)
PY
	run replay README.md
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" -ge 3 ]
}

@test "memhint-inspect(1) and memhint-draw(1): their examples" {
	run replay man/memhint-inspect.1
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" -ge 2 ]
	run replay man/memhint-draw.1
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" -ge 2 ]
}
