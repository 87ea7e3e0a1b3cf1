#!/usr/bin/env bash
# A mail server with STARTTLS on 127.0.0.1 for the tests.
#
#   smtp.sh WORK    makes WORK/ca.pem and a certificate for localhost and 127.0.0.1 signed by it, then
#                   becomes smtp_server.py, which prints its port and keeps the mails in WORK/mailbox
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$1
mkdir -p "$work/mailbox"
cat >"$work/openssl.cnf" <<'CONFIG'
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost, IP:127.0.0.1
extendedKeyUsage = serverAuth
CONFIG
certificate() { # name, subject, section of the extensions, more options
    openssl req -x509 -config "$work/openssl.cnf" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 30 \
        -keyout "$work/$1.key" -out "$work/$1.pem" -subj "$2" -extensions "$3" "${@:4}"
}
certificate ca "/CN=sisan test CA" ca
certificate server "/CN=localhost" server -CA "$work/ca.pem" -CAkey "$work/ca.key"
# Debian's own Python has the package, whichever python3 comes first in PATH.
exec setpriv --pdeathsig TERM /usr/bin/python3 -u "$here/smtp_server.py" "$work"
