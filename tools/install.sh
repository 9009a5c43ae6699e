#!/usr/bin/env bash
# Make .venv and install one set of requirements into it: tools/install.sh run|test
# Every file is checked against its hash; nothing is built from source.
set -euo pipefail
cd "$(dirname "$0")/.."
set=$1

sound() { .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
sound || tools/venv.sh

if command -v uv >/dev/null; then
    install=(uv pip install --quiet --python .venv/bin/python)
else
    install=(.venv/bin/python -m pip install --quiet --disable-pip-version-check)
fi
echo "Installing what requirements/$set.txt names."
"${install[@]}" --require-hashes --only-binary :all: -r "requirements/$set.txt"
if [ "$set" = run ]; then
    "${install[@]}" --no-deps --no-build-isolation -e .
fi
touch ".venv/.$set"
