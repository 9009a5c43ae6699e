#!/usr/bin/env bash
# The whole suite on SQLite, then on PostgreSQL: tools/test.sh [long]
# Every part runs even when an earlier one failed; the last lines are pytest's own.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
marked="not long"
[ "${1-}" = long ] && marked="long"
logs=$(mktemp -d)
# Many small files are written and removed: in memory, where there is plenty of it.
files=$logs
room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
if [ -w /dev/shm ] && [ "${room:-0}" -gt 4000000 ]; then files=$(mktemp -d /dev/shm/kollontai-tests-XXXXXX); fi
trap 'rm -rf "$logs" "$files"' EXIT
chmod 711 "$files"  # PostgreSQL, which never runs as root, has its files in there too
export TMPDIR="$files"
# Never your own house: neither its files nor its database.
export KOLLONTAI_HOME="$files/home"
unset DATABASE_URL KOLLONTAI_KEYS KOLLONTAI_DEMO
# Hundreds of processes are started: each module is compiled once, not by each of them.
unset PYTHONDONTWRITEBYTECODE
failed=()

suite() { # a name, which tests by their mark, then pytest and what it shall know besides
    local name=$1 chosen=$2
    shift 2
    echo "== $name"
    "$@" -q --no-header -m "$chosen" -n "${WORKERS:-$(($(nproc) + 2))}" --dist worksteal \
        --basetemp "$files/of-$name" 2>&1 | tee "$logs/$name"
    local status=${PIPESTATUS[0]}
    rm -rf "${files:?}/of-$name"
    # 5: nothing was chosen, as when no test is marked long yet.
    [ "$status" = 0 ] || [ "$status" = 5 ] || failed+=("$name")
}

tools/debian.sh
# All modules are imported, and so compiled, by one process before several need them at once.
python -m pytest --collect-only -q -m "$marked" >"$logs/collected" 2>&1 &
if [ "$marked" = "not long" ]; then tools/check.sh quick || failed+=("make check"); fi
wait
# What each test asks of the database is noted on SQLite; who asks nothing of their own is left out then
# on PostgreSQL (tests/asked.py). The long way leaves out nobody.
export KOLLONTAI_ASKED="$PWD/.asked.json"
noted="" left_out=""
if [ "$marked" = "not long" ]; then noted=noted left_out=left-out; fi
KOLLONTAI_WHOLE_SUITE=$noted suite SQLite "$marked" python -m pytest
if compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null || command -v postgres >/dev/null; then
    # Whatever cannot meet the database is left out there (tests/conftest.py).
    KOLLONTAI_WHOLE_SUITE=$left_out suite PostgreSQL "$marked" \
        python -m tests.postgres --and-durable -- python -m pytest
    if [ "$marked" = long ]; then
        suite PostgreSQL-all "not long" python -m tests.postgres --and-durable -- python -m pytest
    fi
fi

echo
tools/debian.sh say
[ ${#failed[@]} -gt 0 ] && (IFS=,; echo "Failed: ${failed[*]}")
for log in "$logs"/SQLite "$logs"/PostgreSQL*; do
    [ -e "$log" ] && echo "${log##*/}:" && tail -n 1 "$log"
done
exit $((${#failed[@]} > 0))
