using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Makes leases of chunks that really lie in the memory tier, and stay there.</summary>
internal sealed class MemoryChunks(int chunkSize, long? budget = null) : IDisposable
{
    private readonly Lock _renting = new(); // Overwrite takes all memory for a moment
    private readonly MemoryTier _tier = new(budget ?? MemoryTier.MinimumBudget(chunkSize), chunkSize);

    public ChunkLease Lend(FakeObject from, long index)
    {
        var key = new ChunkKey(from.Version.Hash, index);
        if (_tier.TryGet(key) is { } cached)
        {
            return new ChunkLease(cached, ChunkSource.Memory);
        }

        var chunk = from.ChunkBytes(index);
        lock (_renting)
        {
            var buffer = _tier.TryRent(chunk.Length)!;
            chunk.CopyTo(buffer.Memory);
            _tier.Add(key, buffer);
            return new ChunkLease(buffer, ChunkSource.Memory);
        }
    }

    /// <summary>Returns the chunk's bytes as they lie in memory now.</summary>
    public byte[]? Find(ChunkKey key)
    {
        if (_tier.TryGet(key) is not { } cached)
        {
            return null;
        }

        var bytes = cached.Memory.ToArray();
        cached.Release();
        return bytes;
    }

    /// <summary>Forgets the chunk, as an eviction does.</summary>
    public void Evict(ChunkKey key) => Assert.True(_tier.Remove(key));

    /// <summary>Overwrites all unused memory with other bytes.</summary>
    public void Overwrite()
    {
        lock (_renting)
        {
            var rented = new List<ChunkBuffer>();
            while (_tier.TryRent(chunkSize) is { } buffer)
            {
                buffer.Memory.Span.Fill(0xEE);
                rented.Add(buffer);
            }

            rented.ForEach(buffer => buffer.Release());
        }
    }

    public void Dispose() => _tier.Dispose();
}
