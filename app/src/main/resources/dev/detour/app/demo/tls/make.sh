#!/bin/sh
# Makes the certificates of `detour demo` again:  sh make.sh
#
# THE KEYS BESIDE THIS FILE ARE PUBLIC. They are for the demo and the tests only: anyone can read them, so nothing that
# matters may ever trust ca.pem. The two CA keys are thrown away at the end, so no further certificate can be made from them.
#
#   ca.pem                       the CA the demo's clients trust
#   valid.pem     valid.key      leaf of that CA: localhost, index.demo, 127.0.0.1, ::1; until 2126
#   expired.pem   expired.key    the same, but it expired on 2021-04-05
#   untrusted.pem untrusted.key  the same names, from a CA that nobody trusts; until 2126
#
# `openssl ca` because it is the only command of OpenSSL before 3.4 that takes both dates of a certificate.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > ca.cnf <<'CNF'
[ca]
default_ca = demo
[demo]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = names
unique_subject = no
[names]
organizationName = optional
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, DNS:index.demo, IP:127.0.0.1, IP:::1
CNF
: > index.txt

request() { # name, common name
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \
        -subj "/O=Detour demo, not for use/CN=$2" -keyout "$1.key" -out "$1.csr" 2> /dev/null
}

authority() { # name, common name
    request "$1" "$2"
    openssl ca -batch -notext -config ca.cnf -extensions authority -selfsign -keyfile "$1.key" \
        -startdate 20200101000000Z -enddate 21260101000000Z -in "$1.csr" -out "$1.pem" 2> /dev/null
}

leaf() { # name, authority, first moment, last moment
    request "$1" index.demo
    openssl ca -batch -notext -config ca.cnf -extensions leaf -cert "$2.pem" -keyfile "$2.key" \
        -startdate "$3" -enddate "$4" -in "$1.csr" -out "$1.pem" 2> /dev/null
}

authority ca "Detour demo CA"
authority other "Detour demo CA that nobody trusts"
leaf valid ca 20200101000000Z 21260101000000Z
leaf expired ca 20200405140000Z 20210405140000Z
leaf untrusted other 20200101000000Z 21260101000000Z

for name in valid expired untrusted; do
    cp "$name.pem" "$name.key" "$here/"
done
cp ca.pem "$here/"
