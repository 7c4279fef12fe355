#!/bin/bash
# Measures the memory of an idle node, the memory that a client which stops reading costs, and the growth of memory under load.
#
#   benchmarks/memory.sh            about four minutes
#   benchmarks/memory.sh --quick    half a minute
#
#   --app DIR    use this published ChunkProxy.Web instead of a new build
#   --clients N  number of clients that stop reading; default 400
#   --minutes N  duration of the mixed load; default 3
#
# Uses loopback only. Requires nginx (as the origin), wrk, curl and perl. Stops every process that it starts, by process id.
set -uo pipefail

app= clients=400 minutes=3 seconds=
while (($#)); do
    case $1 in
        --quick) seconds=12 ;;
        --app) app=$(cd "${2:?--app requires a folder}" && pwd) || exit 2; shift ;;
        --clients) clients=${2:?}; shift ;;
        --minutes) minutes=${2:?}; shift ;;
        *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
seconds=${seconds:-$((minutes * 60))}

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
here=$repository/benchmarks/compare
require nginx wrk curl perl
publish

film_size=$((100 * 1024 * 1024)) films=3 files=512
mkdir -p "$work/root/film" "$work/root/small"
for ((i = 0; i < films; i++)); do head -c "$film_size" /dev/urandom >"$work/root/film/$i"; done
for ((i = 0; i < files; i++)); do head -c 65536 /dev/urandom >"$work/root/small/$i"; done

free_port; origin=$REPLY
serve_files
ids+=("$REPLY")
until curl -s -f -o /dev/null "http://127.0.0.1:$origin/small/0"; do kill -0 "${ids[0]}" 2>/dev/null || die "nginx does not start"; sleep 0.05; done

status() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/$proxy/status"; } # KiB
parts() { # of what is resident, in MiB: the slab asks for huge pages, compiled code and its tables are mapped twice from a memory file
    awk '
        /^[0-9a-f]+-[0-9a-f]+ / { name = NF > 5 ? $6 : "" }
        $1 == "Rss:" { resident = $2 }
        $1 == "VmFlags:" {
            kind = / hg/ ? "slab" : name ~ /doublemapper/ ? "code" : name ~ /^\// ? "files" : "own"
            sum[kind] += resident
        }
        END {
            printf "%.0f MiB resident: %.0f chunks, %.0f heaps and other private memory, %.0f compiled code and tables, %.0f pages of files",
                (sum["slab"] + sum["own"] + sum["code"] + sum["files"]) / 1024, sum["slab"] / 1024, sum["own"] / 1024, sum["code"] / 1024, sum["files"] / 1024
        }' "/proc/$proxy/smaps"
}
now() { date +%s%N; }
start() { # memory: sets $proxy, $web and $listening, the milliseconds until the node listens
    free_port; web=$REPLY
    local begun
    begun=$(now)
    ChunkProxy__AdminKeyGuards=Actions OTEL_METRICS_EXPORTER=${2:-} "$app/chunkproxy" -url "http://127.0.0.1:$origin/" -webaddr "127.0.0.1:$web" -dir "$work/cache" -size-c 1MiB -size-m "$1" -size-d 0 >"$work/proxy.log" 2>&1 &
    proxy=$!
    ids+=("$proxy")
    await_listening "$proxy" "$work/proxy.log" 0.005
    listening=$((($(now) - begun) / 1000000))
}
stop() {
    kill "$proxy" 2>/dev/null
    wait "$proxy" 2>/dev/null
}

# ---- start and idle ----

begun=$(now)
start 512MiB
curl -s -f -o /dev/null -r 0-65535 "http://127.0.0.1:$web/film/0" || die "no response"
echo "start: listening after $listening ms, first range from a cold cache complete after $((($(now) - begun) / 1000000)) ms"
stop
start 512MiB
sleep 3 # the runtime is still busy just after the start
echo "idle: $(parts)"

# ---- clients that stop reading ----

warm() {
    for ((i = 0; i < films; i++)); do curl -s "http://127.0.0.1:$web/film/$i" | cmp - "$work/root/film/$i" >&2 || die "wrong bytes"; done
    curl -s -o /dev/null "http://127.0.0.1:$web/small/[0-$((files - 1))]" >/dev/null
}
tcp_pages() { awk '$1 == "TCP:" { for (i = 2; i < NF; i += 2) if ($i == "mem") print $(i + 1) }' /proc/net/sockstat; }
hold() { # clients: they stall, memory is recorded, they disconnect
    coproc stalled { exec perl "$here/stalled.pl" "$web" /film/0 "$1"; }
    local id=$stalled_PID line
    read -r -t 60 line <&"${stalled[0]}" || die "the clients received no response header"
    sleep 2
    held=$(status VmRSS) held_pages=$(tcp_pages)
    eval "exec ${stalled[1]}>&-"
    wait "$id" 2>/dev/null
}
warm
hold 20 # code compiled here is no cost of the clients measured next
sleep 1
before=$(status VmRSS) before_pages=$(tcp_pages)
hold "$clients"
echo "stalled: $clients clients, $(((held - before) * 1024 / clients / 1024)) KiB of process memory for each ($((before / 1024)) to $((held / 1024)) MiB), $(((held_pages - before_pages) * $(getconf PAGESIZE) / 1024 / clients)) KiB in socket buffers, both ends"
stop

# ---- mixed load, with less memory than content ----

start 128MiB prometheus
warm
pause() { curl -s "http://127.0.0.1:$web/_chunkproxy/metrics" | awk '/^dotnet_gc_pause_time_seconds_total/ { pause = $2 } /^dotnet_gc_collections_total/ { n += $2 } END { printf "%.6f %d", pause, n }'; }
read -r pause_before collections_before < <(pause)
ends=$((SECONDS + seconds)) seed=0 worst=0
echo "load: MiB resident every few seconds, with ranges, whole films and small files at 16 connections:"
while ((SECONDS < ends)); do
    for kind in "range 65536" "range 1048576" "whole 0" "small 0"; do
        read -r form range <<<"$kind"
        seed=$((seed + 1))
        line=$(wrk -t 2 -c 16 -d 1s --timeout 10s --latency -s "$here/ranges.lua" "http://127.0.0.1:$web" -- "$seed" "$form" "$range" "$film_size" "$films" "$files" | sed -n 's/^figures //p')
        [[ -n $line ]] || die "wrk failed"
        read -r _ _ _ p99 errors <<<"$line"
        ((errors == 0)) || die "$errors requests failed"
        [[ $form == small ]] && ((p99 > worst)) && worst=$p99
    done
    printf '%d ' $(($(status VmRSS) / 1024))
done
echo
echo "after the load: $(parts)"
read -r pause_after collections_after < <(pause)
awk -v a="$pause_after" -v b="$pause_before" -v n="$((collections_after - collections_before))" -v s="$seconds" -v w="$worst" 'BEGIN {
    printf "garbage collection: %d collections, %.1f ms pause each on average, %.2f %% of the time; worst p99 of small files in any second: %.1f ms\n", n, n ? (a - b) * 1000 / n : 0, (a - b) / s * 100, w / 1000 }'
stop
