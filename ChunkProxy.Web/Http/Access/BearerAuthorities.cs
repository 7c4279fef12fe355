using System.Collections.Concurrent;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The authorities that the settings have named since the start. Routes of one authority share its keys, also after a reload.</summary>
internal sealed class BearerAuthorities(TimeProvider time, ILogger<BearerAuthority> log) : IDisposable
{
    private const int LongestAnswer = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Uri, BearerAuthority> _all = new();
    private readonly Lazy<HttpClient> _http = new(static () => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, PooledConnectionLifetime = TimeSpan.FromMinutes(15) })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = LongestAnswer,
    });

    public BearerAuthority Of(Uri url) => _all.GetOrAdd(url, it => new BearerAuthority(it, _http.Value, time, log));

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }
}
