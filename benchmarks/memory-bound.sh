#!/bin/bash
# Measures the peak memory of a node under requests that a client chooses to cost memory: 8 KB queries, long names, many fields, many variants.
#
#   benchmarks/memory-bound.sh             60,000 requests, about two minutes
#
#   --app DIR      use this published ChunkProxy.Web instead of a new build
#   --requests N   requests of each kind; default 12,000
#
# Prints the budget of the settings, the documented constant (docs/limits.md), and the peak of the process (VmHWM). Exits with 1 above the bound.
# Uses loopback only. Requires nginx (as the origin), curl, perl. Stops every process that it starts, by process id.
set -uo pipefail
readonly constant=256 # MiB beside the budgets: docs/limits.md

app='' requests=12000
while (($#)); do
    case $1 in
        --app) app=$(cd "${2:?--app requires a folder}" && pwd) || exit 2; shift ;;
        --requests) requests=${2:?}; shift ;;
        *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
require nginx curl perl
publish

mkdir -p "$work/root" "$work/nginx"
head -c 4096 /dev/urandom >"$work/root/small"
chmod -R a+rX "$work"
free_port; origin=$REPLY
# Every path is an object of 4 KiB, with fields of 2 KB; /vary/ has a variant for each Accept-Language.
cat >"$work/origin.conf" <<CONF
$(as_root)
daemon off; pid $work/origin.pid; error_log $work/origin.log warn;
events { worker_connections 1024; }
http {
    access_log off; $(temp_paths "$work/nginx")
    large_client_header_buffers 8 64k; default_type video/mp4; sendfile on; keepalive_requests 1000000;
    server {
        listen 127.0.0.1:$origin; root $work/root;
        location / { add_header Cache-Control max-age=86400; add_header X-Long "$(head -c 2000 /dev/zero | tr '\0' x)"; try_files /small =404; }
        location /vary/ { add_header Cache-Control max-age=86400; add_header Vary Accept-Language; try_files /small =404; }
        location /none/ { return 404; }
    }
}
CONF
nginx -p "$work" -c "$work/origin.conf" -e "$work/origin.log" &
ids+=($!)
until curl -s -f -o /dev/null "http://127.0.0.1:$origin/small"; do kill -0 "${ids[0]}" 2>/dev/null || die "nginx does not start"; sleep 0.05; done

memory=64 metadata=16 # MiB
free_port; web=$REPLY
ChunkProxy__Origin__RequestFields=Accept-Language ChunkProxy__AdminKeyGuards=Actions "$app/chunkproxy" -url "http://127.0.0.1:$origin/" -webaddr "127.0.0.1:$web" \
    -dir "$work/cache" -size-c 1MiB -size-m "${memory}MiB" -size-s "${metadata}MiB" -size-d 64MiB >"$work/proxy.log" 2>&1 &
proxy=$!
ids+=("$proxy")
await_listening "$proxy" "$work/proxy.log"
status() { awk -v field="$1:" '$1 == field { print int($2 / 1024) }' "/proc/$proxy/status"; } # MiB

# Sends requests of one kind from eight connections, one after the other on each.
send() { # kind
    local senders=() id
    for ((i = 0; i < 8; i++)); do
        perl -MIO::Socket::INET -e '
            my ($port, $kind, $from, $count) = @ARGV;
            my ($socket, $long) = (undef, "q" x 4000);
            for my $i ($from .. $from + $count - 1) {
                my ($target, $fields) = ("/a", "");
                if ($kind eq "queries") { $target = "/q?$i=" . ("q" x 7900) }
                elsif ($kind eq "names") { $target = "/" . ("n" x 7900) . "/$i" }
                elsif ($kind eq "fields") { $target = "/f/$i"; $fields .= "X-$_-$i: " . ("f" x 300) . "\r\n" for 1 .. 60 }
                elsif ($kind eq "variants") { $target = "/vary/" . ($i % 500); $fields = "Accept-Language: " . ("v" x 3000) . "$i\r\n" }
                else { $target = "/none/$i?" . ("m" x 7800) }
                $socket ||= IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port) or die "no connection\n";
                print $socket "GET $target HTTP/1.1\r\nHost: x\r\n$fields\r\n";
                my $head = "";
                while ($head !~ /\r\n\r\n/) { my $n = sysread($socket, $head, 65536, length $head); last unless $n }
                my ($length) = $head =~ /content-length: (\d+)/i;
                if (!defined $length) { close $socket; undef $socket; next }
                my $left = $length - (length($head) - index($head, "\r\n\r\n") - 4);
                while ($left > 0) { my $n = sysread($socket, my $rest, $left); last unless $n; $left -= $n }
            }' "$web" "$1" "$((i * requests / 8))" "$((requests / 8))" &
        senders+=($!)
    done
    for id in "${senders[@]}"; do wait "$id" || die "a client failed"; done
}

echo "start: $(status VmRSS) MiB resident"
total=0
for kind in queries names fields variants missing; do
    send "$kind"
    total=$((total + requests))
    echo "$kind: $requests requests, $(status VmRSS) MiB resident, peak $(status VmHWM) MiB"
done
budget=$((memory + 2 * metadata))
peak=$(status VmHWM)
echo "$total requests: budget $budget MiB ($memory of chunks and names, 2 x $metadata of metadata), constant $constant MiB, bound $((budget + constant)) MiB, peak $peak MiB"
((peak <= budget + constant)) || die "the peak is above the bound"
