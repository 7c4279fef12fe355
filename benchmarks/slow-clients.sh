#!/usr/bin/env bash
# Measures what slow clients cost a fast one: the time of cold and warm reads of 1 MiB, without and with clients that stop reading after the
# response header, each somewhere else in a film. Prints Markdown.
#
#   benchmarks/slow-clients.sh [--clients N] [--memory SIZE] [--reads N] [--front-end | --uncached | --open-files N] [--app DIR]
#
#   --clients N    clients that stop reading; default 2,000
#   --memory SIZE  memory for chunks; default 64MiB
#   --reads N      reads of each kind; default 200
#   --front-end    the slow clients read 16 KiB per second each, through a front end; the fast one reads at the node that has the chunks
#   --uncached     the slow clients read 4 KiB per second each of content that must not be cached, and begin again when their response ends; the
#                  fast one reads such content, too
#   --open-files N the limit of open files of the process. The clients are idle: each reads one byte, and stays connected if it may
#   --app DIR      use this published ChunkProxy.Web instead of a new build
#
# Uses loopback only. Requires nginx (as the origin), curl and perl. Stops every process that it starts, by process id.
set -uo pipefail

clients=2000 memory=64MiB app= reads=200 step=$((12 << 20)) path=/film front_end= uncached= open_files= pace=0
while (($#)); do
    case $1 in
        --clients) clients=${2:?} ;;
        --memory) memory=${2:?} ;;
        --reads) reads=${2:?} ;;
        --front-end) front_end=1 pace=16384; shift; continue ;;
        --open-files) open_files=${2:?} ;;
        --uncached) uncached=1 pace=4096 path=/uncached/film; shift; continue ;;
        --app) app=$(cd "${2:?}" && pwd) || exit 2 ;;
        *) sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift 2
done
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
require nginx curl perl
ulimit -n 8192 2>/dev/null

publish

mkdir -p "$work/root"
truncate -s $(((clients + 2) * step)) "$work/root/film" # sparse
truncate -s $((1 + reads / 64))G "$work/root/other" # sparse, too
cat "$work/root/other" >/dev/null # into the page cache: whether the machine has free pages at hand must not decide how fast a cold read is
serve_files
ids+=("$REPLY")
member=127.0.0.1:$((port + 2))
slow_port=$((port + 1)) admin=127.0.0.1:$((port + 4))
[[ ! $open_files ]] || limit=(prlimit "--nofile=$open_files")
start_node log -adminaddr "$admin" -webaddr "127.0.0.1:$((port + 1))" -dir "$work/cache" -size-m "$memory" -size-d 1GiB ${front_end:+-pooladdr "$member" -poolpeers "$member"}
node=$REPLY
if [[ $front_end ]]; then
    slow_port=$((port + 3))
    start_node front.log -webaddr "127.0.0.1:$slow_port" -pooladdr none -poolpeers "$member" -size-m "$memory" -size-d 0
fi

position=0
read_once() { # kind; prints milliseconds, or "failed"
    local from=0 took path=/other
    [[ $1 != uncached ]] || path=/uncached/other
    [[ $1 == cold ]] && { position=$((position + 2)); from=$((position << 20)); } # no chunk that was fetched ahead of the last one
    took=$(curl -s -f -m 60 -o "$work/answer" -w '%{time_total}' -r "$from-$((from + (1 << 20) - 1))" "http://127.0.0.1:$((port + 1))$path") \
        && [[ $(stat -c %s "$work/answer") == 1048576 ]] || { echo failed; return; }
    awk -v s="$took" 'BEGIN { printf "%.2f\n", s * 1000 }'
}
measure() { # kind; sets REPLY to the median, and adds to failures
    local i
    for ((i = 0; i < reads; i++)); do read_once "$1" >>"$work/times.$$"; [[ $1 == cold ]] && position=$((position + 2)); done
    failures=$((failures + $(grep -c failed "$work/times.$$")))
    REPLY=$(grep -v failed "$work/times.$$" | sort -n | sed -n "$((reads / 2))p")
    rm "$work/times.$$"
}

ticks() { awk '{ print $14 + $15 }' "/proc/$node/stat"; }
settle() { # until the node has nothing to do, or for 15 s: all that the slow clients take is in their sockets, and what was fetched is on disk
    local before second
    for ((second = 0; second < 15; second++)); do
        before=$(ticks)
        sleep 1
        (($(ticks) - before > 5)) || return
    done
}

failures=0
for ((i = 0; i < 100; i++)); do read_once warm >/dev/null; read_once cold >/dev/null; done # compiles the code
settle
measure cold; cold=$REPLY
measure warm; warm=$REPLY
[[ ! $uncached ]] || { measure uncached; passed=$REPLY; }
coproc stalled { perl "$repository/benchmarks/compare/stalled.pl" "$slow_port" "$path" "$clients" "$step" "$pace" ${uncached:+again} ${open_files:+idle}; }
ids+=("$stalled_PID")
read -r line <&"${stalled[0]}" || die "a slow client was refused"
settle
measure cold; slow_cold=$REPLY
measure warm; slow_warm=$REPLY
[[ ! $uncached ]] || { measure uncached; slow_passed=$REPLY; }
resident=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$node/status")

echo "| 1 MiB, median of $reads | alone | beside $clients slow clients | ratio |"
echo "|---|---|---|---|"
row() { awk -v what="$1" -v a="$2" -v b="$3" 'BEGIN { printf "| %s | %s ms | %s ms | %.2f |\n", what, a, b, b / a }'; }
row cold "$cold" "$slow_cold"
row warm "$warm" "$slow_warm"
[[ ! $uncached ]] || row "not cacheable" "$passed" "$slow_passed"
echo
[[ ! $open_files ]] || curl -s "http://$admin/_chunkproxy/stats" | grep -oE '"(ended|refused)Connections": *[0-9]+' | tr -d '"'
echo "$failures reads failed; memory for chunks $memory, resident $resident MiB"
