#!/usr/bin/env bash
# Tries the README's two commands on a fresh Debian 12: a new root folder that holds build-essential, ca-certificates,
# this machine's Rust toolchain and the last commit, and nothing else. Not part of CI: it builds everything anew.
#
#   tests/clean_root.sh FOLDER     wants root, debootstrap, and 8 GB where FOLDER is; FOLDER must not exist yet
#
# Prints how long each command took and which packages it installed. Its processes and mounts live in namespaces of
# their own and end with it; FOLDER stays, to be examined and removed by hand. What the machine needs to reach the
# package registries (proxies, certificates, the settings of apt, cargo, Maven and pip) is copied, if there is any.
set -euo pipefail
cd "$(dirname "$0")/.."
commands=('cargo run --release -- demo' 'tests/run')

refuse() { echo "tests/clean_root.sh: $*" >&2 && exit 2; }

# The second half of this script: inside the namespaces, with mounts that nobody else sees.
inside() {
    local root=$1 command begun code=0 outcomes=()
    shift
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --rbind /dev "$root/dev"
    # shellcheck disable=SC2016 # a field name for dpkg-query
    packages() { chroot "$root" dpkg-query -W -f '${Package}\n' | sort; }
    for command in "${commands[@]}"; do
        packages >"$root/packages.before"
        begun=$SECONDS
        printf '\n##### %s\n' "$command"
        chroot "$root" env -i HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
            PATH=/root/.cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" \
            sh -c "cd /root/sisan && $command" </dev/null 2>&1 || code=$?
        outcomes+=("$command: exit code $code after $((SECONDS - begun)) s; packages that came: $(packages | comm -13 "$root/packages.before" - | tr '\n' ' ')")
        if [ "$code" -ne 0 ]; then break; fi
    done
    printf '\n##### outcome\n'
    printf '%s\n' "${outcomes[@]}"
    return "$code"
}

if [ "${1:-}" = --inside ]; then
    shift
    inside "$@"
    exit
fi

[ $# -eq 1 ] || refuse "usage: tests/clean_root.sh FOLDER"
[ "$(id -u)" -eq 0 ] || refuse "wants root"
[ ! -e "$1" ] || refuse "$1 exists already; hint: name a new folder, or remove it by hand"
command -v debootstrap >/dev/null || refuse "there is no debootstrap; hint: apt-get install debootstrap"

mkdir -p "$1"
root=$(cd "$1" && pwd)
debootstrap --variant=minbase --include=build-essential,ca-certificates bookworm "$root"

# Rust as rustup leaves it: the proxies, and the toolchain in use, without its manuals.
rustup_home=${RUSTUP_HOME:-$HOME/.rustup} cargo_home=${CARGO_HOME:-$HOME/.cargo}
toolchain=$(basename "$(rustc --print sysroot)")
mkdir -p "$root/root/.rustup/toolchains" "$root/root/.cargo"
cp -a "$cargo_home/bin" "$root/root/.cargo/"
tar -C "$rustup_home/toolchains" --exclude="$toolchain/share/doc" -c "$toolchain" | tar -x -C "$root/root/.rustup/toolchains"
printf 'version = "12"\nprofile = "default"\ndefault_toolchain = "%s"\n' "$toolchain" >"$root/root/.rustup/settings.toml"

# The way to the registries, as this machine has it.
keep() { if [ -e "$1" ]; then mkdir -p "$root$(dirname "$2")" && cp -aL "$1" "$root$2"; fi; }
for file in /etc/resolv.conf /etc/hosts /etc/apt/sources.list.d/debian.sources /etc/maven/settings.xml /etc/pip.conf; do keep "$file" "$file"; done
if [ -e "$root/etc/apt/sources.list.d/debian.sources" ]; then : >"$root/etc/apt/sources.list"; fi
grep -lsE 'Acquire::' /etc/apt/apt.conf.d/* /etc/apt/apt.conf | while read -r file; do keep "$file" "$file"; done || true
keep "$cargo_home/config.toml" /root/.cargo/config.toml
keep "$HOME/.m2/settings.xml" /root/.m2/settings.xml
if [ -d /usr/local/share/ca-certificates ]; then
    cp -aL /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
    chroot "$root" update-ca-certificates
fi
mapfile -t network < <(env | grep -iE '^(https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|CARGO_(HTTP|NET|REGISTRY|REGISTRIES|SOURCE)[A-Z_]*|PIP_[A-Z_]*|MAVEN_OPTS|JAVA_TOOL_OPTIONS)=' || true)

mkdir "$root/root/sisan"
git archive HEAD | tar -x -C "$root/root/sisan"
exec unshare --mount --pid --fork --kill-child "$PWD/tests/clean_root.sh" --inside "$root" "${network[@]}"
