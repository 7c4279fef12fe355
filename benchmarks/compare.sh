#!/usr/bin/env bash
# Compares ChunkProxy with nginx (slice and proxy_cache), Varnish and Apache Traffic Server (slice plugin): hot in memory, hot on disk,
# over TLS with HTTP/1.1 and HTTP/2, through one peer hop, and cold. Prints Markdown. Runs are short and interleaved, so that other work on
# the machine affects all servers alike.
#
#   benchmarks/compare.sh [--quick] [--tls | --disk] [--app DIR]
#
#   --quick    one round of one second each, at most five minutes; the default is three rounds of two seconds, at most eighteen minutes
#   --tls      only ChunkProxy and nginx over TLS, about two minutes
#   --disk     only ChunkProxy and nginx, hot on disk, about two minutes
#   --app DIR  use this published ChunkProxy.Web instead of a new build
#
# Uses loopback only. Stops every process that it starts, by process id. Its files are in a temporary folder, which it deletes at the end.
set -uo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$repository/benchmarks/compare
export PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

rounds=3 seconds=2 app= only=
while (($#)); do
    case $1 in
        --quick) rounds=1 seconds=1 ;;
        --tls) only=tls ;;
        --disk) only=disk ;;
        --app) app=$(cd "${2:?--app requires a folder}" && pwd) || exit 2; shift ;;
        *) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done

