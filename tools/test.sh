#!/usr/bin/env bash
# The whole suite on SQLite, then on PostgreSQL: tools/test.sh [long]
# Every part runs even when an earlier one failed; the last lines are pytest's own.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
marked="not long"
[ "${1-}" = long ] && marked="long"
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
# Never your own house: neither its files nor its database.
export KOLLONTAI_HOME="$logs/home"
unset DATABASE_URL KOLLONTAI_KEYS KOLLONTAI_DEMO
failed=()

suite() { # the name of the database, then pytest and what it shall know besides
    local name=$1
    shift
    echo "== $name"
    "$@" -q --no-header -m "$marked" -n "${WORKERS:-2}" --dist worksteal 2>&1 | tee "$logs/$name"
    local status=${PIPESTATUS[0]}
    # 5: nothing was chosen, as when no test is marked long yet.
    [ "$status" = 0 ] || [ "$status" = 5 ] || failed+=("$name")
}

tools/debian.sh
if [ "$marked" = "not long" ]; then tools/check.sh quick || failed+=("make check"); fi
suite SQLite python -m pytest
if compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null || command -v postgres >/dev/null; then
    # The libraries know no database: once is enough for them.
    suite PostgreSQL python -m tests.postgres -- python -m pytest \
        --ignore tests/lints --ignore tests/counting --ignore tests/against/counting --ignore tests/openrecord \
        --ignore tests/auditor --ignore tests/cli
fi

echo
tools/debian.sh say
[ ${#failed[@]} -gt 0 ] && (IFS=,; echo "Failed: ${failed[*]}")
for log in "$logs"/SQLite "$logs"/PostgreSQL; do
    [ -e "$log" ] && echo "${log##*/}:" && tail -n 1 "$log"
done
exit $((${#failed[@]} > 0))
