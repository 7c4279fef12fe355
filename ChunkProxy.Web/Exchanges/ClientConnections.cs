using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Bounds the connections of clients, so that the process keeps open files for its own work.</summary>
internal sealed partial class ClientConnections
{
    private readonly Recurrence _refusals;
    private readonly ILogger<ClientConnections> _log;

    public ClientConnections(IOptions<FrontEndOptions> options, OpenFileShares openFiles, TimeProvider time, ILogger<ClientConnections> log)
    {
        Slots = new ConnectionSlots(options.Value.MaxConnections is > 0 and var wanted && wanted < openFiles.Clients ? wanted : openFiles.Clients);
        _refusals = new Recurrence(time);
        _log = log;
    }

    public ConnectionSlots Slots { get; }

    /// <summary>Serves one connection, or ends it if too many are open.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!await ServeAsync(Slots, connection, next) && _refusals.Happened() is > 0 and var count)
        {
            LogRefused(count, Slots.Limit);
        }
    }

    /// <summary>Serves one connection, or ends it if too many are open. Returns false in that case.</summary>
    public static async Task<bool> ServeAsync(ConnectionSlots slots, ConnectionContext connection, ConnectionDelegate next)
    {
        var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        if (slots.TryEnter(() => End(connection, lifetime)) is not { } slot)
        {
            connection.Abort();
            return false;
        }

        connection.Features.Set(slot);
        try
        {
            await next(connection);
        }
        finally
        {
            slots.Leave(slot);
        }

        return true;
    }

    /// <summary>Records that a request begins, if that is needed now. The result's <see cref="ConnectionSlot.End"/> must follow.</summary>
    public ConnectionSlot? Begin(HttpContext context) => Slots.IsCrowded ? context.Features.Get<ConnectionSlot>()?.Begin() : null;

    private static void End(ConnectionContext connection, IConnectionLifetimeNotificationFeature? lifetime)
    {
        if (lifetime is null)
        {
            connection.Abort();
        }
        else
        {
            lifetime.RequestClose();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused {Count} connections of clients since this was last logged: {Limit} are open and busy. Raise the limit of open files (LimitNOFILE, ulimit -n) or FrontEnd:MaxConnections")]
    private partial void LogRefused(int count, int limit);
}
