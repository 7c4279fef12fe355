#!/bin/bash
# Loads a node with its default sizes under a memory limit, as a container has it, and reports its peak and whether the kernel killed it.
#
#   benchmarks/container.sh               300 MiB, about a minute
#   benchmarks/container.sh --limit 512   another limit, in MiB
#
#   --app DIR    use this published ChunkProxy.Web instead of a new build
#
# The load: 16 clients read 12 films of 256 MiB eight times, beside 100 clients that read 30 KiB/s.
# Requires root (for the cgroup, v1 or v2), nginx and curl. Uses loopback only. Stops every process that it starts, by process id.
set -uo pipefail

app= limit=300 films=12 reads=96 slow=100
while (($#)); do
    case $1 in
        --app) app=$(cd "${2:?--app requires a folder}" && pwd) || exit 2; shift ;;
        --limit) limit=${2:?}; shift ;;
        *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
group=
trap 'stop_all; [[ -z $group ]] || rmdir "$group" 2>/dev/null' EXIT
require nginx curl
((EUID == 0)) || die "a cgroup needs root"
publish

if [[ -d /sys/fs/cgroup/memory ]]; then
    group=/sys/fs/cgroup/memory/chunkproxy-$$ most=memory.limit_in_bytes peak=memory.max_usage_in_bytes events=memory.oom_control
else
    group=/sys/fs/cgroup/chunkproxy-$$ most=memory.max peak=memory.peak events=memory.events
fi
mkdir "$group" && echo "${limit}M" >"$group/$most" || die "cannot limit the memory"

mkdir -p "$work/root"
for ((i = 0; i < films; i++)); do truncate -s 256M "$work/root/$i"; done
free_port; origin=$REPLY
serve_files
ids+=("$REPLY")
free_port; web=$REPLY
(
    echo "$BASHPID" >"$group/cgroup.procs"
    cd "$work" && exec "$app/chunkproxy" -url "http://127.0.0.1:$origin/" -webaddr "127.0.0.1:$web" >"$work/proxy.log" 2>&1
) &
proxy=$!
ids+=("$proxy")
await_listening "$proxy" "$work/proxy.log"
grep -E 'chunks of|Sizes' "$work/proxy.log"

for ((i = 0; i < slow; i++)); do
    curl -s -o /dev/null --limit-rate 30k --max-time 600 "http://127.0.0.1:$web/$((i % films))" &
    ids+=($!)
done
begun=$(date +%s)
for ((i = 0; i < reads; i++)); do echo $((i % films)); done \
    | xargs -P 16 -I{} curl -s -o /dev/null -w '%{http_code} %{size_download}\n' --max-time 300 "http://127.0.0.1:$web/{}" | sort | uniq -c >"$work/ended"
seconds=$(($(date +%s) - begun))

awk '{ printf "%d reads: status %s, %.0f MiB\n", $1, $2, $3 / 1048576 }' "$work/ended"
echo "$seconds s"
if kill -0 "$proxy" 2>/dev/null; then
    awk '$1 == "VmHWM:" { printf "the process took at most %.0f MiB\n", $2 / 1024 }' "/proc/$proxy/status"
fi
[[ ! -r $group/$peak ]] || echo "the cgroup took at most $(($(cat "$group/$peak") >> 20)) MiB of $limit MiB, page cache included"
awk '$1 == "oom_kill" { printf "%d processes were killed\n", $2; killed = $2 } END { exit killed > 0 }' "$group/$events"
