# Sourced by the scripts of this folder, after they have read their arguments: what each of them needs. Uses $app, the folder of a published
# ChunkProxy.Web, or an empty text; sets $repository, $work (a temporary folder) and $port. Every process id in the array $ids is ended at the end.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

require() { # commands
    local need
    for need in "$@"; do command -v "$need" >/dev/null || die "please install $need"; done
}

work=$(mktemp -d)
ids=()
stop_all() {
    local id
    for id in "${ids[@]}"; do kill "$id" 2>/dev/null; kill -CONT "$id" 2>/dev/null; done # one that was stopped ends only when it goes on
    for id in "${ids[@]}"; do wait "$id" 2>/dev/null; done
    rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

port=$((10000 + RANDOM % 20000)) # below the range of ephemeral ports
free_port() { # sets REPLY, and port to the same
    while :; do
        port=$((port + 1))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    REPLY=$port
}

publish() { # sets app, if it is empty
    [[ -z $app ]] || return 0
    app=$work/app
    # No build server outlives the build: it would take processor time from what is measured.
    dotnet publish "$repository/ChunkProxy.Web" --configuration Release --output "$app" --verbosity quiet -nodeReuse:false -p:UseSharedCompilation=false >&2 \
        || die "the build failed"
}

as_root() { ((EUID != 0)) || echo "user root;"; } # nginx
temp_paths() { # folder; nginx
    local kind
    mkdir -p "$1"
    for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $1/$kind;"; done
}

serve_files() { # starts an nginx at $port that serves $work/root, also below /uncached/ as content that must not be cached; sets REPLY to its process id
    chmod -R a+rX "$work"
    cat >"$work/origin.conf" <<END
$(as_root) daemon off; pid $work/origin.pid; worker_processes 1;
events { worker_connections 4096; }
http {
    access_log off; default_type video/mp4; sendfile on; keepalive_requests 1000000; $(temp_paths "$work/origin.tmp")
    server {
        listen 127.0.0.1:$port; root $work/root;
        location / { add_header Cache-Control max-age=86400; }
        location /uncached/ { alias $work/root/; add_header Cache-Control no-store; }
    }
}
END
    nginx -p "$work" -c "$work/origin.conf" -e "$work/origin.log" &
    REPLY=$!
}

await_listening() { # process, log, seconds between two looks; if the process ends first, so does the script
    until grep -qs 'web listening' "$2"; do
        kill -0 "$1" 2>/dev/null || die "$(cat "$2")"
        sleep "${3:-0.1}"
    done
}
limit=() # of the next node: a command that starts another one
start_node() { # log, flags; a node before the server at $port, and sets REPLY to its process id
    "${limit[@]}" "$app/chunkproxy" -url "http://127.0.0.1:$port/" -size-c 1MiB "${@:2}" >"$work/$1" 2>&1 &
    REPLY=$!
    ids+=("$REPLY")
    await_listening "$REPLY" "$work/$1"
}
