using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Targets;

/// <summary>Finds out which object a raw request target names.</summary>
internal sealed class TargetReader(IOptions<CacheOptions> cache, IOptions<FrontEndOptions> options)
{
    private readonly CacheOptions _cache = cache.Value;
    private readonly int _maxLength = options.Value.MaxTargetLength;
    private readonly ObjectIdCache _known = new();

    /// <summary>Returns the object, or null and why there is none.</summary>
    public ObjectId? Read(string rawTarget, out TargetVerdict verdict)
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

        var id = _cache.ObjectAt(pathAndQuery);
        _known.Keep(rawTarget, id);
        return id;
    }
}
