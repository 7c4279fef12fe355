using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Sends the bodies of objects: cached, compressed, and passed through. All go through here, so here the rate of a client begins to count.</summary>
internal sealed class BodyOutputFactory(
    BodyOutputs outputs, PendingSends sends, ClientLimits limits, TimeProvider time, IOptions<FrontEndOptions> options) : IBodyOutputFactory
{
    private readonly TimeSpan _timeout = options.Value.WriteTimeout;

    public IBodyOutput Create(HttpContext context)
    {
        var output = outputs.Create(context, _timeout);
        return limits.HaveRate && context.Features.Get<BytePace>() is { } pace
            ? new ShapedBodyOutput(context, output, pace, limits, sends, time)
            : output;
    }
}
