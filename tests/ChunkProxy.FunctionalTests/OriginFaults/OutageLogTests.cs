using System.Net;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>Log messages when the origin fails and recovers.</summary>
public sealed class OutageLogTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outage_ManyReadsFail_IsSaidOnceWithWhatToDoAndItsEndOnce()
    {
        await using var one = await OneNode.StartAsync("-size-d 0", Now, ("Origin:Backoff", "00:00:00.001"));
        one.Origin.Add("/film.mp4", OneNode.MiB);
        await one.Origin.RefuseAsync();
        for (var i = 0; i < 5; i++)
        {
            using var failed = await one.Node.GetAsync($"/film{i}.mp4", Now);
            Assert.Contains(failed.StatusCode, new[] { HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable }); // 503 once the origin counts as down
        }

        one.Origin.Listen();
        await one.Node.WhenLineAsync(line => line.Contains("Origin available again", StringComparison.Ordinal), "the end of the outage", Now);
        using var answer = await one.Node.GetAsync("/film.mp4", Now);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(one.Node.Output.Split('\n'), line => line.Contains("Origin unavailable (no connection to the origin)", StringComparison.Ordinal));
    }
}
