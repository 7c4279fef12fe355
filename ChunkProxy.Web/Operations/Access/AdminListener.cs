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

    /// <summary>Bounds and marks the connections of a listener.</summary>
    public static void Use(ListenOptions listener)
    {
        BoundConnections(listener);
        MarkConnections(listener);
    }

    public static bool HasAccepted(HttpContext context) => context.Features.Get<AdminListener>() is not null;

    private static void MarkConnections(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(Mark);
        return next(connection);
    });

    // They are not counted with those of clients, so clients cannot keep operators out.
    private static void BoundConnections(ListenOptions listener)
    {
        var slots = new ConnectionSlots(MostConnections);
        listener.Use(next => connection => ClientConnections.ServeAsync(slots, connection, next));
    }
}
