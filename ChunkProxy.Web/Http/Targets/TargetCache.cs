using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Web.Http.Targets;

/// <summary>Caches what recent raw targets name. A hit saves the normalization and a SHA-256.</summary>
internal sealed class TargetCache<T>
    where T : class
{
    private const int LongestKept = 512;

    private readonly DirectMapped<string, T> _named = new();

    public T? Find(string rawTarget) => _named.Find(rawTarget);

    public void Keep(string rawTarget, T named)
    {
        if (rawTarget.Length <= LongestKept)
        {
            _named.Keep(rawTarget, named);
        }
    }
}
