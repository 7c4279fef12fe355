using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskPlacementTests
{
    private const int Chunks = 20_000;

    private static readonly (string, long)[] Three = [("/a", 100), ("/b", 200), ("/c", 500)];

    [Fact]
    public void Rank_ManyChunks_EachDirectoryComesFirstForItsShare()
    {
        var placement = new DiskPlacement(Three);

        var counts = Keys().CountBy(key => OrderOf(placement, key, 3)[0]).ToDictionary();

        Assert.InRange(counts[0], Chunks * 0.115, Chunks * 0.135);
        Assert.InRange(counts[1], Chunks * 0.235, Chunks * 0.265);
        Assert.InRange(counts[2], Chunks * 0.61, Chunks * 0.64);
        Assert.All(Keys().Take(100), key => Assert.Equal([0, 1, 2], OrderOf(placement, key, 3).Order()));
    }

    [Fact]
    public void Rank_DirectoryAdded_OnlyItsShareMovesAndOnlyToIt()
    {
        var (before, after) = (new DiskPlacement(Three), new DiskPlacement([.. Three, ("/d", 200)]));
        var moved = 0;
        foreach (var key in Keys())
        {
            var (old, now) = (OrderOf(before, key, 3), OrderOf(after, key, 4));
            Assert.Equal(old, now.Where(i => i != 3)); // the order of the others stays
            moved += now[0] == 3 ? 1 : 0;
        }

        Assert.InRange(moved, Chunks * 0.185, Chunks * 0.215);
    }

    [Fact]
    public void Rank_DirectoriesInAnotherOrder_IsTheSame()
    {
        var (one, other) = (new DiskPlacement(Three), new DiskPlacement([.. Three.Reverse()]));

        Assert.All(Keys().Take(1000), key => Assert.Equal(OrderOf(one, key, 3), OrderOf(other, key, 3).Select(i => 2 - i)));
    }

    [Fact]
    public void Rank_FirstDirectoryIsAway_ItsChunksDivideByTheBudgetsOfTheOthers()
    {
        var placement = new DiskPlacement(Three);

        var seconds = Keys().Select(key => OrderOf(placement, key, 3)).Where(order => order[0] == 2).CountBy(order => order[1]).ToDictionary();

        Assert.InRange((double)seconds[1] / (seconds[0] + seconds[1]), 0.64, 0.69);
    }

    private static int[] OrderOf(DiskPlacement placement, ChunkKey key, int count)
    {
        var order = new int[count];
        placement.Rank(key, order);
        return order;
    }

    // Chunks of films: few versions with consecutive numbers.
    private static IEnumerable<ChunkKey> Keys() =>
        Enumerable.Range(0, Chunks).Select(i => new ChunkKey(TestChunks.Version($"/film-{i / 1000}", 1000, 1000).Hash, i % 1000));
}