work=$(mktemp -d)
declare -A pid port
stop() { # server
    local id=${pid[$1]:-}
    [[ -n $id ]] || return 0
    kill "$id" 2>/dev/null
    for _ in {1..100}; do kill -0 "$id" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$id" 2>/dev/null
    wait "$id" 2>/dev/null
    unset "pid[$1]"
}
cleanup() {
    for server in "${!pid[@]}"; do stop "$server"; done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

die() {
    echo "compare.sh: $*" >&2
    exit 1
}

# ---- requirements ----

missing=()
needs=(nginx:nginx wrk:wrk h2load:nghttp2-client openssl:openssl curl:curl)
[[ $only ]] || needs+=(varnishd:varnish traffic_server:trafficserver)
for need in "${needs[@]}"; do
    command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
done
slice_plugin=$(find /usr/lib -name slice.so -path '*trafficserver*' 2>/dev/null | head -n 1)
[[ -n $slice_plugin || $only ]] || missing+=(trafficserver-experimental-plugins)
if ((${#missing[@]})); then
    echo "Installing ${missing[*]}" >&2
    command -v apt-get >/dev/null || die "please install: ${missing[*]}"
    root=()
    ((EUID == 0)) || root=(sudo)
    # The packages must not start their services: this script starts its own servers.
    "${root[@]}" apt-get update -q >&2
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends "${missing[@]}" >&2 || die "apt-get could not install: ${missing[*]}"
fi

if [[ -z $app ]]; then
    app=$work/app
    dotnet publish "$repository/ChunkProxy.Web" --configuration Release --output "$app" --verbosity quiet -nodeReuse:false -p:UseSharedCompilation=false >&2 \
        || die "the build failed"
fi

# ---- content ----

film_size=$((100 * 1024 * 1024)) films=2 files=512 small_size=65536
mkdir -p "$work/root/film" "$work/root/small" "$work/root/cold"
for ((i = 0; i < films; i++)); do head -c "$film_size" /dev/urandom >"$work/root/film/$i"; done
head -c $((files * small_size)) /dev/urandom | (cd "$work/root/small" && split -b "$small_size" -a 3 -d - "" && for file in *; do number=$((10#$file)); [[ $file == "$number" ]] || mv "$file" "$number"; done)
for server in origin nginx nginx-copy varnish ats chunkproxy; do head -c $((24 * 1024 * 1024)) /dev/urandom >"$work/root/cold/$server"; done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
    -out "$work/tls.pem" -keyout "$work/tls.key" 2>/dev/null || die "openssl could not make a certificate"
chmod -R a+rX "$work"

# ---- the servers ----

next_port=$((10000 + RANDOM % 20000)) # below the range of ephemeral ports
free_port() { # sets REPLY
    while :; do
        next_port=$((next_port + 1))
        (exec 3<>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null || break
    done
    REPLY=$next_port
}
ready() { # server path
    for _ in {1..300}; do
        curl -s -o /dev/null -f -r 0-0 "http://127.0.0.1:${port[$1]}$2" && return
        kill -0 "${pid[$1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/$1.log" >&2
    die "$1 does not respond"
}
start() { # server, command …
    local server=$1
    shift
    (cd "$work" && exec "$@") >"$work/$server.log" 2>&1 </dev/null &
    pid[$server]=$!
}
nginx_common() {
    ((EUID == 0)) && echo "user root;"
    cat <<EOF
daemon off; pid $work/$1.pid; error_log $work/$1.log warn;
events { worker_connections 4096; }
EOF
}
nginx_paths() {
    cat <<EOF
    access_log off; client_body_temp_path $work/$1.tmp; proxy_temp_path $work/$1.proxy; fastcgi_temp_path $work/$1.tmp; uwsgi_temp_path $work/$1.tmp; scgi_temp_path $work/$1.tmp;
    default_type video/mp4; keepalive_requests 1000000; tcp_nopush off;
EOF
}

start_origin() { # full speed, except below /cold/: 20 MB/s per connection
    free_port; port[slow]=$REPLY
    start slow perl "$here/slow-origin.pl" "${port[slow]}" "$work/root" 20000000
    ready slow /cold/origin
    free_port; port[origin]=$REPLY
    cat >"$work/origin.conf" <<EOF
$(nginx_common origin)
worker_processes 1;
http {
$(nginx_paths origin)
    log_format cost '\$uri \$body_bytes_sent';
    sendfile on;
    server {
        listen 127.0.0.1:${port[origin]};
        root $work/root;
        location / { add_header Cache-Control max-age=86400; }
        location /cold/ { proxy_pass http://127.0.0.1:${port[slow]}; proxy_http_version 1.1; proxy_buffering off; access_log $work/cold.log cost; }
    }
}
EOF
    start origin nginx -p "$work" -c "$work/origin.conf" -e "$work/origin.log"
    ready origin /small/0
}
start_nginx() { # name, sendfile, upstream: origin (a cache) or another nginx (a peer hop)
    free_port; port[$1]=$REPLY
    free_port; port[$1-tls]=$REPLY
    cat >"$work/$1.conf" <<EOF
$(nginx_common "$1")
worker_processes auto;
http {
$(nginx_paths "$1")
    sendfile $2;
    upstream source { server 127.0.0.1:${port[$3]}; keepalive 128; }
    $([[ $3 == origin ]] && echo "proxy_cache_path $work/$1.cache levels=1:2 keys_zone=chunks:16m max_size=2g inactive=1d use_temp_path=off;")
    server {
        listen 127.0.0.1:${port[$1]};
        listen 127.0.0.1:${port[$1-tls]} ssl http2;
        ssl_certificate $work/tls.pem;
        ssl_certificate_key $work/tls.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache shared:$1:1m;
        location / {
            slice 1m;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Range \$slice_range;
            $([[ $3 == origin ]] && echo "proxy_cache chunks; proxy_cache_key \$uri\$slice_range; proxy_cache_valid 200 206 1h; proxy_cache_lock on;" || echo "proxy_max_temp_file_size 0;")
            proxy_pass http://source;
        }
    }
}
EOF
    start "$1" nginx -p "$work" -c "$work/$1.conf" -e "$work/$1.log"
    ready "$1" /small/0
}
start_varnish() {
    free_port; port[varnish]=$REPLY
    printf 'vcl 4.1;\nbackend origin { .host = "127.0.0.1"; .port = "%s"; }\n' "${port[origin]}" >"$work/varnish.vcl"
    start varnish varnishd -F -j none -n "$work/varnish" -a "127.0.0.1:${port[varnish]}" -f "$work/varnish.vcl" -s malloc,1g
    ready varnish /small/0
}
start_ats() { # memory for hot objects, in bytes
    free_port; port[ats]=$REPLY
    local layout=$work/ats.layout
    mkdir -p "$layout"/{etc,cache,log,run}
    cp -r /etc/trafficserver/. "$layout/etc/"
    cat >"$layout/runroot.yaml" <<EOF
prefix: /usr
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/sbin
sysconfdir: $layout/etc
datadir: $layout/etc
libdir: /usr/lib
libexecdir: $(dirname "$slice_plugin")
localstatedir: $layout
runtimedir: $layout/run
logdir: $layout/log
cachedir: $layout/cache
EOF
    cat >>"$layout/etc/records.config" <<EOF
CONFIG proxy.config.http.server_ports STRING ${port[ats]}:ip-in=127.0.0.1
CONFIG proxy.config.admin.user_id STRING #-1
CONFIG proxy.config.cache.ram_cache.size INT $1
CONFIG proxy.config.cache.ram_cache_cutoff INT 4194304
CONFIG proxy.config.log.logging_enabled INT 0
CONFIG proxy.config.url_remap.remap_required INT 1
EOF
    echo "$layout/cache 2G" >"$layout/etc/storage.config"
    echo "map http://127.0.0.1:${port[ats]}/ http://127.0.0.1:${port[origin]}/ @plugin=slice.so @pparam=--blockbytes=1m @plugin=cache_range_requests.so" >"$layout/etc/remap.config"
    : >"$layout/etc/plugin.config"
    start ats traffic_server --run-root="$layout/runroot.yaml"
    ready ats /small/0
}
start_chunkproxy() { # memory, further flags …
    free_port; port[chunkproxy]=$REPLY
    local memory=$1
    shift
    start chunkproxy "$app/chunkproxy" -url "http://127.0.0.1:${port[origin]}/" -webaddr "127.0.0.1:${port[chunkproxy]}" -dir "$work/chunkproxy.cache" -size-c 1MiB -size-m "$memory" "$@"
    for _ in {1..300}; do
        grep -q 'web listening' "$work/chunkproxy.log" && break
        sleep 0.1
    done
    : "${idle:=$(rss_of chunkproxy)}" # of the first node, before any request
    ready chunkproxy /small/0
}
start_chunkproxy_with_tls() { # memory, further flags …: the address without TLS is for warming
    free_port; port[chunkproxy]=$REPLY
    free_port; port[chunkproxy-tls]=$REPLY
    local memory=$1
    shift
    start chunkproxy env "ChunkProxy__PlainAddress=127.0.0.1:${port[chunkproxy]}" "$app/chunkproxy" -url "http://127.0.0.1:${port[origin]}/" \
        -webaddr "127.0.0.1:${port[chunkproxy-tls]}" -cert "$work/tls.pem" -certkey "$work/tls.key" -dir "$work/chunkproxy.cache" -size-c 1MiB -size-m "$memory" "$@"
    ready chunkproxy /small/0
}
start_owner() { # a member that owns every chunk
    local pool
    free_port; pool=$REPLY
    free_port; port[owner]=$REPLY
    start owner "$app/chunkproxy" -url "http://127.0.0.1:${port[origin]}/" -webaddr "127.0.0.1:${port[owner]}" -size-d 0 -size-c 1MiB -size-m 1GiB -pooladdr "127.0.0.1:$pool" -poolpeers "127.0.0.1:$pool"
    ready owner /small/0
    owner_pool=127.0.0.1:$pool
}

# ---- measuring ----

protocol=http # http, https (HTTP/1.1) or h2

family() { # server: its process and all descendants
    local todo=("${pid[$1]}") id
    while ((${#todo[@]})); do
        id=${todo[0]}
        todo=("${todo[@]:1}" $(cat "/proc/$id/task/$id/children" 2>/dev/null))
        echo "$id"
    done
}
ticks=$(getconf CLK_TCK)
cpu_of() { # servers …: seconds
    local server
    for server; do
        for id in $(family "$server"); do sed 's/.*) //' "/proc/$id/stat" 2>/dev/null; done
    done | awk -v ticks="$ticks" '{ sum += $12 + $13 } END { printf "%.2f", sum / ticks }'
}
rss_of() { # servers …: KiB
    local server
    for server; do
        for id in $(family "$server"); do cat "/proc/$id/status" 2>/dev/null; done
    done | awk '/^VmRSS/ { sum += $2 } END { print sum + 0 }'
}
warm() { # servers …
    local server i
    for server; do
        for _ in 1 2; do # Traffic Server keeps an object in memory from its second request on
            for ((i = 0; i < films; i++)); do
                curl -s "http://127.0.0.1:${port[$server]}/film/$i" | cmp - "$work/root/film/$i" >&2 || die "$server sent wrong bytes"
            done
            curl -s -o /dev/null "http://127.0.0.1:${port[$server]}/small/[0-$((files - 1))]" >/dev/null
        done
    done
}
load() { # kind, connections, seed, server, seconds: prints wrk's figures, and the CPU seconds that wrk used
    local kind=$1 connections=$2 form=range range=0 self=$BASHPID before after line
    case $kind in
        64k) range=65536 ;;
        1m) range=1048576 ;;
        *) form=$kind ;;
    esac
    before=$(cpu_of_children "$self")
    line=$(
        if [[ $protocol == h2 ]]; then
            load_h2 "$form" "$range" "$connections" "$4" "$5"
            exit
        fi
        base=http://127.0.0.1:${port[$4]}
        [[ $protocol == https ]] && base=https://127.0.0.1:${port[$4-tls]}
        wrk -t "$((connections > 1 ? 2 : 1))" -c "$connections" -d "${5}s" --timeout 10s --latency -s "$here/ranges.lua" "$base" \
            -- "$3" "$form" "$range" "$film_size" "$films" "$files" | sed -n 's/^figures //p'
    )
    after=$(cpu_of_children "$self")
    [[ -n $line ]] || die "wrk failed against $4"
    echo "$line $(awk -v a="$after" -v b="$before" 'BEGIN { printf "%.2f", a - b }')"
}
load_h2() { # form, range, concurrent requests, server, seconds: four connections; h2load has no p99, so the longest time takes its place
    local base=https://127.0.0.1:${port[$4-tls]} range=()
    [[ $1 == range ]] && range=(-H "range: bytes=$((film_size / 2))-$((film_size / 2 + $2 - 1))")
    [[ $1 == small ]] && base+=/small || base+=/film
    h2load -t 2 -c 4 -m "$(($3 / 4))" -D "$5" "${range[@]}" "$base/0" "$base/1" 2>/dev/null | awk -v seconds="$5" '
        function us(text) { return text ~ /us$/ ? text + 0 : text ~ /ms$/ ? text * 1000 : text * 1000000 }
        /^requests:/ { done = $6; failed = $10 + $12 + $14 }
        /^traffic:/ { match($0, /\([0-9]+\) data/); bytes = substr($0, RSTART + 1, RLENGTH - 7) }
        /^time for request:/ { longest = us($5) }
        END { if (bytes) printf "%.0f %.0f %.0f %.0f %.0f\n", bytes, seconds * 1000000, done, longest, failed }'
}
cpu_of_children() { # shell: CPU seconds of its children that have exited
    sed 's/.*) //' "/proc/$1/stat" | awk -v ticks="$ticks" '{ printf "%.2f", ($14 + $15) / ticks }'
}
warm_up() { # servers …: compilation, learning and allocation in the first seconds of a server are not measured
    local server kind
    for server; do
        for kind in 64k 1m whole small; do load "$kind" 16 0 "$server" "$seconds" >/dev/null; done
    done
}
measure() { # place, kind, connections, seed, server, processes whose CPU counts …
    local place=$1 kind=$2 connections=$3 seed=$4 server=$5 before after line loader
    shift 5
    before=$(cpu_of "$@")
    line=$(load "$kind" "$connections" "$seed" "$server" "$seconds") || exit 1
    after=$(cpu_of "$@")
    loader=${line##* }
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$place" "$kind" "$connections" "$server" "$(tr ' ' '\t' <<<"${line% *}")" \
        "$(awk -v a="$after" -v b="$before" 'BEGIN { printf "%.2f", a - b }')" "$(rss_of "$@")" "$loader" >>"$work/results"
}
note() { echo "$(date -u +%T) $*" >&2; }

# ---- hot in memory ----

measure_memory() {
    start_nginx nginx-copy off origin
    start_varnish
    start_ats 1073741824
    start_chunkproxy 1GiB -size-d 0
    note "warming"
    warm "${all[@]}"
    warm_up "${all[@]}"
    for ((round = 1; round <= rounds; round++)); do
        for connections in 16 64 1; do
            for kind in 64k 1m whole small; do
                note "memory, round $round, $connections connections, $kind"
                for server in "${all[@]}"; do measure memory "$kind" "$connections" "$round$connections" "$server" "$server"; done
            done
        done
    done
}

# ---- cold: 64 KiB in the middle of a chunk, from an origin that sends 20 MB/s per connection ----

measure_cold() {
    note "cold"
    for ((i = 1; i <= (rounds > 1 ? 9 : 5); i++)); do
        first=$((i * 2 * 1048576 + 524288))
        for server in origin "${all[@]}"; do
            curl -s -o /dev/null -r "$first-$((first + 65535))" -w "$server %{time_starttransfer} %{time_total}\n" "http://127.0.0.1:${port[$server]}/cold/$server" >>"$work/cold"
        done
    done
    sleep 1 # nginx logs a request when the request ends
}

# ---- over TLS ----

measure_tls() {
    note "TLS"
    start_chunkproxy_with_tls 1GiB -size-d 0
    warm chunkproxy
    for protocol in https h2; do warm_up nginx chunkproxy; done
    for ((round = 1; round <= rounds; round++)); do
        for protocol in https h2; do
            for kind in 64k 1m whole; do
                for server in nginx chunkproxy; do measure "$protocol" "$kind" 16 "$round" "$server" "$server"; done
            done
        done
    done
    protocol=http
    stop chunkproxy
}

# ---- hot on disk: the content fits into the page cache only ----

measure_disk() {
    note "disk"
    start_chunkproxy 16MiB
    warm chunkproxy
    warm_up chunkproxy
    for ((round = 1; round <= rounds; round++)); do
        for kind in 64k 1m whole; do
            for server in nginx nginx-copy chunkproxy; do measure disk "$kind" 16 "$round" "$server" "$server"; done
        done
    done
}

# ---- through one peer hop: a front end that owns no chunks, in front of a cache ----

measure_peer() {
    stop chunkproxy
    note "peer hop"
    start_owner
    export ChunkProxy__NearCopies__Threshold=0 # every read goes through the owner
    start_chunkproxy 64MiB -size-d 0 -pooladdr none -poolpeers "$owner_pool"
    cached_nginx=${pid[nginx]} cached_port=${port[nginx]}
    port[cache]=$cached_port pid[cache]=$cached_nginx
    start_nginx nginx on cache
    warm chunkproxy nginx
    warm_up chunkproxy nginx
    for ((round = 1; round <= rounds; round++)); do
        for connections in 1 16; do
            for kind in 64k 1m whole; do
                measure peer "$kind" "$connections" "$round" nginx nginx cache
                measure peer "$kind" "$connections" "$round" chunkproxy chunkproxy owner
            done
        done
    done
}

# ---- all of it ----

start_origin
start_nginx nginx on origin
all=(nginx nginx-copy varnish ats chunkproxy)
if [[ $only == tls ]]; then
    warm nginx
    measure_tls
elif [[ $only == disk ]]; then
    start_nginx nginx-copy off origin
    warm nginx nginx-copy
    warm_up nginx nginx-copy
    measure_disk
else
    measure_memory
    measure_cold
    for server in varnish ats chunkproxy; do stop "$server"; done
    measure_tls
    measure_disk
    measure_peer
fi

# ---- the tables ----

echo "$(date -u +%F), $(nproc) cores shared with the load generator ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), $rounds rounds of $seconds s, medians; ratios are relative to nginx with sendfile on"
awk -f "$here/table.awk" "$work/results"
[[ ! $only ]] || exit 0
printf '\n| cold, 64 KiB in the middle of a chunk | first byte | last byte | origin bytes per request |\n|---|---|---|---|\n'
for server in origin "${all[@]}"; do
    middle() { awk -v s="$server" -v f="$1" '$1 == s { print $f * 1000 }' "$work/cold" | sort -n | awk '{ v[NR] = $1 } END { printf "%.1f ms", v[int((NR + 1) / 2)] }'; }
    cost=$(awk -v u="/cold/$server" -v n="$(grep -c "^$server " "$work/cold")" '$1 == u { sum += $2 } END { printf "%.2f MiB", sum / n / 1048576 }' "$work/cold.log")
    echo "| $server | $(middle 2) | $(middle 3) | $cost |"
done
printf '\nChunkProxy before its first request: %d MiB resident\n' "$((idle / 1024))"
