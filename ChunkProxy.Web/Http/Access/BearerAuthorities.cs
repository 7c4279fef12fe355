using System.Collections.Concurrent;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The authorities that the settings have named since the start. Routes of one authority share its keys, also after a reload.</summary>
internal sealed class BearerAuthorities(TimeProvider time, ILogger<BearerAuthority> log) : IDisposable
{
    private const int LongestAnswer = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Uri, BearerAuthority> _all = new();
    private HttpClient? _http; // made for the first authority: without one the process does not load the library
    private object? _gate; // of _http

    public BearerAuthority Of(Uri url) =>
        _all.GetOrAdd(url, it => new BearerAuthority(it, LazyInitializer.EnsureInitialized(ref _http, ref _gate, CreateClient), time, log));

    public void Dispose() => _http?.Dispose();

    private static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, PooledConnectionLifetime = TimeSpan.FromMinutes(15) })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = LongestAnswer,
        };
}
