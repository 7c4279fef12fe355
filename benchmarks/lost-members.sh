#!/usr/bin/env bash
# Measures what members that hang at the same time, or whose network is slow, cost the readers of a front end: the slowest read, and how many wait
# more than 0.1 s. Four readers read 64 KiB somewhere in a film until well after the registrations of the lost members in etcd have expired, and
# every byte is compared with the file. Prints Markdown: a row for each number of lost members, and one for a slow member.
#
#   benchmarks/lost-members.sh [--members N] [--lost "1 2 3"] [--rate BYTES] [--seconds N] [--app DIR]
#
#   --members N     members; default 6
#   --lost LIST     numbers of members that hang at the same time, separated by blanks; default "1 2 3"
#   --rate BYTES    bytes per second that the slow member sends, over all connections; default 131072 (1 Mbit/s)
#   --seconds N     how long the readers of each row read; default 20
#   --app DIR       use this published ChunkProxy.Web instead of a new build
#
# Uses loopback only. Requires etcd, nginx (as the origin), curl and perl. Stops every process that it starts, by process id.
set -uo pipefail

members=6 lost="1 2 3" rate=131072 seconds=20 app=
while (($#)); do
    case $1 in
        --members) members=${2:?} ;;
        --lost) lost=${2:?} ;;
        --rate) rate=${2:?} ;;
        --seconds) seconds=${2:?} ;;
        --app) app=$(cd "${2:?}" && pwd) || exit 2 ;;
        *) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift 2
done
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
require etcd nginx curl perl

publish

mebibytes=256
mkdir -p "$work/root"
head -c ${mebibytes}M /dev/urandom >"$work/root/film"
serve_files
ids+=("$REPLY")
etcd --data-dir "$work/etcd" --listen-client-urls "http://127.0.0.1:$((port + 1))" --advertise-client-urls "http://127.0.0.1:$((port + 1))" \
    --listen-peer-urls "http://127.0.0.1:$((port + 2))" >"$work/etcd.log" 2>&1 &
ids+=($!)
in_cluster=(-size-d 0 -coord "http://127.0.0.1:$((port + 1))" -cluster bench)
front=$((port + 3)) admin=$((port + 4))
nodes=()
for ((i = 0; i < members; i++)); do
    pool=$((port + 10 + i)) web=$((port + 40 + i))
    if ((i == members - 1)); then # the slow one: other processes reach it through a link
        export ChunkProxy__PoolListen=127.0.0.1:$((pool + 60))
        perl "$repository/benchmarks/compare/slow-link.pl" "$pool" "$((pool + 60))" "$rate" "$work/slow" &
        ids+=($!)
    fi
    start_node "member-$i.log" "${in_cluster[@]}" -webaddr "127.0.0.1:$web" -pooladdr "127.0.0.1:$pool" -size-m 512MiB
    nodes+=("$REPLY")
done
unset ChunkProxy__PoolListen
start_node front.log "${in_cluster[@]}" -webaddr "127.0.0.1:$front" -adminaddr "127.0.0.1:$admin" -pooladdr none -size-m 64MiB

all_are_well() { # until the front end sees all members, and avoids none
    local limit=$((SECONDS + 120))
    until (($(curl -s "http://127.0.0.1:$admin/_chunkproxy/stats?cluster=true" | grep -c '"verdict": "healthy"') >= members)); do
        ((SECONDS < limit)) || die "the members did not recover"
        sleep 0.2
    done
}
reader() { # number; prints a line for each read: milliseconds, or "failed"
    local end=$((SECONDS + seconds)) chunk took
    RANDOM=$1
    while ((SECONDS < end)); do
        chunk=$((RANDOM % mebibytes))
        took=$(curl -s -f -m 60 -o "$work/answer-$1" -w '%{time_total}' -r "$((chunk << 20))-$(((chunk << 20) + 65535))" "http://127.0.0.1:$front/film") \
            && cmp -s "$work/answer-$1" <(dd if="$work/root/film" bs=64K skip=$((chunk * 16)) count=1 status=none) || { echo failed; continue; }
        awk -v s="$took" 'BEGIN { printf "%.1f\n", s * 1000 }'
    done
}
row() { # text; reads and prints a row
    local readers=() i
    for i in 1 2 3 4; do
        reader "$i" >"$work/times-$i" &
        readers+=($!)
    done
    wait "${readers[@]}"
    cat "$work"/times-? | grep -v failed | sort -n >"$work/times"
    awk -v what="$1" -v failed="$(cat "$work"/times-? | grep -c failed)" '
        { time[NR] = $1; waited += $1 > 100 }
        END { printf "| %s | %d | %d | %.1f ms | %d | %.2f s |\n", what, NR + failed, failed, time[int((NR + 1) / 2)], waited, time[NR] / 1000 }' "$work/times"
}

all_are_well
curl -s -f "http://127.0.0.1:$front/film" | cmp -s - "$work/root/film" || die "the film is not whole"
echo "| of $members members | reads | failed | median | over 0.1 s | slowest |"
echo "|---|---|---|---|---|---|"
row "none is lost"
for count in $lost; do
    all_are_well
    kill -STOP "${nodes[@]:0:count}"
    row "$count hang"
    kill -CONT "${nodes[@]:0:count}"
done
all_are_well
touch "$work/slow"
row "one sends $((rate / 1024)) KiB/s"
