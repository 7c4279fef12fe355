# Reads one line for each run: place workload connections server bytes microseconds requests p99 errors cpu rss loader-cpu
# Prints Markdown: a table for each place and number of connections, with a row for each server and a column for each kind of request; medians.
BEGIN { FS = "\t"; split("nginx nginx-copy varnish ats chunkproxy", order, " "); split("64k 1m whole small", kinds, " ")
    title["64k"] = "64 KiB ranges"; title["1m"] = "1 MiB ranges"; title["whole"] = "whole 100 MiB"; title["small"] = "64 KiB files"
    name["nginx"] = "nginx slice, sendfile on"; name["nginx-copy"] = "nginx slice, sendfile off"; name["varnish"] = "Varnish"; name["ats"] = "Traffic Server, slice"; name["chunkproxy"] = "**ChunkProxy**"
    what["memory"] = "hot in memory"; what["disk"] = "hot on disk"; what["peer"] = "through one peer hop"; what["cold"] = "cold"
    what["https"] = "TLS, HTTP/1.1, hot in memory"; what["h2"] = "TLS, HTTP/2 on four connections, hot in memory" }
{
    key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
    n = ++runs[key]
    rate[key, n] = $5 / $6 * 1e6 / 1048576
    p99[key, n] = $8 / 1000
    cpu[key, n] = $5 ? $10 / ($5 / 1073741824) : 0
    both[key, n] = $5 ? ($10 + $12) / ($5 / 1073741824) : 0
    if ($11 > rss[$1, $4]) rss[$1, $4] = $11
    errors[$4] += $9
    table = $1 SUBSEP $3
    if (!(table in seen)) { seen[table] = 1; tables[++count] = table }
    servers[$1, $3, $4] = 1; columns[$1, $3, $2] = 1
}
function median(values, key,    i, j, n, t, v) {
    n = runs[key]
    for (i = 1; i <= n; i++) v[i] = values[key, i]
    for (i = 2; i <= n; i++) { t = v[i]; for (j = i - 1; j > 0 && v[j] > t; j--) v[j + 1] = v[j]; v[j + 1] = t }
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
END {
    for (t = 1; t <= count; t++) {
        split(tables[t], part, SUBSEP); place = part[1]; connections = part[2]
        printf "\n| %s, %d connection%s |", what[place], connections, connections == 1 ? "" : "s"
        for (k = 1; k <= 4; k++) if ((place, connections, kinds[k]) in columns) printf " %s |", title[kinds[k]]
        printf " RSS |\n|---|"
        for (k = 1; k <= 4; k++) if ((place, connections, kinds[k]) in columns) printf "---|"
        print "---|"
        for (s = 1; s <= 5; s++) {
            if (!((place, connections, order[s]) in servers)) continue
            printf "| %s |", name[order[s]]
            for (k = 1; k <= 4; k++) {
                if (!((place, connections, kinds[k]) in columns)) continue
                key = place SUBSEP kinds[k] SUBSEP connections SUBSEP order[s]; base = place SUBSEP kinds[k] SUBSEP connections SUBSEP "nginx"
                if (!(key in runs)) { printf " – |"; continue }
                r = median(rate, key); b = median(rate, base); c = median(cpu, key); d = median(cpu, base); p = median(p99, key); e = median(both, key); f = median(both, base)
                printf " %.2f × (%.2f × CPU, %.2f × both) %.0f MiB/s, %.2f + %.2f s/GiB, %s %.1f ms |", b ? r / b : 0, d ? c / d : 0, f ? e / f : 0, r, c, e - c, place == "h2" ? "max" : "p99", p
            }
            printf " %.0f MiB |\n", rss[place, order[s]] / 1024
        }
    }
    for (s = 1; s <= 5; s++) if (errors[order[s]]) printf "\n%s: %d failed requests\n", order[s], errors[order[s]]
}
