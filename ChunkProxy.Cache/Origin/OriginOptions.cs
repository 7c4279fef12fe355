using System.Globalization;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Origin;

/// <summary>How patiently and how hard the origin is asked, under <c>ChunkProxy:Origin</c> in configuration.</summary>
public sealed class OriginOptions
{
    public const string Section = CacheOptions.Section + ":Origin";

    /// <summary>Longest wait for a connection, TLS handshake included.</summary>
    [Between("1 ms", "10 min")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait from a request to the head of its answer.</summary>
    [Between("1 ms", "10 min")]
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest silence in the middle of a body.</summary>
    [Between("1 ms", "10 min")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections to the origin at one time.</summary>
    [Between("1", "10,000")]
    public int MaxConnections { get; set; } = 64;

    /// <summary>Whether redirects are followed, or handed on to clients.</summary>
    public RedirectHandling Redirects { get; set; } = RedirectHandling.Follow;

    /// <summary>Redirects followed for one request; with 0 they are handed on.</summary>
    [Between("0", "20")]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>
    /// Hosts besides the origin that redirects may lead to, separated by commas: <c>host</c>, <c>host:port</c> or <c>*.domain</c>. A redirect to another
    /// one is handed on.
    /// </summary>
    public string? RedirectHosts { get; set; }

    /// <summary>Whether versions are named by Last-Modified and size where there is a date, and entity tags are left out: for replicas that give the same bytes different ones.</summary>
    public bool TrustLastModified { get; set; }

    /// <summary>Requests sent for the same bytes before a read fails, the first included.</summary>
    [Between("1", "20")]
    public int Attempts { get; set; } = 4;

    /// <summary>Pause before the second attempt, doubled before each further one.</summary>
    [Between("0", "1 min")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Names of the client's request fields that are passed on to the origin, separated by commas; up to 16. Those that the origin names in <c>Vary</c>
    /// make variants. Origin by default: object stores send CORS fields only to requests that have it.
    /// </summary>
    public string RequestFields { get; set; } = "Origin";

    /// <summary>Variants of one object that are remembered at one time.</summary>
    [Between("1", "1,000")]
    public int MaxVariants { get; set; } = 64;

    /// <summary>What <c>User-Agent</c> says to the origin, where the client's is not passed on. Empty: no such field is sent.</summary>
    public string UserAgent { get; set; } = "chunkproxy";

    /// <summary>
    /// Names of response fields for caches such as this one (RFC 9213), separated by commas: the first of them that a response has takes the place of its
    /// <c>Cache-Control</c>. Empty: none does.
    /// </summary>
    public string TargetedCacheControl { get; set; } = "CDN-Cache-Control";

    /// <summary>What a <c>Set-Cookie</c> in the response that opens an object means.</summary>
    public SetCookiePolicy SetCookie { get; set; }

    /// <summary>Longest wait before the next attempt when the origin asks for one with <c>Retry-After</c>.</summary>
    [Between("0", "10 min")]
    public TimeSpan RetryAfterLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Statuses from 300 on whose responses may be remembered, separated by commas: never for longer than <c>ChunkProxy:NotFoundLifetime</c> and than the
    /// response allows.
    /// </summary>
    public string KeptStatuses { get; set; } = "404,410";

    internal IReadOnlyList<string> RequestFieldNames => Names(RequestFields);

    internal IReadOnlyList<string> TargetedFieldNames => Names(TargetedCacheControl);

    /// <summary>The single statuses in <see cref="KeptStatuses"/>; 0 for one that is none.</summary>
    internal int[] KeptStatusList() =>
        [.. Names(KeptStatuses)
            .Select(status => int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];

    /// <summary>The single names in <see cref="RedirectHosts"/>.</summary>
    internal string[] RedirectHostList() => Names(RedirectHosts ?? "");

    /// <summary>The pause before the given attempt; 2 is the first that has one.</summary>
    internal TimeSpan BackoffBefore(int attempt) => Backoff * Math.Pow(2, attempt - 2);

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
