using System.Collections.Concurrent;
using System.Net;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Reads;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Clients;

/// <summary>The limits of each client: connections, requests in progress, and bytes a second; in the process, and in a route. A limit that is off costs nothing.</summary>
internal sealed class ClientLimits
{
    private const int MostIdle = 64 * 1024; // clients of all limits together, of at most 300 bytes each

    private readonly int _maxConnections;
    private readonly ClientRules _ofProcess;
    private readonly TrustedProxies _proxies;
    private readonly Lazy<ClientTable> _clients; // made for the first client with a limit
    private readonly StripedCounter _delayed = new(); // ticks
    private readonly ConcurrentDictionary<string, StripedCounter> _refusedInRoutes = new(); // by route; a name that is gone stays, as a counter must
    private long _refusedRequests;
    private long _refusedConnections;
    private volatile bool _haveRate;

    public ClientLimits(IOptions<ClientOptions> options, TrustedProxies proxies, TimeProvider time)
    {
        _maxConnections = options.Value.MaxConnections;
        _ofProcess = ClientRules.Of("", options.Value);
        _proxies = proxies;
        _clients = new Lazy<ClientTable>(() => new ClientTable(
            MostIdle, key => new LimitedClient(key, key.Rules is { Rate: > 0 } rules ? new ByteBucket(rules.Rate, rules.Burst, time) : null)));
    }

    /// <summary>Whether connections must be passed to <see cref="ServeAsync"/>.</summary>
    public bool LimitConnections => _maxConnections > 0;

    /// <summary>Whether a body can have a rate: a request of a client with a rate has begun.</summary>
    public bool HaveRate => _haveRate;

    /// <summary>Requests that were refused because of the limits of the process.</summary>
    public long RefusedRequests => Interlocked.Read(ref _refusedRequests);

    /// <summary>Requests that were refused because of the limits of a route, by its name.</summary>
    public IEnumerable<KeyValuePair<string, long>> RefusedInRoutes => _refusedInRoutes.Select(static it => KeyValuePair.Create(it.Key, it.Value.Value));

    /// <summary>Connections that were refused.</summary>
    public long RefusedConnections => Interlocked.Read(ref _refusedConnections);

    /// <summary>Time for which responses were held back.</summary>
    public TimeSpan Delayed => TimeSpan.FromTicks(_delayed.Value);

    /// <summary>Begins a request under the limits of the process. <see cref="EndRequest"/> must follow unless the result is null.</summary>
    /// <returns>The client; null if its requests have no limits, or if this one is refused.</returns>
    public LimitedClient? BeginRequest(HttpContext context, out bool isRefused)
    {
        isRefused = false;
        return _ofProcess.LimitRequests ? BeginRequest(context, _ofProcess, out isRefused) : null;
    }

    /// <summary>Begins a request under limits. <see cref="EndRequest"/> must follow unless the result is null.</summary>
    /// <returns>The client; null if the request is refused.</returns>
    public LimitedClient? BeginRequest(HttpContext context, ClientRules rules, out bool isRefused)
    {
        var client = _clients.Value.Enter(new(ClientKey.Of(context.Connection.RemoteIpAddress), rules));
        isRefused = !client.TryBeginRequest();
        if (isRefused)
        {
            CountRefusal(rules.Route);
            _clients.Value.Leave(client);
            return null;
        }

        if (client.Bucket is { } bucket)
        {
            context.Features.Set(new BytePace(bucket, context.Features.Get<BytePace>()));
            _haveRate = true;
        }

        return client;
    }

    public void EndRequest(LimitedClient client)
    {
        client.EndRequest();
        _clients.Value.Leave(client);
    }

    /// <summary>Serves one connection, or ends it if its client has too many.</summary>
    /// <remarks>The connections of a trusted proxy are those of many clients. They are not counted.</remarks>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (_proxies.Contain(address))
        {
            await next(connection);
            return;
        }

        var client = _clients.Value.Enter(new(ClientKey.Of(address), _ofProcess));
        try
        {
            if (!client.TryBeginConnection(_maxConnections))
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
            _clients.Value.Leave(client);
        }
    }

    /// <summary>Records that a response was held back.</summary>
    public void WasDelayed(TimeSpan delay) => _delayed.Add(delay.Ticks);

    private void CountRefusal(string route)
    {
        if (route.Length == 0)
        {
            Interlocked.Increment(ref _refusedRequests);
        }
        else
        {
            _refusedInRoutes.GetOrAdd(route, static _ => new StripedCounter()).Increment();
        }
    }
}
