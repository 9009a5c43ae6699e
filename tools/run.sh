#!/usr/bin/env bash
# Show the demonstration. It is built once; `rm -r var` begins anew.
set -euo pipefail
cd "$(dirname "$0")/.."
export KOLLONTAI_DEMO=1
home=${KOLLONTAI_HOME:-var}
mkdir -p "$home"

.venv/bin/kollontai migrate
# Kept beside the database it speaks of, so that both go together.
shown="$home/demonstration-built"
if [ "$(cat "$shown" 2>/dev/null)" != "${DATABASE_URL:-sqlite}" ]; then
    .venv/bin/kollontai demo tidewater alder-house
    echo "${DATABASE_URL:-sqlite}" >"$shown"
fi
echo
echo "    Kollontai is at http://localhost:${PORT:-8000}        (Ctrl-C ends it)"
echo
exec .venv/bin/kollontai serve --port "${PORT:-8000}"
