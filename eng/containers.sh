#!/usr/bin/env bash
# Container images of ChunkProxy and of the servers it needs, for the container tests, with Docker or Podman.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: eng/containers.sh COMMAND [ARGUMENT...]

  prepare        Installs what is missing and makes every image. Does nothing that is already done.
  run COMMAND    Runs a command with the environment of the container engine:
                     eng/containers.sh run podman ps
                     eng/containers.sh run podman-compose --file deploy/compose.yaml up -d
  env            Prints that environment for a shell: eval "$(eng/containers.sh env)"
  stop           Removes the containers, networks and volumes of this script's Podman. Images stay.
  clean          Like stop, and removes the images and everything else that this script keeps.
  help           Prints this page.

With a running Docker it uses Docker and the official images.

Otherwise it uses Podman, with a configuration and a storage of its own, so that nothing of the user's Podman changes.
It pulls no image. etcd, Redis and the .NET base image are made of the programs that are installed on this machine,
under the names of the official images; these stand-ins are visible in this script's storage only.

Environment:
  CHUNKPROXY_CONTAINERS   Folder for everything it keeps; default: ~/.cache/chunkproxy-containers
  CHUNKPROXY_ENGINE       docker or podman; default: docker where it runs, else podman
  CONFIGURATION           Configuration in which the product is built; default: Release
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
script=$root/eng/containers.sh
state=${CHUNKPROXY_CONTAINERS:-${XDG_CACHE_HOME:-$HOME/.cache}/chunkproxy-containers}
configuration=${CONFIGURATION:-Release}
export PATH="$PATH:/usr/sbin:/sbin"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The names that deploy/ and the AppHost use.
etcd_image=quay.io/coreos/etcd:v3.6.5
redis_image=docker.io/library/redis:8.6
base_image=dotnet/aspnet:10.0

# image:project:sources
products=(
    "chunkproxy-cache:ChunkProxy.Cache:ChunkProxy.Cache ChunkProxy.ServiceDefaults"
    "chunkproxy-web:ChunkProxy.Web:ChunkProxy.Web ChunkProxy.Cache ChunkProxy.ServiceDefaults samples/ChunkProxy.SampleOrigin"
    "chunkproxy-sample-origin:samples/ChunkProxy.SampleOrigin:samples/ChunkProxy.SampleOrigin ChunkProxy.ServiceDefaults"
)

say() {
    echo "containers.sh: $*" >&2
}

die() {
    say "$*"
    exit 1
}

# --- The engine ------------------------------------------------------------------------------------------------------

find_engine() {
    engine=${CHUNKPROXY_ENGINE:-}
    if [[ -z $engine ]]; then
        # The exit code of "docker info" counts: the client may be there without an engine.
        if docker info >/dev/null 2>&1; then engine=docker; else engine=podman; fi
    fi

    case $engine in
        docker) compose="docker compose" ;;
        podman)
            compose=podman-compose
            export CONTAINERS_CONF=$state/containers.conf
            export CONTAINERS_STORAGE_CONF=$state/storage.conf
            export CONTAINERS_REGISTRIES_CONF=$state/registries.conf
            # Podman runs health checks by timers of systemd, and starts no container that has one where systemd does not run.
            if [[ ! -d /run/systemd/system ]]; then export DISABLE_HC_SYSTEMD=true; fi
            ;;
        *) die "CHUNKPROXY_ENGINE is docker or podman, not '$engine'" ;;
    esac
    export ASPIRE_CONTAINER_RUNTIME=$engine CHUNKPROXY_ENGINE=$engine CHUNKPROXY_COMPOSE=$compose
}

