using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Web.Exchanges;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Marks connections to the separate admin address. A connection feature, which its requests inherit.</summary>
internal sealed class AdminListener
{
    private const int MostConnections = 64;

    private static readonly AdminListener Mark = new();

    private AdminListener()
    {
    }

    /// <summary>Marks all connections of a listener.</summary>
    public static void MarkConnections(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(Mark);
        return next(connection);
    });

    /// <summary>Bounds the connections of a listener. They are not counted with those of clients, so clients cannot keep operators out.</summary>
    public static void BoundConnections(ListenOptions listener)
    {
        var slots = new ConnectionSlots(MostConnections);
        listener.Use(next => connection => ClientConnections.ServeAsync(slots, connection, next));
    }

    public static bool Brought(HttpContext context) => context.Features.Get<AdminListener>() is not null;
}
