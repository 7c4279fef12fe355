using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Web.Http.Targets;

/// <summary>Caches the objects of recent raw targets. A hit saves the normalization and a SHA-256.</summary>
internal sealed class ObjectIdCache
{
    private const int LongestKept = 512;

    private readonly DirectMapped<string, ObjectId> _ids = new();

    public ObjectId? Find(string rawTarget) => _ids.Find(rawTarget);

    public void Keep(string rawTarget, ObjectId id)
    {
        if (rawTarget.Length <= LongestKept)
        {
            _ids.Keep(rawTarget, id);
        }
    }
}
