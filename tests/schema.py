#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Hold JSON results against src/report/memhint.schema.json, those of inspect against memhint-inspect.schema.json: tests/schema.py FILE... ('-' is standard input).

Prints each error with its place; the status is 1 if there was one. A schema that is itself wrong is an error too.
"""

import json
import pathlib
import sys

import jsonschema

SCHEMAS = pathlib.Path(__file__).resolve().parent.parent / "src" / "report"


def refuse(word):
    raise ValueError(f"{word} is not JSON")


def load(name):
    text = sys.stdin.read() if name == "-" else pathlib.Path(name).read_text(encoding="utf-8")
    return json.loads(text, parse_constant=refuse)


def main(names):
    if not names:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    validators = {}
    for kind in "memhint", "memhint-inspect":
        schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[kind] = jsonschema.Draft202012Validator(schema)
    status = 0
    for name in names:
        try:
            results = load(name)
        except (OSError, ValueError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            status = 1
            continue
        validator = validators["memhint-inspect" if isinstance(results, dict) and "statements" in results else "memhint"]
        for error in sorted(validator.iter_errors(results), key=lambda e: list(map(str, e.absolute_path))):
            print(f"{name}: {'.'.join(map(str, error.absolute_path)) or 'top'}: {error.message}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
