#!/usr/bin/env bash
# Pin requirements/*.in into *.txt: every version, every hash, no address.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
[ -x "$uv" ] || { echo "make lock needs uv: .venv/bin/pip install uv" >&2; exit 1; }
for set in run test; do
    "$uv" pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url \
        --universal --python-version 3.11 "requirements/$set.in" -o "requirements/$set.txt"
done
# The peers of the counting tests come without what they need only for drawing and solving.
"$uv" pip compile --quiet --upgrade --no-deps --generate-hashes --no-header --no-annotate --no-emit-index-url \
    --universal --python-version 3.11 tests/against/counting/requirements.in \
    -o tests/against/counting/requirements.txt
