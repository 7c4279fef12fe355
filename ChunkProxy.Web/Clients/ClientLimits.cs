using System.Net;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Reads;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Clients;

/// <summary>The limits of each client: connections, requests in progress, and bytes a second. A limit that is off costs nothing.</summary>
internal sealed class ClientLimits
{
    private const int MostIdle = 64 * 1024; // clients, of at most 300 bytes each

    private readonly ClientOptions _options;
    private readonly TrustedProxies _proxies;
    private readonly ClientTable? _clients;
    private readonly StripedCounter _delayed = new(); // ticks
    private long _refusedRequests;
    private long _refusedConnections;

    public ClientLimits(IOptions<ClientOptions> options, TrustedProxies proxies, TimeProvider time)
    {
        _options = options.Value;
        _proxies = proxies;
        if (LimitConnections || LimitRequests || LimitRate)
        {
            _clients = new ClientTable(
                MostIdle, key => new LimitedClient(key, LimitRate ? new ByteBucket(_options.Rate, _options.Burst, time) : null));
        }
    }

    /// <summary>Whether connections must be passed to <see cref="ServeAsync"/>.</summary>
    public bool LimitConnections => _options.MaxConnections > 0;

    /// <summary>Whether bodies have a rate.</summary>
    public bool LimitRate => _options.Rate > 0;

    /// <summary>Requests that were refused.</summary>
    public long RefusedRequests => Interlocked.Read(ref _refusedRequests);

    /// <summary>Connections that were refused.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refusedConnections);

    /// <summary>Time for which responses were held back.</summary>
    public TimeSpan Delayed => TimeSpan.FromTicks(_delayed.Value);

    private bool LimitRequests => _options.MaxRequests > 0;

    /// <summary>Begins a request. <see cref="EndRequest"/> must follow unless the result is null.</summary>
    /// <returns>The client; null if its requests have no limits, or if this one is refused.</returns>
    public LimitedClient? BeginRequest(HttpContext context, out bool isRefused)
    {
        isRefused = false;
        if (_clients is null || !(LimitRequests || LimitRate))
        {
            return null;
        }

        var client = _clients.Enter(ClientKey.Of(context.Connection.RemoteIpAddress));
        if (!client.TryBeginRequest(LimitRequests ? _options.MaxRequests : int.MaxValue))
        {
            isRefused = true;
            Interlocked.Increment(ref _refusedRequests);
            _clients.Leave(client);
            return null;
        }

        context.Features.Set(client);
        return client;
    }

    public void EndRequest(LimitedClient client)
    {
        client.EndRequest();
        _clients!.Leave(client);
    }

    /// <summary>Serves one connection, or ends it if its client has too many.</summary>
    /// <remarks>The connections of a trusted proxy are those of many clients. They are not counted.</remarks>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (_clients is null || _proxies.Contain(address))
        {
            await next(connection);
            return;
        }

        var client = _clients.Enter(ClientKey.Of(address));
        try
        {
            if (!client.TryBeginConnection(_options.MaxConnections))
            {
                Interlocked.Increment(ref _refusedConnections);
                connection.Abort();
                return;
            }

            try
            {
                await next(connection);
            }
            finally
            {
                client.EndConnection();
            }
        }
        finally
        {
            _clients.Leave(client);
        }
    }

    /// <summary>Records that a response was held back.</summary>
    public void WasDelayed(TimeSpan delay) => _delayed.Add(delay.Ticks);
}
