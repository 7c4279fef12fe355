using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Web.Tests.Fakes;

/// <summary>Makes leases of chunks that really lie in the memory tier.</summary>
internal sealed class MemoryChunks(int chunkSize) : IDisposable
{
    private readonly MemoryTier _tier = new(MemoryTier.MinimumBudget(chunkSize), chunkSize);

    public ChunkLease Lend(byte[] chunk)
    {
        var buffer = _tier.TryRent(chunk.Length)!;
        chunk.CopyTo(buffer.Memory);
        return new ChunkLease(buffer, ChunkSource.Memory);
    }

    public void Dispose() => _tier.Dispose();
}
