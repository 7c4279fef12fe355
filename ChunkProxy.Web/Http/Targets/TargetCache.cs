using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Web.Http.Targets;

/// <summary>Caches what recent raw targets name, by their hosts. A hit saves the normalization and a SHA-256.</summary>
internal sealed class TargetCache<THost, T>
    where THost : class
    where T : class
{
    private const int LongestKept = 512;

    private readonly DirectMapped<(string Target, THost Host), T> _named = new();

    public T? Find(string rawTarget, THost host) => _named.Find((rawTarget, host));

    public void Keep(string rawTarget, THost host, T named)
    {
        if (rawTarget.Length <= LongestKept)
        {
            _named.Keep((rawTarget, host), named);
        }
    }
}
