using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

public sealed class PagesAheadTests
{
    private const int MiB = 1024 * 1024;

    public PagesAheadTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(5, 14), "The system does not know MADV_POPULATE_WRITE.");

    [Fact]
    public void Add_FirstChunk_WhatTheNextOnesWillUseIsResident()
    {
        using var tier = new MemoryTier(64 * MiB, MiB);
        var first = Add(tier, number: 0);

        Assert.True(SpinWait.SpinUntil(() => ResidentBytes(first, 2 * MiB, 6 * MiB) == 6 * MiB, TimeSpan.FromSeconds(60)));
        Assert.Equal(0, ResidentBytes(first, 2 * PagesAhead.Distance, 40 * MiB));
    }

    [Fact]
    public void Add_ManyChunks_StaysAheadOfThemToTheEndOfTheBudget()
    {
        using var tier = new MemoryTier(32 * MiB, MiB);
        var first = Add(tier, number: 0);
        for (var number = 1; number < 31; number++)
        {
            Add(tier, number);
        }

        Assert.True(SpinWait.SpinUntil(() => ResidentBytes(first, 0, 32 * MiB) == 32 * MiB, TimeSpan.FromSeconds(60)));
        for (var number = 0; number < 31; number++)
        {
            Assert.Equal(-1, Stamp.FirstWrong(tier.TryGet(Key(number))!, Key(number)));
        }
    }

    [Fact]
    public void TryRent_NothingWasEverKept_NothingIsResidentForNobody()
    {
        using var tier = new MemoryTier(64 * MiB, MiB);
        var first = tier.TryRent(MiB)!;
        first.Memory.Span[0] = 1;

        Assert.Equal(0, ResidentBytes(first, 2 * MiB, 60 * MiB));
    }

    [Fact]
    public void TryMakeResident_TheRangeIsGone_False()
    {
        var memory = new SlabMemory(4 * MiB);
        Assert.True(memory.TryMakeResident(2 * MiB, 2 * MiB));
        memory.Dispose();
        Assert.False(memory.TryMakeResident(0, 2 * MiB));
    }

    private static ChunkBuffer Add(MemoryTier tier, int number)
    {
        var buffer = tier.TryRent(MiB)!;
        Stamp.Write(buffer, Key(number));
        tier.Add(Key(number), buffer);
        return buffer; // its reference prevents eviction
    }

    private static ChunkKey Key(int number) => new(1, number);

    /// <param name="first">The buffer at the slab's start.</param>
    /// <param name="offset">Bytes from the slab's start, a multiple of the page size.</param>
    private static unsafe int ResidentBytes(ChunkBuffer first, long offset, int length)
    {
        fixed (byte* start = first.Memory.Span)
        {
            return ResidentPages.BytesIn((nint)(start + offset), length);
        }
    }
}
