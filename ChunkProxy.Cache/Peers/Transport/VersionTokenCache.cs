using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Caches the versions that members recently asked for. A hit saves parsing the token and two SHA-256 hashes.</summary>
internal sealed class VersionTokenCache(int chunkSize)
{
    private const int LongestKept = 512 + ObjectTags.LongestText;

    private readonly DirectMapped<(string Token, ObjectId Id), ObjectVersion> _versions = new();

    /// <summary>Returns the version named by the token, or null if the token is invalid for this chunk size.</summary>
    public ObjectVersion? Read(string token, ObjectId id)
    {
        if (_versions.Find((token, id)) is { } known) // equal ids may have different targets
        {
            return known.For(id);
        }

        var version = VersionToken.TryRead(token, id, chunkSize);
        if (version is not null && token.Length + id.PathAndQuery.Length <= LongestKept)
        {
            _versions.Keep((token, id.Shared), version.Shared);
        }

        return version;
    }
}
