using ChunkProxy.Cache.Purges.Exchange;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

public sealed class PurgePositionTests
{
    [Fact]
    public void Deleted_AllThatWasReceived_IsThePositionItself()
    {
        var position = new PurgePosition("x.3").Received("x.3", 7);

        Assert.Null(position.Deleted(6).Erased);
        Assert.Equal("x.3", position.Deleted(7).Erased);
    }

    [Fact]
    public void Received_FasterThanFilesAreDeleted_EachIsAcknowledgedOrALaterOne()
    {
        var (position, acknowledged) = (new PurgePosition("0"), 0);
        for (var received = 1; received <= 100; received++)
        {
            var deleted = received - 10; // always far behind
            position = position.Deleted(deleted).Received($"{received}", received);
            var erased = int.Parse(position.Erased ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(erased, acknowledged, Math.Max(0, deleted));
            acknowledged = erased;
        }

        Assert.InRange(acknowledged, 70, 90);
        Assert.Equal("100", position.Deleted(100).Received("100", 100).Deleted(100).Erased);
    }
}
