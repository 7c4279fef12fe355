using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Lends memory to connections that support it, and copies on all others: TLS, HTTP/2, HTTP/1.0, bodies of unknown length.</summary>
/// <remarks>All bodies of objects go through here: cached, compressed, and passed through. So here the rate of a client begins to count.</remarks>
internal sealed class BodyOutputFactory(TimeProvider time, IOptions<FrontEndOptions> options, PendingSends pending, ClientLimits limits) : IBodyOutputFactory
{
    private readonly TimeSpan _timeout = options.Value.WriteTimeout;

    public IBodyOutput Create(HttpContext context)
    {
        IBodyOutput output = LendingOutput.Of(context) is { } connection
            ? new LendingBodyOutput(context, connection, pending, time, _timeout)
            : new CopyingBodyOutput(context, pending, new StalledClientWatch(context, time, _timeout));
        return limits.HaveRate && context.Features.Get<BytePace>() is { } pace
            ? new ShapedBodyOutput(context, output, pace, limits, pending, time)
            : output;
    }
}
