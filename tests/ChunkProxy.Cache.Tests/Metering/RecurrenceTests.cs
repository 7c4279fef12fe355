using ChunkProxy.Cache.Metering;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Metering;

public sealed class RecurrenceTests
{
    [Fact]
    public void Happened_AgainAndAgain_IsSaidAtFirstAndThenOnceAMinute()
    {
        var time = new FakeTimeProvider();
        var recurrence = new Recurrence(time);

        var said = Enumerable.Range(0, 181).Select(_ =>
        {
            var count = recurrence.Happened();
            time.Advance(TimeSpan.FromSeconds(1));
            return count;
        }).ToList();

        Assert.Equal([1, 60, 60, 60], said.Where(count => count > 0));
        Assert.Equal(1, said[0]);
    }
}
