#!/bin/sh
# SPDX-License-Identifier: MIT
# A lesson's text as a page of section 7. Usage: manpage.sh lesson.md name version > page
# lowdown ($LOWDOWN) renders it; the head is ours: mandoc wants a NAME section with one line, which is the text's title and its first paragraph.
set -eu
text=$1 name=$2 version=$3
lowdown=${LOWDOWN:-lowdown}
# A pipe would swallow its absence, and leave a page without a text.
command -v "$lowdown" >/dev/null || { printf 'the manual pages need %s (package lowdown)\n' "$lowdown" >&2 && exit 1; }
summary=$(awk 'NR > 1 && NF { print; exit }' "$text" | sed 's/[.]$//; s/`//g; s/\*//g' | awk '{ print tolower(substr($0, 1, 1)) substr($0, 2) }')
day=${MEMHINT_DATE:-2026-11-23}
printf '.\\" Made from %s by build-aux/manpage.sh.\n' "$text"
printf '.TH "MEMHINT-%s" "7" "%s" "memhint %s" "memhint lessons"\n' "$(printf %s "$name" | tr '[:lower:]' '[:upper:]')" "$day" "$version"
printf '.SH NAME\nmemhint-%s \\- %s\n' "$name" "$(printf %s "$summary" | sed 's/-/\\-/g')"
# The title and the summary are in the head already. Headings become sections, without the paragraph macro that man pages do not want after
# them; code is bold, as the font that lowdown asks for is not in every man.
awk '/^## / { seen = 1 } seen' "$text" | "$lowdown" -Tman | sed -e 's/\\fC/\\fB/g' -e 's/\\f(CR/\\fB/g' -e 's/[[:space:]]*$//' | awk '
	/^\.\\" -\*-/ { next }
	/^\.S[HS]$/ { print ".SH"; title = 1; next }
	title == 1 { print toupper($0); title = 2; next }
	title == 2 && /^\.[LP]P$/ { title = 0; next }
	/^\.EX$/ { print ".RS 4" }
	{ title = 0; print }
	/^\.EE$/ { print ".RE" }'
printf '.SH SEE ALSO\n.BR memhint (1),\n.BR memhint\\-run (1),\n.BR memhint\\-show (1)\n'
