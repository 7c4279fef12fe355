using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Streaming;

/// <summary>Makes the output that works on every connection: plain, TLS, HTTP/2, chunked.</summary>
internal sealed class CopyingBodyOutputFactory(TimeProvider time, IOptions<FrontEndOptions> options) : IBodyOutputFactory
{
    private readonly TimeSpan _timeout = options.Value.WriteTimeout;

    public IBodyOutput Create(HttpContext context) => new CopyingBodyOutput(context, new StalledClientWatch(context, time, _timeout));
}
