using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class PromotionAccountTests
{
    private const int KiB = 1024;
    private const int Length = 1024 * KiB;

    private PromotionAccount _account;
    private long _now = 1000;

    [Fact]
    public void Read_SmallRanges_MovesWhenTheyHaveComeToTheChunksLength() => Assert.Equal(16, ReadsUntilMove(64 * KiB, every: 1));

    [Fact]
    public void Read_WholeChunk_MovesWithTheSecondRead() => Assert.Equal(1, ReadsUntilMove(Length, every: 1));

    [Fact]
    public void Read_BackBeforeTheMoveHasPaid_ThePriceDoublesUpToALimit()
    {
        var reads = new List<int>();
        for (var i = 0; i < 9; i++)
        {
            reads.Add(ReadsUntilMove(Length, every: 10));
            _now += 1; // evicted at once
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 64, 64], reads);
    }

    [Fact]
    public void Read_BackLongAfterTheMove_ThePriceHalvesAgain()
    {
        for (var i = 0; i < 4; i++)
        {
            ReadsUntilMove(Length, every: 10);
            _now += 1;
        }

        var reads = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            _now += 100_000;
            reads.Add(ReadsUntilMove(Length, every: 10));
        }

        Assert.Equal([4, 2, 1, 1], reads);
    }

    // Returns the number of reads before the one that moves the chunk to memory.
    private int ReadsUntilMove(int bytes, int every)
    {
        var reads = 0;
        while (!_account.Read(bytes, Length, _now))
        {
            reads++;
            _now += every;
        }

        return reads;
    }
}
