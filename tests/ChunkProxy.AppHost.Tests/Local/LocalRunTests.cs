using System.Net;
using ChunkProxy.SampleOrigin.Films;

namespace ChunkProxy.AppHost.Tests.Local;

public sealed class LocalRunTests
{
    private const int Length = 3_000_000;

    private static readonly Film Orbit = FilmCatalogue.Load().Single(film => film.Name == "orbit");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_FreshFolder_ServesTheFilmsByRangeAndFromTheCacheNextTime()
    {
        await using var run = await LocalRun.StartAsync(Cancelled);

        var page = await run.Client.GetStringAsync("", Cancelled);
        var cold = await run.GetRangeAsync("films/orbit.webm", 70_000_001, Length, Cancelled);
        using var warm = await run.SendRangeAsync("films/orbit.webm", 70_000_001, Length, Cancelled);

        Assert.Contains("<title>ChunkProxy sample films</title>", page, StringComparison.Ordinal);
        Assert.True(IsFilm(70_000_001, cold));
        Assert.Equal(HttpStatusCode.PartialContent, warm.StatusCode);
        Assert.Contains("hit", warm.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.True(IsFilm(70_000_001, await warm.Content.ReadAsByteArrayAsync(Cancelled)));
    }

    [Fact]
    public async Task Process_Killed_StartsAgainAndServes()
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

    private static bool IsFilm(long from, byte[] bytes)
    {
        var expected = new byte[Length];
        new FilmStream(Orbit) { Position = from }.ReadExactly(expected);
        return expected.AsSpan().SequenceEqual(bytes);
    }
}
