using System.Net;
using ChunkProxy.SampleOrigin.Films;

namespace ChunkProxy.AppHost.Tests.Local;

public sealed class LocalRunTests
{
    private const int Length = 3_000_000;

    private static readonly Film Orbit = FilmCatalogue.Load().Single(film => film.Name == "orbit");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_FreshFolder_ServesTheFilmsThroughTheirOwners()
    {
        await using var run = await LocalRun.StartAsync(Cancelled, LocalRun.PatientWithMembers);
        await run.WhenMembersAsync(3, Cancelled);

        var page = await run.Client.GetStringAsync("", Cancelled);
        var cold = await run.GetRangeAsync("films/orbit.webm", 70_000_001, Length, Cancelled);
        using var warm = await run.SendRangeAsync("films/orbit.webm", 70_000_001, Length, Cancelled);

        Assert.Contains("<title>ChunkProxy sample films</title>", page, StringComparison.Ordinal);
        Assert.True(IsFilm(70_000_001, cold));
        Assert.Equal(HttpStatusCode.PartialContent, warm.StatusCode);
        Assert.Contains("hit", warm.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.True(IsFilm(70_000_001, await warm.Content.ReadAsByteArrayAsync(Cancelled)));

        // The front end owns nothing: every chunk came by way of a cache service.
        var reads = await run.ReadsBySourceAsync(Cancelled);
        Assert.True(reads["peer"] >= Length / (1024 * 1024), $"{reads["peer"]} reads from peers");
        Assert.Equal(0, reads["origin"]);
    }

    [Fact]
    public async Task Links_OfTheFrontEnd_LeadSomewhere()
    {
        await using var run = await LocalRun.StartAsync(Cancelled, environment: null, "--Cluster:Nodes", "0");

        var links = run.Links().Where(link => link.Name == Topology.Web).ToArray();
        Assert.Equal(2, links.Length);
        foreach (var (_, url) in links)
        {
            using var response = await run.Client.GetAsync(url, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Start_FreshFolder_ActionsTakeTheKeyThatTheRunnerNames()
    {
        await using var run = await LocalRun.StartAsync(Cancelled, environment: null, "--Cluster:Nodes", "0");
        var file = run.Lines.First(line => line.Contains("status;", StringComparison.Ordinal)).Split(" is in ")[1];

        using var stranger = await run.Client.GetAsync($"{Topology.ReservedPath}/key", Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Topology.ReservedPath}/key");
        request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(file, Cancelled)).Trim());
        using var operatorsAnswer = await run.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, operatorsAnswer.StatusCode);
    }

    [Fact]
    public async Task Start_WithoutEtcd_ServesTheFilmsThroughListedOwners()
    {
        await using var run = await LocalRun.StartAsync(Cancelled, environment: null, "--Etcd:Enabled", "false", "--Cluster:Nodes", "2");

        Assert.True(IsFilm(1, await run.GetRangeAsync("films/orbit.webm", 1, Length, Cancelled)));
        Assert.True((await run.ReadsBySourceAsync(Cancelled))["peer"] > 0);
        Assert.Empty(run.ProcessesOf(Topology.Etcd));
    }

    [Fact]
    public async Task Start_NoCacheNodes_ServesTheFilmsFromAFrontEndThatStandsAlone()
    {
        await using var run = await LocalRun.StartAsync(Cancelled, environment: null, "--Cluster:Nodes", "0");

        Assert.True(IsFilm(1, await run.GetRangeAsync("films/orbit.webm", 1, Length, Cancelled)));
        Assert.Equal(2, run.AllProcesses().Length); // with the sample origin
    }

    [Fact]
    public async Task CacheService_KilledWhileAFilmIsRead_ItComesBackAndNoByteIsLost()
    {
        await using var run = await LocalRun.StartAsync(Cancelled);
        await run.WhenMembersAsync(3, Cancelled);
        using var response = await run.Client.GetAsync("films/orbit.webm", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);

        // Every member owns some of what follows: none of 143 chunks by chance has the probability (2/3)^143.
        Assert.True(IsFilm(0, await ReadAsync(body)));
        await run.KillAndAwaitNextAsync("cache-2", Cancelled);
        for (long at = Length; at < 20 * Length; at += Length)
        {
            Assert.True(IsFilm(at, await ReadAsync(body)));
        }
    }

    [Fact]
    public async Task FrontEnd_Killed_StartsAgainAndServes()
    {
        await using var run = await LocalRun.StartAsync(Cancelled);

        await run.KillAndAwaitNextAsync(Topology.Web, Cancelled);
        var bytes = await run.GetRangeAsync("films/orbit.webm", 1, Length, Cancelled);

        Assert.True(IsFilm(1, bytes));
    }

    [Fact]
    public async Task Terminate_WhileRunning_EndsWithZeroAndLeavesNothing()
    {
        await using var run = await LocalRun.StartAsync(Cancelled);
        var processes = run.AllProcesses();

        var exitCode = await run.StopAsync(Cancelled);

        Assert.Equal(0, exitCode);
        Assert.Equal("All ended.", run.Lines[^1].Split("| ")[1]);
        foreach (var process in processes)
        {
            Assert.False(Directory.Exists($"/proc/{process}"));
        }
    }

    [Fact]
    public async Task Kill_WhileRunning_LeavesNothing()
    {
        await using var run = await LocalRun.StartAsync(Cancelled);

        LocalRun.Kill(run.Id);

        foreach (var process in run.AllProcesses())
        {
            await LocalRun.WhenGoneAsync(process);
        }
    }

    [Fact]
    public async Task Start_WrongTopology_SaysWhichSettingAndEndsWithOne()
    {
        await using var run = LocalRun.Launch(environment: null, "--Cluster:Nodes", "1000");

        Assert.Equal(1, await run.WhenExitedAsync(Cancelled));
        Assert.Contains(run.Lines, line => line.Contains("Cluster:Nodes takes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ProcessNeverReady_EndsEverythingWithOne()
    {
        await using var run = LocalRun.Launch(environment: null, "--Sizes:Chunk", "1GiB"); // past what a chunk may be

        Assert.Equal(1, await run.WhenExitedAsync(Cancelled));
        Assert.Contains(run.Lines, line => line.Contains("before it was ready", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.Contains("ChunkSize", StringComparison.Ordinal) || line.Contains("-size-c", StringComparison.Ordinal));
    }

    private static async Task<byte[]> ReadAsync(Stream body)
    {
        var bytes = new byte[Length];
        await body.ReadExactlyAsync(bytes, Cancelled);
        return bytes;
    }

    private static bool IsFilm(long from, byte[] bytes)
    {
        var expected = new byte[Length];
        new FilmStream(Orbit) { Position = from }.ReadExactly(expected);
        return expected.AsSpan().SequenceEqual(bytes);
    }
}
