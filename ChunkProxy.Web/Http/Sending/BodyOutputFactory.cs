using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Lends memory to connections that support it, and copies on all others: TLS, HTTP/2, HTTP/1.0, bodies of unknown length.</summary>
internal sealed class BodyOutputFactory(TimeProvider time, IOptions<FrontEndOptions> options, PendingSends pending) : IBodyOutputFactory
{
    private readonly TimeSpan _timeout = options.Value.WriteTimeout;

    public IBodyOutput Create(HttpContext context) => LendingOutput.Of(context) is { } connection
        ? new LendingBodyOutput(context, connection, pending, time, _timeout)
        : new CopyingBodyOutput(context, pending, new StalledClientWatch(context, time, _timeout));
}
