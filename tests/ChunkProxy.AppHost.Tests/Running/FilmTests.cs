using System.Net;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>Films through the whole application, byte for byte, whatever happens to a member meanwhile.</summary>
[Collection(nameof(SharedCluster))]
public sealed class FilmTests(SharedCluster shared)
{
    private const int Length = 3_000_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Film_ReadTwice_ComesByWayOfItsOwnersAndThenFromTheCache()
    {
        var cluster = await shared.GetAsync(Cancelled);
        var before = await cluster.ReadsBySourceAsync(Cancelled);

        var page = await cluster.Client.GetStringAsync("", Cancelled);
        var cold = await cluster.GetRangeAsync(FilmBytes.Path, 70_000_001, Length, Cancelled);
        using var warm = await cluster.SendRangeAsync(FilmBytes.Path, 70_000_001, Length, Cancelled);

        Assert.Contains("<title>ChunkProxy sample films</title>", page, StringComparison.Ordinal);
        Assert.True(FilmBytes.AreThere(70_000_001, cold));
        Assert.Equal(HttpStatusCode.PartialContent, warm.StatusCode);
        Assert.Contains("hit", warm.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.True(FilmBytes.AreThere(70_000_001, await warm.Content.ReadAsByteArrayAsync(Cancelled)));

        // The front end owns nothing: every chunk came by way of a cache service.
        var reads = await cluster.ReadsBySourceAsync(Cancelled);
        Assert.True(reads["peer"] - before["peer"] >= Length / (1024 * 1024), $"{reads["peer"]} reads from peers");
        Assert.Equal(0, reads["origin"]);
    }
}
