using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Remembers the versions that members asked for last: a hit saves reading the token and two SHA-256.</summary>
/// <remarks>
/// Direct-mapped, without locks: a slot holds one immutable entry, replaced as a whole, so a reader sees the old entry or the new one.
/// Bounded: at most 1024 entries, and none whose words are long.
/// </remarks>
internal sealed class VersionTokenCache(int chunkSize)
{
    private const int Slots = 1024; // a power of two
    private const int LongestKept = 512;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>Returns the version that the token names, or null if it is none of this chunk size.</summary>
    public ObjectVersion? Read(string token, ObjectId id)
    {
        ref var slot = ref _entries[HashCode.Combine(token, id.PathAndQuery) & (Slots - 1)];
        if (Volatile.Read(ref slot) is { } entry && entry.Token == token && entry.Version.Id.Equals(id))
        {
            return entry.Version;
        }

        var version = VersionToken.TryRead(token, id, chunkSize);
        if (version is not null && token.Length + id.PathAndQuery.Length <= LongestKept)
        {
            Volatile.Write(ref slot, new Entry(token, version));
        }

        return version;
    }

    private sealed record Entry(string Token, ObjectVersion Version);
}
