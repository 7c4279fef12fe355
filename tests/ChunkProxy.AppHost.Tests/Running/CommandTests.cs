using System.Text.Json;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>The commands that the dashboard has for an operator.</summary>
[Collection(nameof(SharedCluster))]
public sealed class CommandTests(SharedCluster shared)
{
    private const string Tides = "films/tides.webm";
    private const int Length = 2_000_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Purge_OfAPath_EveryMemberDropsIt()
    {
        var cluster = await shared.GetAsync(Cancelled);
        await cluster.GetRangeAsync(Tides, 0, Length, Cancelled);

        var result = await cluster.ExecuteAsync(Names.Web, "purge", [("path", $"/{Tides}")], Cancelled);

        Assert.True(result.Success, result.Message);
        using var answer = JsonDocument.Parse(result.Data!.Value);
        Assert.True(answer.RootElement.GetProperty("complete").GetBoolean(), result.Data.Value);
        Assert.True(answer.RootElement.GetProperty("members").EnumerateArray().Sum(member => member.GetProperty("chunks").GetInt64()) >= 2, result.Data.Value);
        using var again = await cluster.SendRangeAsync(Tides, 0, Length, Cancelled);
        Assert.Contains("fwd=", again.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_OfNoPath_FailsWithWhatTheFrontEndSays()
    {
        var cluster = await shared.GetAsync(Cancelled);

        var result = await cluster.ExecuteAsync(Names.Web, "purge", [("path", "no path")], Cancelled);

        Assert.False(result.Success);
        Assert.Contains("400", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_OfARange_Begins()
    {
        var cluster = await shared.GetAsync(Cancelled);

        var result = await cluster.ExecuteAsync(Names.Web, "warm", [("path", "/films/aurora.webm"), ("range", "bytes=0-3000000")], Cancelled);

        Assert.True(result.Success, result.Message);
        using var answer = JsonDocument.Parse(result.Data!.Value);
        Assert.Equal("/films/aurora.webm", answer.RootElement.GetProperty("path").GetString());
    }

    [Fact]
    public async Task Drain_OfAMember_ItOwnsNothingUntilItJoinsAgain()
    {
        var cluster = await shared.GetAsync(Cancelled);

        var drained = await cluster.ExecuteAsync("cache-3", "drain", [], Cancelled);
        Assert.True(drained.Success, drained.Message);
        await cluster.WhenMemberAsync("cache-3", state => state == "drained", "is drained", Cancelled);
        var rejoined = await cluster.ExecuteAsync("cache-3", "rejoin", [], Cancelled);

        Assert.True(rejoined.Success, rejoined.Message);
        await cluster.WhenAnsweringAsync("cache-3", Cancelled);
    }
}
