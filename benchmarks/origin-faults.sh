#!/usr/bin/env bash
# Measures what an origin that fails costs clients, and what clients that read little cost the origin, for ChunkProxy and nginx (slice and
# proxy_cache): one byte of every chunk; 503 for half of the requests; an origin that refuses connections; one that hangs. Prints Markdown.
#
#   benchmarks/origin-faults.sh [--chunks N] [--reads N] [--misses N] [--app DIR]
#
#   --chunks N  chunks of which one byte is read; default 400
#   --reads N   reads of 1 MiB while half of the requests fail; default 200
#   --misses N  reads of content that is not cached, one after another, while the origin is away; each gets at most 15 s; default 5
#   --app DIR   use this published ChunkProxy.Web instead of a new build
#
# Uses loopback only. Requires nginx and curl. Stops every process that it starts, by process id.
set -uo pipefail

chunks=400 reads=200 misses=5 app=
while (($#)); do
    case $1 in
        --chunks) chunks=${2:?} ;;
        --reads) reads=${2:?} ;;
        --misses) misses=${2:?} ;;
        --app) app=$(cd "${2:?}" && pwd) || exit 2 ;;
        *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift 2
done
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
require nginx curl

publish

mkdir -p "$work/root"
largest=$((chunks > reads ? chunks : reads))
for film in bytes half refuses hangs; do truncate -s $(((largest + misses + 2) * 2))M "$work/root/$film"; done # sparse
chmod -R a+rX "$work"
# One process that serves by itself, so that SIGSTOP stops all of the origin.
cat >"$work/origin.conf" <<END
$(as_root) daemon off; master_process off; pid $work/origin.pid;
events { worker_connections 1024; }
http {
    log_format sent '\$uri \$http_user_agent \$body_bytes_sent'; access_log $work/sent.log sent; sendfile on; keepalive_requests 1000000; $(temp_paths "$work/origin.tmp")
    split_clients "\$request_id" \$fails { 50% 1; * ""; }
    server {
        listen 127.0.0.1:$port; root $work/root; add_header Cache-Control max-age=86400;
        location = /half { if (\$fails) { return 503; } }
    }
}
END
cat >"$work/nginx.conf" <<END
$(as_root) daemon off; pid $work/nginx.pid; worker_processes auto;
events { worker_connections 1024; }
http {
    access_log off; keepalive_requests 1000000; $(temp_paths "$work/nginx.tmp")
    proxy_cache_path $work/nginx-cache keys_zone=films:16m max_size=4g;
    upstream origin { server 127.0.0.1:$port; keepalive 16; }
    server {
        listen 127.0.0.1:$((port + 1));
        location / {
            slice 1m; proxy_cache films; proxy_cache_key \$uri\$slice_range; proxy_cache_valid 200 206 1d;
            proxy_set_header Range \$slice_range; proxy_set_header User-Agent nginx; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://origin;
        }
    }
}
END
start_origin() {
    nginx -p "$work" -c "$work/origin.conf" -e "$work/origin.log" &
    origin=$!
    ids+=("$origin")
    until curl -s -o /dev/null "http://127.0.0.1:$port/bytes" -r 0-0; do kill -0 "$origin" 2>/dev/null || { cat "$work/origin.log" >&2; exit 1; }; sleep 0.1; done
}
start_origin
nginx -p "$work" -c "$work/nginx.conf" -e "$work/nginx.log" &
ids+=($!)
start_node log -webaddr "127.0.0.1:$((port + 2))" -dir "$work/cache"
node=$REPLY

declare -A at=([ChunkProxy]=$((port + 2)) [nginx]=$((port + 1)))
# server film start length; prints milliseconds and the status, or 000
get() { curl -s -m 15 -o "$work/answer" -w '%{time_total} %{http_code}\n' -r "$3-$(($3 + $4 - 1))" "http://127.0.0.1:${at[$1]}/$2" | awk '{ printf "%.1f %s\n", $1 * 1000, $2 }'; }
complete() { [[ $1 == *' 206' && $(stat -c %s "$work/answer") == "$2" ]]; }
summary() { sort -n "$work/times" | awk '{ t[NR] = $1 } END { printf "%.1f ms | %.1f ms", t[int((NR + 1) / 2)], t[NR] }'; }

echo "| one byte of each of $chunks chunks | bytes that the origin sent |"
echo "|---|---|"
for server in ChunkProxy nginx; do
    for ((i = 0; i < chunks; i++)); do line=$(get $server bytes $((i * 2 << 20)) 1); complete "$line" 1 || die "$server answered $line"; done
    sleep 2 # what is finished in the background
    case $server in nginx) agent='$2 == "nginx"' ;; *) agent='$2 != "nginx" && $2 !~ /^curl/' ;; esac
    awk "\$1 == \"/bytes\" && $agent { sum += \$NF } END { printf \"| $server | %.1f MiB |\\n\", sum / 1048576 }" "$work/sent.log"
done

echo
echo "| $reads reads of 1 MiB, 503 for half of the requests | failed | median | longest |"
echo "|---|---|---|---|"
for server in ChunkProxy nginx; do
    failed=0; : >"$work/times"
    for ((i = 0; i < reads; i++)); do
        line=$(get $server half $((i * 2 << 20)) $((1 << 20)))
        complete "$line" $((1 << 20)) || failed=$((failed + 1))
        echo "$line" >>"$work/times"
    done
    echo "| $server | $failed | $(summary) |"
done

away() { # film, title
    echo
    echo "| $2 | status | first | median | longest | cached content meanwhile |"
    echo "|---|---|---|---|---|---|"
    for server in ChunkProxy nginx; do
        : >"$work/times"
        for ((i = 1; i <= misses; i++)); do get $server "$1" $((i * 2 << 20)) 1000 >>"$work/times"; done
        first=$(head -n 1 "$work/times")
        cached=$(get $server "$1" 0 1000)
        complete "$cached" 1000 && cached="${cached% *} ms" || cached="failed (${cached##* })"
        echo "| $server | $(awk '{ print $2 }' "$work/times" | sort | uniq -c | awk '{ printf "%s%s × %s", (NR == 1 ? "" : ", "), $1, $2 }') | ${first% *} ms | $(summary) | $cached |"
    done
}
for film in refuses hangs; do for server in ChunkProxy nginx; do get $server $film 0 1000 >/dev/null; done; done
kill "$origin"
wait "$origin" 2>/dev/null
away refuses "$misses misses, the origin refuses connections"
start_origin
until line=$(get ChunkProxy refuses 0 1000) && complete "$(get ChunkProxy hangs $((1 << 20)) 1000)" 1000; do sleep 0.2; done # until it has seen that the origin is back
kill -STOP "$origin"
away hangs "$misses misses, the origin hangs (000: no answer within 15 s)"
