using System.Net;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Maps raw request targets to objects, and decides who may read them.</summary>
internal sealed class TargetReader(SiteTargets site, AccessGate access, IOptions<FrontEndOptions> options)
{
    private readonly int _maxLength = options.Value.MaxTargetLength;
    private readonly TargetCache<RequestedObject> _known = new();

    /// <inheritdoc cref="AccessGate.Judge"/>
    public AccessVerdict Judge(IPAddress? client, RequestedObject requested) => access.Judge(client, requested);

    /// <summary>Returns the object, or null and the reason as a verdict.</summary>
    public RequestedObject? Read(string rawTarget, out TargetVerdict verdict)
    {
        verdict = TargetVerdict.Accepted;
        if (_known.Find(rawTarget) is { } known)
        {
            return known;
        }

        verdict = RequestTarget.Parse(rawTarget, _maxLength, out var pathAndQuery);
        if (verdict != TargetVerdict.Accepted)
        {
            return null;
        }

        var requested = site.Read(pathAndQuery);
        _known.Keep(rawTarget, requested);
        return requested;
    }
}
