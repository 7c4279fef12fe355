using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Processes;
using static ChunkProxy.FunctionalTests.Commands.CommandCluster;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary>Commands for a running node, as processes, against a real cluster. No member has left it: purges would be incomplete for a while.</summary>
public sealed class NodeCommandTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, "unknown object /nosuch.mp4", "map", "/nosuch.mp4")]
    [InlineData(1, "requires its admin key", "warm", "/film.mp4")]
    [InlineData(1, "rejects the admin key", "warm", "-adminkey", "some-other-key-of-16-or-more", "/film.mp4")]
    [InlineData(2, "purge needs a path", "purge")]
    [InlineData(2, "-prefix and -tag exclude each other", "purge", "-prefix", "-tag", "/films/")]
    public async Task Command_CannotBeDone_EndsWithOneLineAndItsCode(int exitCode, string says, params string[] command)
    {
        var lines = await RunAsync(exitCode, [.. command, "-node", cluster.Url]);

        Assert.Contains(says, Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_OfAFilm_BringsItOnceAndIsThereForEveryNode()
    {
        var film = cluster.Origin.Add("/warm.mp4", Size);

        var warm = await RunWithKeyAsync(0, "warm", "-node", cluster.Url, "/warm.mp4");

        Assert.Equal("/warm.mp4: done, 40 of 40 chunks, 2.50 MiB of 2.50 MiB", warm[^1]);
        await film.WhenIdleAsync(Now);
        var cost = film.BodyBytesSent;
        Assert.InRange(cost, Size, Size * 1.05);
        Assert.Contains(await RunAsync(0, "map", "-node", cluster.Url, "/warm.mp4"), line => line.StartsWith("100 % cached: 40 of 40", StringComparison.Ordinal));
        foreach (var member in cluster.Members)
        {
            await member.Node.VerifyAsync(film, Now);
        }

        Assert.Equal(cost, film.BodyBytesSent);
    }

    [Fact]
    public async Task Warm_OfAList_BringsEachFilmOnceAndNamesTheMissingOne()
    {
        using var folder = new TemporaryFolder();
        var films = Enumerable.Range(0, 20).Select(i => cluster.Origin.Add($"/list/{i}.mp4", (3 * ChunkSize) + i)).ToList();
        var list = folder.Combine("films");
        await File.WriteAllLinesAsync(list, ["# films", .. films.Select(film => film.Path), "/list/missing.mp4"], Now);
        string[] command = ["warm", "-node", cluster.Url, "-from", list, "-resume", folder.Combine("finished")];

        var warm = await RunWithKeyAsync(1, command);

        Assert.Contains(warm, line => line.StartsWith("20 of 21 objects done, ", StringComparison.Ordinal) && line.EndsWith("; 1 failed", StringComparison.Ordinal));
        Assert.Contains("chunkproxy: /list/missing.mp4: failed: the origin has no such object", warm);
        foreach (var film in films)
        {
            await film.WhenIdleAsync(Now);
        }

        var cost = films.Sum(film => film.BodyBytesSent);
        foreach (var film in films)
        {
            await cluster.Members[1].Node.VerifyAsync(film, Now);
        }

        Assert.Equal(cost, films.Sum(film => film.BodyBytesSent));
        Assert.Contains("0 of 1 object done, 0 B; 1 failed; 20 finished before", await RunWithKeyAsync(1, command));
    }

    [Fact]
    public async Task Purge_OfAFilmThatIsCached_IsGoneFromEveryMember()
    {
        var film = cluster.Origin.Add("/old.mp4", Size);
        await cluster.Members[1].Node.VerifyAsync(film, Now);

        var purge = await RunWithKeyAsync(0, "purge", "-node", cluster.Url, "/old.mp4");

        Assert.Contains("/old.mp4: ", purge[0], StringComparison.Ordinal);
        Assert.EndsWith("removed from every member", purge[0], StringComparison.Ordinal);
        Assert.All(cluster.Members, member => Assert.Contains(purge, line => line.StartsWith(member.Id, StringComparison.Ordinal) && line.Contains("purged", StringComparison.Ordinal)));
        Assert.DoesNotContain(purge, line => line.StartsWith("/old.mp4: 0 chunks", StringComparison.Ordinal));

        var cost = film.BodyBytesSent;
        await cluster.Members[0].Node.VerifyAsync(film, Now);
        Assert.InRange(film.BodyBytesSent - cost, Size, Size * 1.05); // everything was fetched again
    }

    [Fact]
    public async Task Purge_OfATag_IsGoneFromEveryMember()
    {
        var film = cluster.Origin.Add("/tagged.mp4", new ChunkProxy.Testing.Scripted.OriginAnswer { Size = Size }.WithHeader("Surrogate-Key", "all film-1"));
        await cluster.Members[1].Node.VerifyAsync(film, Now);

        var purge = await RunWithKeyAsync(0, "purge", "-node", cluster.Url, "-tag", "Film-1");

        Assert.StartsWith("tag Film-1: ", purge[0], StringComparison.Ordinal);
        Assert.EndsWith("removed from every member", purge[0], StringComparison.Ordinal);
        Assert.DoesNotContain(purge, line => line.StartsWith("tag Film-1: 0 chunks", StringComparison.Ordinal));
        var cost = film.BodyBytesSent;
        await cluster.Members[0].Node.VerifyAsync(film, Now);
        Assert.InRange(film.BodyBytesSent - cost, Size, Size * 1.05); // everything was fetched again
    }

    [Fact]
    public async Task Warm_OfWhatTheOriginHasNot_FailsAndSaysWhy()
    {
        var lines = await RunWithKeyAsync(1, "warm", "-node", cluster.Url, "/nosuch.mp4");

        Assert.Equal("chunkproxy: /nosuch.mp4: failed: the origin has no such object", lines[^1]);
    }
}
