using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

/// <summary>What tests do with a memory tier: chunks are put, with a stamp that names them, and found again.</summary>
internal static class TierUse
{
    public static ChunkKey Key(long number) => new(7, number);

    public static void Put(MemoryTier tier, ChunkKey key, int length, bool stamp = true)
    {
        using var rented = new Held(tier.TryRent(length)!);
        if (stamp)
        {
            Stamp.Write(rented.Buffer, key);
        }

        tier.Add(key, rented.Buffer);
    }

    public static void AssertHit(MemoryTier tier, ChunkKey key)
    {
        using var found = new Held(tier.TryGet(key)!);
        Assert.Equal(-1, Stamp.FirstWrong(found.Buffer, key));
    }

    internal readonly struct Held(ChunkBuffer buffer) : IDisposable
    {
        public ChunkBuffer Buffer { get; } = buffer;

        public void Dispose() => Buffer.Release();
    }
}
