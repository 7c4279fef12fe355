using System.Net;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.DiskCache;

/// <summary>The disk tier of a real process: kills, damage, budget.</summary>
public sealed class DiskCacheTests(RestartedNode restarted) : IClassFixture<RestartedNode>
{
    private const int Size = 16 * OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_StartedAgain_ServesFromDisk()
    {
        var (film, _, before) = restarted.Sound;

        await restarted.One.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);

        // The look-up asks the origin for the version, whose response may include the first chunk.
        Assert.InRange(film.BodyBytesSent - before, 0, OneNode.MiB);
    }

    [Fact]
    public async Task Killed_InTheMiddleOfAWrite_StartsAgainAndServesRightBytes()
    {
        await using var one = await OneNode.StartAsync("-size-c 1MiB", Now);
        using var cache = new FolderWatch(one.CacheFolder);
        var film = one.Origin.Add("/film.mp4", Size);
        for (var round = 0; round < 2; round++) // over an empty folder, and over one with the rest of a write
        {
            var reading = one.VerifyAsync(film, Now);
            await cache.UntilAsync(it => it.Bytes > round * 3 * OneNode.MiB, "some chunks are on disk", Now);
            await one.Node.KillAsync();
            await Record.ExceptionAsync(() => reading); // it broke, or was through already
            await one.StartNodeAsync(Now);
        }

        await one.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task EveryFileDamaged_NoDamagedByteIsServed()
    {
        var (film, damaged, before) = restarted.FlippedAnywhere;

        await restarted.One.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);

        Assert.True(damaged.Count >= film.Answer.Size / OneNode.MiB, $"{damaged.Count} files were damaged");
        Assert.True(film.BodyBytesSent - before >= damaged.Count, $"the origin gave {film.BodyBytesSent - before} bytes anew");
    }

    [Theory]
    [InlineData(0)] // the header's first byte
    [InlineData(200)] // somewhere in or near the header
    [InlineData(600_000)] // the middle of the chunk
    [InlineData(-1)] // the last byte
    public Task EveryFileDamagedAtOnePlace_NoDamagedByteIsServed(int place) => restarted.One.VerifyAsync(restarted.Flipped[place].Film, Now);

    [Fact]
    public Task FilesTruncatedEmptiedOrForeign_NoWrongByteIsServed() => restarted.One.VerifyAsync(restarted.Torn.Film, Now);

    [Fact]
    public async Task MoreReadThanTheBudget_FolderNeverHoldsMore()
    {
        await using var one = await OneNode.StartAsync("-size-c 256KiB -size-d 16 -size-m 8", Now);
        using var cache = new FolderWatch(one.CacheFolder);
        for (var seed = 1; seed <= 4; seed++)
        {
            await one.VerifyAsync(one.Origin.Add($"/film{seed}.mp4", 13 * OneNode.MiB, seed), Now);
        }

        await cache.UntilAsync(it => it.MostBytes > 8 * OneNode.MiB, "the disk tier has been used", Now);
        Assert.InRange(cache.MostBytes, 8 * OneNode.MiB, 16 * OneNode.MiB);
    }

    [Fact]
    public async Task OriginAway_WhatIsCachedIsServed()
    {
        var one = restarted.One;
        var film = one.Origin.Add(SharedNodes.FreshPath(), Size);
        var other = one.Origin.Add(SharedNodes.FreshPath(), Size);
        await one.VerifyAsync(film, Now);

        await one.Origin.RefuseAsync();
        try
        {
            await one.VerifyAsync(film, Now);
            using var refused = await one.Node.GetAsync(other.Path, Now);
            Assert.Contains(refused.StatusCode, new[] { HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable }); // 503 once the origin counts as down
        }
        finally
        {
            one.Origin.Listen();
        }

        await one.Node.WhenLineAsync(line => line.Contains("Origin available again", StringComparison.Ordinal), "the end of the outage", Now);
        await one.VerifyAsync(other, Now);
    }
}
