#!/usr/bin/env bash
# Measures how much of what was fetched is on disk: films streamed cold through ChunkProxy and nginx (slice and proxy_cache), then the chunks on
# disk at the end of the stream and ten seconds later. Prints Markdown. The servers take turns, so that other work on the machine affects both.
# Four films come before, which are not measured: a .NET process compiles its code in its first seconds. --new measures a new process.
#
#   benchmarks/writes.sh [--films N] [--rounds N] [--new] [--app DIR]
#
#   --films N   films of 250 MiB, streamed by 4 clients; default 12
#   --new       measure from the start of the process on
#   --rounds N  default 3
#   --app DIR   use this published ChunkProxy.Web instead of a new build
#
# Uses loopback only, and 3 GiB in a temporary folder (TMPDIR), which it deletes. Stops every process that it starts, by process id.
set -uo pipefail

films=12 rounds=3 app= megabytes=250 clients=4 before=4
while (($#)); do
    case $1 in
        --films) films=${2:?} ;;
        --rounds) rounds=${2:?} ;;
        --new) before=0; shift; continue ;;
        --app) app=$(cd "${2:?}" && pwd) || exit 2 ;;
        *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift 2
done
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
require nginx curl

stop() { # process
    kill "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}
publish

mkdir -p "$work/root"
head -c $((megabytes << 20)) /dev/urandom >"$work/root/0"
for ((i = 1; i < films + before; i++)); do ln "$work/root/0" "$work/root/$i"; done # one film in the page cache of the origin, under many names
cat >"$work/nginx.conf" <<END
$(as_root) daemon off; pid $work/nginx.pid; worker_processes auto;
events { worker_connections 1024; }
http {
    access_log off; keepalive_requests 1000000; $(temp_paths "$work/nginx.tmp")
    proxy_cache_path $work/cache levels=1:2 keys_zone=chunks:16m max_size=16g inactive=1d use_temp_path=off;
    upstream source { server 127.0.0.1:$port; keepalive 128; }
    server {
        listen 127.0.0.1:$((port + 1));
        location / {
            slice 1m;
            proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Range \$slice_range;
            proxy_cache chunks; proxy_cache_key \$uri\$slice_range; proxy_cache_valid 200 206 1h; proxy_cache_lock on;
            proxy_pass http://source;
        }
    }
}
END
serve_files
ids+=("$REPLY")

on_disk() { find "$work/cache" -type f -size +1000k 2>/dev/null | wc -l; } # whole chunks
cpu_of() { # process: CPU seconds, with its children
    local id clock=0
    for id in "$1" $(cat "/proc/$1/task/$1/children"); do clock=$(awk -v before="$clock" '{ print before + ($14 + $15) / 100 }' "/proc/$id/stat"); done
    echo "$clock"
}
stream() { # first film, end
    local streams=() client i
    for ((client = 0; client < clients; client++)); do
        for ((i = $1 + client; i < $2; i += clients)); do curl -s -S -f -o /dev/null "http://127.0.0.1:$((port + 1))/$i" || echo "failed: film $i" >&2; done &
        streams+=($!)
    done
    wait "${streams[@]}"
}
measure() { # server, command …
    local server=$1 id began ended first now later used clock
    shift
    "$@" >"$work/$server.log" 2>&1 </dev/null &
    id=$!
    ids+=("$id")
    until curl -s -o /dev/null "http://127.0.0.1:$((port + 1))/none"; do
        kill -0 "$id" 2>/dev/null || { cat "$work/$server.log" >&2; exit 1; }
        sleep 0.1
    done
    if ((before)); then
        stream 0 "$before"
        sleep 10
    fi
    first=$(on_disk)
    used=$(cpu_of "$id")
    began=$(date +%s%N)
    stream "$before" $((before + films))
    ended=$(date +%s%N)
    now=$(($(on_disk) - first))
    sleep 10
    later=$(($(on_disk) - first))
    clock=$(awk -v before="$used" -v after="$(cpu_of "$id")" 'BEGIN { print after - before }')
    awk -v server="$server" -v ns=$((ended - began)) -v mb=$((films * megabytes)) -v now="$now" -v later="$later" -v cpu="$clock" \
        'BEGIN { printf "| %s | %.0f | %.1f %% | %.1f %% | %.2f |\n", server, mb / (ns / 1e9), 100 * now / mb, 100 * later / mb, cpu / (mb / 1024) }'
    stop "$id"
    rm -rf "$work/cache"
    sync "$work"
}

echo "| server | MiB/s | on disk at the end | after 10 s | CPU seconds per GiB |"
echo "|---|---|---|---|---|"
for ((round = 0; round < rounds; round++)); do
    measure nginx nginx -p "$work" -c "$work/nginx.conf" -e "$work/nginx.log"
    measure ChunkProxy "$app/chunkproxy" -url "http://127.0.0.1:$port/" -webaddr "127.0.0.1:$((port + 1))" -dir "$work/cache" -size-d 16GiB
done
