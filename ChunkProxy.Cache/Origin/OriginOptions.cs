using System.Globalization;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Origin;

/// <summary>Timeouts, limits and rules for requests to the origin, under <c>ChunkProxy:Origin</c> in configuration.</summary>
public sealed class OriginOptions
{
    public const string Section = CacheOptions.Section + ":Origin";

    /// <summary>Connect timeout, including the TLS handshake.</summary>
    [Between("1 ms", "10 min")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>PEM file with the authorities that issue the origin's certificate. Default: those that the machine trusts.</summary>
    public string? CaFile { get; set; }

    /// <summary>Longest wait from a request to its response header.</summary>
    [Between("1 ms", "10 min")]
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest pause in a response body.</summary>
    [Between("1 ms", "10 min")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most requests to the origin at one time, and so most connections but for those of <see cref="PassThroughConnections"/>.</summary>
    [Between("1", "10,000")]
    public int MaxConnections { get; set; } = 64;

    /// <summary>
    /// Most further connections for responses that cannot be cached, which clients receive at their own pace. A response takes one when its header has
    /// arrived. At most eight times <see cref="MaxConnections"/>.
    /// </summary>
    [Between("0", "10,000")]
    public int PassThroughConnections { get; set; } = 512;

    /// <summary>
    /// Rate in bytes per second below which a client of an object that cannot be cached loses its response while other requests wait for such a
    /// connection. 0: never.
    /// </summary>
    [Between("0", "1GiB")]
    public ByteSize PassThroughMinRate { get; set; } = ByteSize.KiB(16);

    /// <summary>Whether redirects are followed or passed through to clients.</summary>
    public RedirectHandling Redirects { get; set; } = RedirectHandling.Follow;

    /// <summary>Most redirects followed for one request. With 0, redirects are passed through.</summary>
    [Between("0", "20")]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>
    /// Hosts other than the origin that redirects may lead to, separated by commas: <c>host</c>, <c>[IPv6]</c> or <c>*.domain</c>, with or
    /// without <c>:port</c>. Redirects to other hosts are passed through.
    /// </summary>
    public string? RedirectHosts { get; set; }

    /// <summary>
    /// Whether Last-Modified and size identify a version wherever Last-Modified is present, and entity tags are ignored: for replicas that give the
    /// same bytes different entity tags.
    /// </summary>
    public bool TrustLastModified { get; set; }

    /// <summary>Most requests for the same bytes before a read fails, including the first.</summary>
    [Between("1", "20")]
    public int Attempts { get; set; } = 4;

    /// <summary>Pause before the second attempt; doubles before each further attempt, up to four times this.</summary>
    [Between("0", "1 min")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Interval of the probes while the origin is down. The first response to a probe, whatever its status, ends that.</summary>
    [Between("1 ms", "1 h")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for the response to a probe.</summary>
    [Between("1 ms", "10 min")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Path of the probe below the origin's URL. It is requested with HEAD.</summary>
    public string ProbePath { get; set; } = "/";

    /// <summary>
    /// Client request fields that are forwarded to the origin, separated by commas; at most 16. Those that the origin names in <c>Vary</c> make
    /// variants. The default is Origin, because object stores send CORS fields only if the request has it.
    /// </summary>
    public string RequestFields { get; set; } = "Origin";

    /// <summary>Most variants remembered for one object.</summary>
    [Between("1", "1,000")]
    public int MaxVariants { get; set; } = 64;

    /// <summary><c>User-Agent</c> sent to the origin if the client's is not forwarded. Empty to send none.</summary>
    public string UserAgent { get; set; } = "chunkproxy";

    /// <summary>
    /// Targeted cache-control fields (RFC 9213), separated by commas. The first one present in a response replaces its <c>Cache-Control</c>. Empty to
    /// use none.
    /// </summary>
    public string TargetedCacheControl { get; set; } = "CDN-Cache-Control";

    /// <summary>
    /// Whether clients get the fields <c>Cache-Tag</c> and <c>Surrogate-Key</c>, by whose tags objects are purged: for another cache in front of this
    /// one.
    /// </summary>
    public bool SendTags { get; set; }

    /// <summary>How a <c>Set-Cookie</c> in the response that introduces an object is handled.</summary>
    public SetCookiePolicy SetCookie { get; set; }

    /// <summary>Upper bound for <c>Retry-After</c>.</summary>
    [Between("0", "10 min")]
    public TimeSpan RetryAfterLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Statuses, from 300, whose responses may be remembered, separated by commas. The response and <c>ChunkProxy:NotFoundLifetime</c> limit how
    /// long.
    /// </summary>
    public string KeptStatuses { get; set; } = "404,410";

    internal IReadOnlyList<string> RequestFieldNames => SettingText.ListOf(RequestFields);

    internal IReadOnlyList<string> TargetedFieldNames => SettingText.ListOf(TargetedCacheControl);

    /// <summary>The statuses in <see cref="KeptStatuses"/>; 0 for each malformed entry.</summary>
    internal int[] KeptStatusList() =>
        [.. SettingText.ListOf(KeptStatuses)
            .Select(status => int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];

    /// <summary>The part of <see cref="PassThroughConnections"/> that fits: see <see cref="Origin.PassThroughPlaces"/>.</summary>
    internal int PassThroughPlaces { get; set; }

    /// <summary>A quarter of the connections, at least one: what slow clients, idle bodies, or work without a client may hold.</summary>
    internal int QuarterOfConnections => Math.Max(1, MaxConnections / 4);

    /// <summary>The hosts in <see cref="RedirectHosts"/>.</summary>
    internal RedirectHost[] RedirectHostList() => [.. SettingText.ListOf(RedirectHosts).Select(RedirectHost.Parse)];

    /// <summary>Returns the pause before an attempt, from 2.</summary>
    internal TimeSpan BackoffBefore(int attempt) => new Backoff(Backoff, Backoff * 4).Pause(attempt - 1);
}
