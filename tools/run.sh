#!/usr/bin/env bash
# Show the demonstration. It is built once, and once more for another release; `rm -r var` begins anew.
set -euo pipefail
cd "$(dirname "$0")/.."
export KOLLONTAI_DEMO=1
home=${KOLLONTAI_HOME:-var}
mkdir -p "$home"

.venv/bin/kollontai migrate
.venv/bin/kollontai demo tidewater alder-house
echo
echo "    Kollontai is at http://localhost:${PORT:-8000}        (Ctrl-C ends it)"
echo
exec .venv/bin/kollontai serve --port "${PORT:-8000}"
