#!/usr/bin/env bash
# Restarts two stand-alone nodes behind HAProxy one after the other, under load, and counts the requests that are lost. HAProxy checks health each second
# and repeats no request. Each response is compared with the file, byte by byte. Prints Markdown: a row for each -lameduck.
#
#   benchmarks/rolling-restart.sh [--requests N] [--lameduck "0 5s"] [--app DIR]
#
#   --requests N      least requests for each row; default 1,000
#   --lameduck LIST   the times to measure, separated by blanks; default "0 5s"
#   --app DIR         use this published ChunkProxy.Web instead of a new build
#
# Uses loopback only. Requires nginx (as the origin), haproxy and curl. Stops every process that it starts, by process id.
set -uo pipefail

requests=1000 times="0 5s" app=
while (($#)); do
    case $1 in
        --requests) requests=${2:?} ;;
        --lameduck) times=${2:?} ;;
        --app) app=$(cd "${2:?}" && pwd) || exit 2 ;;
        *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift 2
done
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
unset ids; declare -A ids=() # with names
require nginx haproxy curl

publish

mkdir -p "$work/root"
head -c $((16 << 20)) /dev/urandom >"$work/root/film"
proxy=$((port + 1)) node=($((port + 2)) $((port + 3)))
cat >"$work/haproxy.cfg" <<END
defaults
  mode http
  retries 0
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout check 1s
frontend clients
  bind 127.0.0.1:$proxy
  stats enable
  stats uri /haproxy
  default_backend nodes
backend nodes
  balance roundrobin
  option httpchk GET /_chunkproxy/health
  default-server inter 1s fall 2 rise 1
  server node-0 127.0.0.1:${node[0]} check
  server node-1 127.0.0.1:${node[1]} check
END

up() { # until a node is healthy, and HAProxy has noticed
    local limit=$((SECONDS + 60))
    until curl -fs -o "$work/health" "http://127.0.0.1:${node[$1]}/_chunkproxy/health" \
        && curl -fs "http://127.0.0.1:$proxy/haproxy;csv" | grep "^nodes,node-$1," | cut -d, -f18 | grep -q '^UP'; do
        ((SECONDS < limit)) || { cat "$work/node-$1.log" "$work/haproxy.log" >&2; exit 1; }
        sleep 0.1
    done
}
start() { # number, -lameduck
    "$app/chunkproxy" -url "http://127.0.0.1:$port/" -webaddr "127.0.0.1:${node[$1]}" -dir "$work/cache-$1" -size-d 64MiB -size-m 64MiB -lameduck "$2" >>"$work/node-$1.log" 2>&1 &
    ids[node-$1]=$!
}
restart() { # number, -lameduck
    kill -TERM "${ids[node-$1]}"
    wait "${ids[node-$1]}" || die "node $1 ended with $?"
    start "$1" "$2"
    up "$1"
}
request() { # file for the body
    local first=$((RANDOM * 500))
    curl -fs -r "$first-$((first + 65535))" -o "$1" "http://127.0.0.1:$proxy/film" && cmp -s "$1" <(tail -c +$((first + 1)) "$work/root/film" | head -c 65536)
}
load() { # counts into a file
    local sent=0 lost=0
    while [[ ! -e $work/enough ]]; do
        request "$work/body" || ((lost++))
        ((sent++))
        echo "$sent $lost" >"$work/count"
    done
}

serve_files
ids[nginx]=$REPLY
haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 &
ids[haproxy]=$!

echo "| \`-lameduck\` | requests | lost |"
echo "|---|---|---|"
for time in $times; do
    rm -f "$work/enough"
    for i in 0 1; do start $i "$time"; done
    for i in 0 1; do up $i; done
    load &
    ids[load]=$!
    for i in 0 1; do restart $i "$time"; done
    until read -r sent lost <"$work/count" && ((sent >= requests)); do kill -0 "${ids[load]}" && sleep 0.1 || exit 1; done
    touch "$work/enough"
    wait "${ids[load]}"
    unset "ids[load]"
    read -r sent lost <"$work/count"
    echo "| $time | $sent | $lost |"
    for i in 0 1; do
        kill -TERM "${ids[node-$i]}"
        wait "${ids[node-$i]}"
    done
done
unset "ids[node-0]" "ids[node-1]"
