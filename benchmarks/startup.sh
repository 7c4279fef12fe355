#!/usr/bin/env bash
# Measures the time from the start of the process to the first response with the bytes of a chunk, with many chunks on disk and no origin. Then
# the duration and processor time of the scan of the directory, and the memory that the process uses more than one with an empty directory.
#
#   benchmarks/startup.sh [--chunks N] [--rounds N] [--app DIR]
#
#   --chunks N  number of chunks on disk; default 100,000. Those beyond 100,000 are hard links to files without content, 100 bytes of disk each
#   --rounds N  default 5
#   --app DIR   use this published ChunkProxy.Web instead of a new build
#
# Its files are in a temporary folder (TMPDIR), which it deletes at the end.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

chunks=100000 rounds=5 app=
while (($#)); do
    case $1 in
        --chunks) chunks=${2:?} ;;
        --rounds) rounds=${2:?} ;;
        --app) app=$(cd "${2:?}" && pwd) ;;
        *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift 2
done

work=$(mktemp -d)
id=
stop() { [[ -z $id ]] || { kill "$id" 2>/dev/null; wait "$id" || true; id=; }; }
trap 'stop; rm -rf "$work"' EXIT
if [[ -z $app ]]; then
    app=$work/app
    dotnet publish "$repository/ChunkProxy.Web" --configuration Release --output "$app" --verbosity quiet -nodeReuse:false >&2
fi

port=$((10000 + RANDOM % 20000)) # below the range of ephemeral ports
start() { # directory; returns when the process listens. Waits for its log without a poll, which would take processor time from it
    local line
    rm -f "$work/lines" && mkfifo "$work/lines"
    "$app/chunkproxy" -url http://127.0.0.1:9/ -webaddr "127.0.0.1:$port" -dir "$1" -size-c 4096B -size-d 10000GiB -size-m 64MiB >"$work/lines" 2>&1 &
    id=$!
    exec 3<"$work/lines"
    : >"$work/log"
    while IFS= read -r line <&3; do
        echo "$line" >>"$work/log"
        [[ $line != *'web listening'* ]] || break
    done
    cat <&3 >>"$work/log" &
    exec 3<&-
}
scanned() { # waits for the end of the scan
    until grep -q 'Disk cache in .* scanned in ' "$work/log"; do
        kill -0 "$id" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
        sleep 0.05
    done
}
heap() { awk '/^RssAnon/ { print $2 }' "/proc/$id/status"; } # KiB
cpu() { awk '{ print ($14 + $15) * 10 }' "/proc/$id/stat"; } # ms

dotnet run --configuration Release --project "$repository/benchmarks/ChunkProxy.Benchmarks" -- fill-disk "$work/cache" "$chunks"
start "$work/empty"
scanned
empty=$(heap)
stop
whole=$((chunks < 100000 ? chunks : 100000))
for ((round = 0; round < rounds; round++)); do
    film=$((RANDOM % (whole / 1000))) index=$((RANDOM % 1000))
    started=$(date +%s%N)
    start "$work/cache"
    curl -s -f -o "$work/answer" -r "$((index * 4096))-$((index * 4096 + 4095))" "http://127.0.0.1:$port/film/$film" || { cat "$work/log" >&2; exit 1; }
    answered=$(date +%s%N)
    [[ $(od -An -v -tu1 -w1 "$work/answer" | sort -u | tr -d ' ') == "$((index % 251))" && $(stat -c %s "$work/answer") == 4096 ]] || { echo "wrong bytes" >&2; exit 1; }
    used=$(cpu)
    scanned
    echo "first response after $(((answered - started) / 1000000)) ms; $(sed -n 's/.*Disk cache in [^ ]*: \([0-9]* files\),.*; scanned in \([0-9:.]*\).*/\1 scanned in \2/p' "$work/log"), $(($(cpu) - used)) ms of processor time; $((($(heap) - empty) * 1024 / chunks)) bytes of memory per chunk"
    stop
done
