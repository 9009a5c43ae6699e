#!/usr/bin/env bash
# What the tests need besides Python: a browser, PostgreSQL, and programs that others wrote to check ours.
# Installs what is missing when it may (Debian, as root); otherwise says loudly what will not be tested.
# With the word "say" it installs nothing and only says so.
set -uo pipefail

may=
[ "${1-}" != say ] && [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && may=yes
missing=() packages=()
need() { # the packages, what they are for, and a command that succeeds when they are there
    local names=$1 purpose=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    read -ra named <<<"$names"
    packages+=("${named[@]}")
    missing+=("$purpose ($names)")
}
postgres() { compgen -G "/usr/lib/postgresql/*/bin/postgres" || command -v postgres; }
# The shell is the same browser without its windows, at half the work; another will do where it cannot be had.
browser() { command -v chromium-headless-shell || { [ -z "$may" ] && command -v chromium; }; }
go_modules() { [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ]; }
look() {
    missing=() packages=()
    need "chromium-headless-shell fonts-liberation" "journeys in a real browser" browser
    need "postgresql" "everything on PostgreSQL" postgres
    need "golang-go" "the record read by Go's own log code" command -v go
    need "golang-golang-x-mod-dev" "the same" go_modules
    need "doc-debian" "a real rulebook, amended" test -e /usr/share/doc/debian/constitution.1.0.txt.gz
    need "belenios-tool" "sealed ballots against Belenios" command -v belenios-tool
}

look
if [ -n "$may" ] && [ ${#missing[@]} -gt 0 ]; then
    echo "Installing from Debian: ${packages[*]}"
    apt-get update -qq
    known=()
    for name in "${packages[@]}"; do
        apt-cache show "$name" >/dev/null 2>&1 && known+=("$name")
    done
    # The tests start a PostgreSQL of their own: Debian need not make one that runs all day.
    quiet=/etc/postgresql-common/createcluster.d/kollontai-tests.conf
    mkdir -p "${quiet%/*}" && echo "create_main_cluster = false" >"$quiet"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${known[@]}" >/dev/null
    rm -f "$quiet"
    rmdir --ignore-fail-on-non-empty -p "${quiet%/*}" 2>/dev/null
    may=
    look
fi

if [ ${#missing[@]} -gt 0 ]; then
    {
        echo "!!!"
        echo "!!! NOT TESTED ON THIS MACHINE, because something is missing:"
        printf '!!!   %s\n' "${missing[@]}"
        echo "!!! On Debian: sudo apt-get install ${packages[*]}"
        echo "!!!"
    } >&2
fi