install_packages() {
    # command:package
    local needs=(podman:podman runc:runc podman-compose:podman-compose iptables:iptables docker-registry:docker-registry
        etcd:etcd-server etcdctl:etcd-client redis-server:redis-server)
    local missing=() need
    for need in "${needs[@]}"; do
        command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
    done
    # Networks with names: Podman recommends these two and works without them, but not for Compose.
    [[ -x /usr/lib/podman/netavark || -x /usr/libexec/podman/netavark ]] || missing+=(netavark)
    [[ -x /usr/lib/podman/aardvark-dns || -x /usr/libexec/podman/aardvark-dns ]] || missing+=(aardvark-dns)
    ((${#missing[@]})) || return 0

    say "installing ${missing[*]}"
    command -v apt-get >/dev/null || die "please install: ${missing[*]}"
    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "neither root nor sudo; please install: ${missing[*]}"
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -q >&2 || say "apt-get update failed; trying with the existing lists"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2 \
        || die "apt-get could not install: ${missing[*]}"
}

# Prints a limit of this shell, or the number where the limit is higher: a container may not raise what the host limits.
limit() {
    local hard
    hard=$(ulimit -H "$1")
    if [[ $hard == unlimited ]] || ((hard > $2)); then echo "$2"; else echo "$hard"; fi
}

configure_podman() {
    mkdir -p "$state"/{storage,run,tmp,volumes,networks,keys}

    # Only what the host lacks: crun refuses cgroups v1 and the hybrid layout; without systemd there is neither its cgroup
    # manager nor its journal.
    local engine_lines=() container_lines=()
    if [[ $(stat -fc %T /sys/fs/cgroup) != cgroup2fs ]] || ! command -v crun >/dev/null; then
        engine_lines+=('runtime = "runc"')
    fi
    if [[ ! -d /run/systemd/system ]]; then
        engine_lines+=('cgroup_manager = "cgroupfs"' 'events_logger = "file"')
        container_lines+=('log_driver = "k8s-file"')
    fi

    {
        echo '[containers]'
        # Podman asks for a million files and processes; where it may not raise its own limits, no container starts.
        echo "default_ulimits = [\"nofile=$(limit -n 65536):$(limit -n 65536)\", \"nproc=$(limit -u 32768):$(limit -u 32768)\"]"
        printf '%s\n' "${container_lines[@]}"
        echo '[network]'
        echo "network_config_dir = \"$state/networks\""
        echo '[engine]'
        echo "tmp_dir = \"$state/tmp\""
        echo "volume_path = \"$state/volumes\""
        printf '%s\n' "${engine_lines[@]}"
    } >"$CONTAINERS_CONF"
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$state/storage" "$state/run" >"$CONTAINERS_STORAGE_CONF"
    # No registry is ever asked: a name without one means an image of this storage.
    echo 'unqualified-search-registries = []' >"$CONTAINERS_REGISTRIES_CONF"
}

# --- Keys: what an image was made of, so that the same is not made twice -----------------------------------------------

# True if the image exists and was made for this key.
is_made() {
    local image=$1 key=$2 id
    id=$("$engine" image inspect --format '{{.Id}}' "$image" 2>/dev/null) || return 1
    [[ $(cat "$state/keys/$engine-${image//[\/:]/_}" 2>/dev/null) == "$key $id" ]]
}

made() {
    local image=$1 key=$2
    echo "$key $("$engine" image inspect --format '{{.Id}}' "$image")" >"$state/keys/$engine-${image//[\/:]/_}"
}

# --- Stand-ins for the official images -----------------------------------------------------------------------------------

# Copies files into a root file system, at the same paths, and every library that they load.
copy_with_libraries() {
    local rootfs=$1
    shift
    cp -L --parents "$@" "$rootfs"
    copy_libraries "$rootfs" "$@"
}

# Copies every library that the programs and libraries in these files and folders load.
copy_libraries() {
    local rootfs=$1 library
    shift
    find -L "$@" -type f \( -name '*.so*' -o -perm -u+x \) -exec ldd {} + 2>/dev/null \
        | { grep -oE '/[^ ]+ \(0x' || true; } | cut -d ' ' -f 1 | sort -u \
        | while read -r library; do
            [[ $library == "$rootfs"* || -e $rootfs$library ]] || cp -L --parents "$library" "$rootfs"
        done
}

# Lays out what every image has: a folder for temporary files, user names, certificates, and links as Debian has them.
new_rootfs() {
    local rootfs
    rootfs=$(mktemp -d "$state/rootfs.XXXXXX")
    chmod 755 "$rootfs"
    mkdir -p "$rootfs"/{usr/bin,usr/local/bin,usr/lib,usr/lib64,usr/sbin,etc/ssl/certs,tmp,root,home,run,var,data}
    ln -s usr/bin "$rootfs/bin"
    ln -s usr/sbin "$rootfs/sbin"
    ln -s usr/lib "$rootfs/lib"
    ln -s usr/lib64 "$rootfs/lib64"
    chmod 1777 "$rootfs/tmp"
    printf 'root:x:0:0::/root:/bin/sh\napp:x:1654:1654::/home/app:/bin/sh\n' >"$rootfs/etc/passwd"
    printf 'root:x:0:\napp:x:1654:\n' >"$rootfs/etc/group"
    printf 'hosts: files dns\n' >"$rootfs/etc/nsswitch.conf"
    [[ ! -r /etc/ssl/certs/ca-certificates.crt ]] || cp -L /etc/ssl/certs/ca-certificates.crt "$rootfs/etc/ssl/certs/"
    echo "$rootfs"
}

# import ROOTFS IMAGE KEY [--change LINE...]
import() {
    local rootfs=$1 image=$2 key=$3
    shift 3
    tar --numeric-owner -C "$rootfs" -c . | podman import --quiet "$@" - "$image" >/dev/null
    rm -rf "$rootfs"
    made "$image" "$key"
}

version_of() {
    dpkg-query -W -f '${Version} ' "$@" 2>/dev/null || true
}

make_etcd() {
    local key rootfs
    key=$(key_of etcd "$(version_of etcd-server etcd-client libc6)")
    is_made "$etcd_image" "$key" && return
    say "making $etcd_image of etcd on this machine"
    rootfs=$(new_rootfs)
    copy_with_libraries "$rootfs" "$(command -v etcd)" "$(command -v etcdctl)"
    ln -s ../../bin/etcd ../../bin/etcdctl "$rootfs/usr/local/bin/" # where the official image has them
    import "$rootfs" "$etcd_image" "$key" --change 'CMD ["/usr/local/bin/etcd"]'
}

make_redis() {
    local key rootfs
    key=$(key_of redis "$(version_of redis-server redis-tools libc6)")
    is_made "$redis_image" "$key" && return
    say "making $redis_image of Redis on this machine"
    rootfs=$(new_rootfs)
    copy_with_libraries "$rootfs" "$(command -v redis-server)" "$(command -v redis-cli)" /bin/sh # Aspire starts it from a shell
    import "$rootfs" "$redis_image" "$key" --change 'CMD ["redis-server"]' --change 'WORKDIR /data'
}

# Where the SDK looks for it: the environment and the user of Microsoft's aspnet image, with the runtime of this machine.
make_base() {
    local key rootfs dotnet version name
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    version=$("$dotnet/dotnet" --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \(10\.[^ ]*\).*/\1/p' | sort -V | tail -n 1)
    key=$(key_of base "$version $(version_of libc6 libssl3 libstdc++6 ca-certificates)")
    is_made "localhost/$base_image" "$key" && return
    say "making $base_image of .NET $version on this machine"
    rootfs=$(new_rootfs)
    copy_with_libraries "$rootfs" /bin/sh
    mkdir -p "$rootfs/usr/share/dotnet" "$rootfs/home/app"
    for name in dotnet host/fxr "shared/Microsoft.NETCore.App/$version" "shared/Microsoft.AspNetCore.App/$version"; do
        mkdir -p "$rootfs/usr/share/dotnet/$(dirname "$name")"
        cp -a "$dotnet/$name" "$rootfs/usr/share/dotnet/$name"
    done
    ln -s /usr/share/dotnet/dotnet "$rootfs/usr/bin/dotnet"
    copy_libraries "$rootfs" "$rootfs/usr/share/dotnet"
    # Opened by name, for TLS.
    copy_with_libraries "$rootfs" "$(ls -d /usr/lib/*/libssl.so.3)" "$(ls -d /usr/lib/*/libcrypto.so.3)"
    chown -R 1654:1654 "$rootfs/home/app" 2>/dev/null || true # only root may; then the tar has the wrong owner
    import "$rootfs" "localhost/$base_image" "$key" \
        --change 'ENV APP_UID=1654' --change 'ENV ASPNETCORE_HTTP_PORTS=8080' --change 'ENV DOTNET_RUNNING_IN_CONTAINER=true' \
        --change "ENV DOTNET_VERSION=$version" --change "ENV ASPNET_VERSION=$version" \
        --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
}

key_of() {
    { cat "$script"; echo "$*"; } | sha256sum | cut -c 1-32
}

# --- The product's images ----------------------------------------------------------------------------------------------

sources_key() {
    (cd "$root" && find "$@" Directory.*.props global.json \( -name bin -o -name obj \) -prune -o -type f -print0 \
        | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-32)
}

make_products() {
    local product name project sources key
    registry=''
    for product in "${products[@]}"; do
        IFS=: read -r name project sources <<<"$product"
        # shellcheck disable=SC2086
        key=$(key_of "$name" "$configuration" "$(sources_key $sources)" "$(cat "$state/keys/$engine-localhost_${base_image//[\/:]/_}" 2>/dev/null)")
        is_made "$name:latest" "$key" && continue
        say "making $name"
        [[ $engine == docker || -n $registry ]] || start_registry
        publish "$project" "$name"
        made "$name:latest" "$key"
    done
    stop_registry
}

# The SDK builds the image and loads it into the engine; there are no Dockerfiles.
publish() {
    local base=()
    [[ $engine == docker ]] || base=(-p:LocalRegistry=Podman "-p:ContainerBaseImage=$registry/$base_image")
    dotnet publish "$root/$1" --configuration "$configuration" --verbosity quiet -nodeReuse:false -p:UseSharedCompilation=false \
        -t:PublishContainer "-p:ContainerRepository=$2" -p:ContainerImageTag=latest "${base[@]}" >&2
}

# The SDK takes a base image from a registry only. This one lives as long as it is needed, on loopback.
start_registry() {
    local port
    for port in {5000..5049}; do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue # taken
        printf 'version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: "%s"}}\nhttp: {addr: "127.0.0.1:%s"}\n' "$state/registry" "$port" >"$state/registry.yml"
        docker-registry serve "$state/registry.yml" >"$state/registry.log" 2>&1 &
        registry_process=$!
        trap stop_registry EXIT
        while kill -0 "$registry_process" 2>/dev/null; do
            if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
                registry=localhost:$port
                podman push --quiet --tls-verify=false "localhost/$base_image" "$registry/$base_image"
                return
            fi
            sleep 0.1
        done # it ended: somebody else took the port first
    done
    die "docker-registry does not start; see $state/registry.log"
}

stop_registry() {
    [[ -z ${registry_process:-} ]] || kill "$registry_process" 2>/dev/null || true
    registry_process='' registry=''
}

# --- Commands ----------------------------------------------------------------------------------------------------------

prepare() {
    command -v dotnet >/dev/null || die "the .NET SDK is missing (global.json names the version)"
    find_engine
    mkdir -p "$state/keys"
    exec 9>"$state/lock"
    flock 9 # one at a time: a second one waits and finds everything made
    if [[ $engine == docker ]]; then
        docker compose version >/dev/null 2>&1 || die "Docker runs, but its Compose plugin is missing"
        local image
        for image in "$etcd_image" "$redis_image"; do
            docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >&2
        done
    else
        install_packages
        configure_podman
        make_etcd
        make_redis
        make_base
    fi
    make_products
    say "every image is made; engine: $engine, state: $state"
}

print_env() {
    find_engine
    local name
    for name in CHUNKPROXY_ENGINE CHUNKPROXY_COMPOSE ASPIRE_CONTAINER_RUNTIME CONTAINERS_CONF CONTAINERS_STORAGE_CONF CONTAINERS_REGISTRIES_CONF DISABLE_HC_SYSTEMD; do
        [[ -z ${!name:-} ]] || printf 'export %s=%q\n' "$name" "${!name}"
    done
}

stop() {
    find_engine
    [[ $engine == podman && -e $CONTAINERS_CONF ]] || return 0
    # Podman 4.3 fails where a container ends while it is being stopped; the second time it is gone.
    podman rm --all --force --volumes --time 1 >/dev/null 2>&1 || podman rm --all --force --volumes --time 1 >/dev/null
    podman network prune --force >/dev/null
    podman volume prune --force >/dev/null
}

clean() {
    find_engine
    if [[ $engine == docker ]]; then
        local product
        for product in "${products[@]}"; do docker image rm --force "${product%%:*}:latest" >/dev/null 2>&1 || true; done
    elif [[ -e $CONTAINERS_CONF ]]; then
        stop
        podman rmi --all --force >/dev/null
    fi
    umount "$state"/storage/overlay 2>/dev/null || true
    rm -rf "$state"
}

case ${1:-help} in
    prepare) prepare ;;
    env) print_env ;;
    run)
        shift
        (($#)) || die "run what? Try: $0 help"
        find_engine
        exec "$@"
        ;;
    stop) stop ;;
    clean) clean ;;
    help | -h | --help) usage ;;
    *) die "no such command: $1. Try: $0 help" ;;
esac
