#!/bin/sh
# Creates missing secrets for compose.yaml: secrets/pool-key, secrets/etcd-password, secrets/admin-key.
set -eu
cd "$(dirname "$0")"
# The folder is closed to other users of this host. The files must be readable in containers, which run as another user.
mkdir -p -m 700 secrets
for name in pool-key etcd-password admin-key; do
    [ -s "secrets/$name" ] || od -An -N20 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$name"
    chmod 444 "secrets/$name"
done
