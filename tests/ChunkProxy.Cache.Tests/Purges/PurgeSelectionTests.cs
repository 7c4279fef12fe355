using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;

namespace ChunkProxy.Cache.Tests.Purges;

public sealed class PurgeSelectionTests
{
    [Theory]
    [InlineData(5, 7)]
    [InlineData(7, 5)]
    [InlineData(7, 7)]
    public void Contains_SeveralPurgesOfOneObject_TheLatestCounts(long first, long second)
    {
        Hash128 film = 1;

        var selection = new PurgeSelection([new Purge(film, first), new Purge(film, second)]);

        Assert.True(selection.Contains(film, 6));
        Assert.False(selection.Contains(film, 7));
        Assert.Single(selection.Objects);
    }
}
