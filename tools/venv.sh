#!/usr/bin/env bash
# Make .venv with Python 3.11 or newer. The distribution's own comes first: it is built with what profiles
# say, and a third quicker than one that was built at home. One on the path may be an empty shim: each is tried.
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian's Python lacks its venv part until a package brings it.
able() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
runs() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

make_with() { rm -rf .venv && echo "Making .venv with $("$1" --version)." && "$1" -m venv .venv; }

candidates=(/usr/bin/python3.11 python3.11 python3 python3.12 python3.13 python3.14)
for python in "${candidates[@]}"; do
    if able "$python" && make_with "$python"; then exit 0; fi
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Python's venv part is missing: installing python3-venv." >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    for python in /usr/bin/python3 "${candidates[@]}"; do
        if able "$python" && make_with "$python"; then exit 0; fi
    done
fi

for python in "${candidates[@]}"; do
    if runs "$python"; then
        if command -v uv >/dev/null && uv venv --quiet --clear --python "$python" .venv; then exit 0; fi
        echo "$python is here, but cannot make a virtual environment." >&2
        echo "On Debian or Ubuntu: sudo apt-get install python3-venv. Then: make run" >&2
        exit 1
    fi
done
echo "Kollontai needs Python 3.11 or newer, and none was found." >&2
echo "On Debian or Ubuntu: sudo apt-get install python3 python3-venv. Then: make run" >&2
exit 1
