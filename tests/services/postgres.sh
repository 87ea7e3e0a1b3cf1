#!/usr/bin/env bash
# PostgreSQL on 127.0.0.1 for the tests.
#
#   postgres.sh bin                 prints the folder of the server's programs; fails if there is none
#   postgres.sh run WORK PORT       the server in the foreground, its data in WORK; started again with the same WORK it
#                                   keeps its databases
#
# `run` becomes the server itself, so its process id is the server's, and it ends with its parent. The server refuses to be
# root: then it runs as the user `postgres`, or as `nobody`. It does not wait for the disk: the tests kill processes, not
# the machine. With POSTGRES_TLS=FOLDER it speaks TLS, by FOLDER/server.pem and server.key.
set -euo pipefail

bin() {
    local found
    found=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1 || true)
    [ -n "$found" ] || found=$(command -v initdb)
    dirname "$(readlink -f "$found")"
}

run() {
    local work=$1 port=$2 programs as=() tls=()
    programs=$(bin)
    mkdir -p "$work"
    if [ -n "${POSTGRES_TLS:-}" ]; then
        install -m 600 "$POSTGRES_TLS/server.pem" "$POSTGRES_TLS/server.key" "$work"
        tls=(-c ssl=on -c "ssl_cert_file=$work/server.pem" -c "ssl_key_file=$work/server.key")
    fi
    if [ "$(id -u)" -eq 0 ]; then
        local user=postgres
        id "$user" >/dev/null 2>&1 || user=nobody
        as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
        chown -R "$user" "$work"
    fi
    cd "$work"
    if [ ! -e data/PG_VERSION ]; then
        "${as[@]}" "$programs/initdb" -D "$work/data" -U sisan -A trust --locale=C -E UTF8 >"$work/initdb.log" 2>&1 ||
            { cat "$work/initdb.log" && exit 1; }
    fi
    exec setpriv --pdeathsig INT "${as[@]}" "$programs/postgres" -D "$work/data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c max_connections=300 -c fsync="${POSTGRES_FSYNC:-off}" -c shared_buffers=256MB -c max_wal_size=4GB "${tls[@]}"
}

"$1" "${@:2}"
