#!/usr/bin/env bash
# Make the house's typefaces from those of the packages in VENDOR.md: fewer weights, one optical size, fewer
# letters. Needs fonttools 4.68 with brotli on the path; the same files in give the same bytes out.
#   tools/fonts.sh FOLDER [TO]     FOLDER holds the .woff2 files of both packages
set -euo pipefail
from=$1
to=${2:-$(dirname "$0")/../src/kollontai/web/static/kollontai/vendor}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The headings know the letters beyond Latin-1 that the text knows: Latin Extended-A, Romanian, Welsh, capital ẞ.
extended=U+20,U+A0,U+100-17F,U+192,U+218-21B,U+237,U+2C7,U+2C9,U+2DD,U+300-301,U+303-304,U+308
extended=$extended,U+1E80-1E85,U+1E9E,U+1EF2-1EF3,U+2020,U+20B9-20BA,U+20BD,U+2113

face() { # made, from, letters, axes, then what is said to pyftsubset besides
    local made=$1 source=$2 letters=$3 axes=$4
    shift 4
    # shellcheck disable=SC2086 # axes are several words
    fonttools varLib.instancer --quiet --no-recalc-timestamp "$from/$source" $axes --output "$work/face.ttf"
    pyftsubset "$work/face.ttf" --unicodes="$letters" --layout-features=ccmp,locl,kern,mark,mkmk,liga,tnum,pnum --name-IDs='*' \
        --no-recalc-timestamp --flavor=woff2 --output-file="$to/$made" "$@"
}

# Whoever changes Source Serif gives it another name, says its licence: inside it has none, in our sheet it is
# Hall Serif.
face hall-serif-latin.woff2 source-serif-4-latin-opsz-normal.woff2 '*' 'wght=400:900 opsz=24' --obfuscate-names
face hall-serif-latin-ext.woff2 source-serif-4-latin-ext-opsz-normal.woff2 "$extended" \
    'wght=400:900 opsz=24' --obfuscate-names
face atkinson-latin.woff2 atkinson-hyperlegible-next-latin-wght-normal.woff2 '*' wght=400:800
face atkinson-latin-ext.woff2 atkinson-hyperlegible-next-latin-ext-wght-normal.woff2 '*' wght=400:800
face atkinson-latin-italic.woff2 atkinson-hyperlegible-next-latin-wght-italic.woff2 '*' wght=400
