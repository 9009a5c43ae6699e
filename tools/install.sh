#!/usr/bin/env bash
# Install one set of requirements into .venv: tools/install.sh run|test
# Every file is checked against its hash; nothing is built from source. The lists are whole, so nothing else is
# looked for; Python compiles a module when it is first asked for.
set -euo pipefail
cd "$(dirname "$0")/.."
set=$1

if command -v uv >/dev/null; then
    install=(uv pip install --quiet --python .venv/bin/python)
else
    install=(.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile)
fi
echo "Installing what requirements/$set.txt names."
"${install[@]}" --no-deps --require-hashes --only-binary :all: -r "requirements/$set.txt"
if [ "$set" = run ]; then
    "${install[@]}" --no-deps --no-build-isolation -e .
    .venv/bin/python -m tools.catalogues build
fi
if [ "$set" = test ]; then
    "${install[@]}" --no-deps --require-hashes --only-binary :all: -r tests/against/counting/requirements.txt ||
        echo "The peers of the counting tests could not be installed; those tests are left out." >&2
fi
touch ".venv/.$set"
