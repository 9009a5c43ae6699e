#!/usr/bin/env bash
# Everything that can be known without running the product. Goes through all of it, then tells.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
export KOLLONTAI_SECRET_KEY=none-is-needed-here # else reading the settings would make one
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
names=() running=() failed=()
step() { # a name, a command: it begins at once, beside the others
    names+=("$1")
    shift
    "$@" >"$logs/${#running[@]}" 2>&1 &
    running+=($!)
}

# The bylaws themselves are strict: libraries, rules, stages, acts. The pages are not typed to the letter.
shopt -s nullglob
strict=(src/kollontai/{openrecord,counting,sealedballot,auditor,bylaws} src/kollontai/{clock,ids}.py
    src/kollontai/chapters/*/{rules,stages,effects}.py src/kollontai/chapters/*/acts)
present() { for path in "$@"; do [ -e "$path" ] && printf '%s\n' "$path"; done; }
mapfile -t strict < <(present "${strict[@]}")
mapfile -t words < <(present src tests docs tools benchmarks Makefile ./*.md)

step "ruff" ruff check --quiet .
step "layout: make fix puts it right" ruff format --quiet --check .
step "types: libraries, rules, stages, acts" mypy --follow-imports=silent --no-error-summary "${strict[@]}"
step "import contracts" lint-imports --no-logo
step "spelling" codespell "${words[@]}"
step "documents: python -m tools.acts writes them anew" python -m tools.acts --check
[ "${1-}" = quick ] || step "lints" python -m pytest tests/lints -q --no-header

for number in "${!running[@]}"; do
    echo "· ${names[number]}"
    wait "${running[number]}" || failed+=("${names[number]%%:*}")
    cat "$logs/$number"
done
if [ ${#failed[@]} -gt 0 ]; then
    (IFS=,; echo "Not in order: ${failed[*]}.")
    exit 1
fi
echo "In order."
