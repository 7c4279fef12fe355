using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Marks connections to the separate admin address. A connection feature, which its requests inherit.</summary>
internal sealed class AdminListener
{
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

    public static bool Brought(HttpContext context) => context.Features.Get<AdminListener>() is not null;
}
