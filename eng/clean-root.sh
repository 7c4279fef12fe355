#!/usr/bin/env bash
# Makes the image in which the release is tested: a minimal Debian without .NET, and prints its name.
# It runs with the environment of the container engine: eng/containers.sh run eng/clean-root.sh
set -euo pipefail

say() {
    echo "clean-root.sh: $*" >&2
}

# What the Debian package depends on. It is in the image, so that tests install the package without a network;
# apt refuses the package if one is missing here.
# curl and openssl: for the commands of the README.
needs=(curl openssl libc6 libgcc-s1 libstdc++6 libssl3 zlib1g adduser ca-certificates init-system-helpers)

if [[ ${CHUNKPROXY_ENGINE:?run it by eng/containers.sh run} == docker ]]; then
    image=localhost/chunkproxy-clean:docker
    docker image inspect "$image" >/dev/null 2>&1 || {
        say "making $image"
        printf 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends %s\n' "${needs[*]}" | docker build -q -t "$image" - >&2
    }
    echo "$image"
    exit
fi

image=localhost/chunkproxy-clean:bookworm-2
if ! podman image exists "$image"; then
    export PATH="$PATH:/usr/sbin:/sbin"
    command -v debootstrap >/dev/null || {
        say "installing debootstrap"
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends debootstrap >&2
    }
    # The mirror that this machine itself installs from.
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -v security | head -n 1)
    say "making $image"
    rootfs=$(mktemp -d)
    trap 'rm -rf "$rootfs"' EXIT
    debootstrap --variant=minbase --include="$(IFS=,; echo "${needs[*]}")" bookworm "$rootfs" "${mirror:-http://deb.debian.org/debian}" >&2
    rm -rf "$rootfs"/var/cache/apt/archives/*.deb "$rootfs"/dev/*
    tar --numeric-owner -C "$rootfs" -c . | podman import --quiet --change 'CMD ["/bin/bash"]' - "$image" >/dev/null
fi
echo "$image"
