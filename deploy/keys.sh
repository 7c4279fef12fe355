#!/bin/sh
# Makes the keys that compose.yaml mounts, where they are not there yet: secrets/pool-key, secrets/admin-key.
set -eu
cd "$(dirname "$0")"
# The folder keeps other users of this host out. The files must be readable in the containers, whose user is another.
mkdir -p -m 700 secrets
for name in pool-key admin-key; do
    [ -s "secrets/$name" ] || od -An -N20 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$name"
    chmod 444 "secrets/$name"
done
