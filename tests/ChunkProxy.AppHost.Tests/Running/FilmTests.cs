using System.Net;
using Aspire.Hosting.ApplicationModel;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>Films through the whole application, byte for byte, even if a member fails.</summary>
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

        // The front end owns nothing, so every chunk came through a cache service.
        var reads = await cluster.ReadsBySourceAsync(Cancelled);
        Assert.True(RunningCluster.FromPeers(reads) - RunningCluster.FromPeers(before) >= Length / (1024 * 1024), $"{RunningCluster.FromPeers(reads)} reads from peers");
    }

    [Fact]
    public async Task Member_KilledAndThenStartedWhileAFilmIsRead_NoByteIsLostAndItIsAMemberAgain()
    {
        var cluster = await shared.GetAsync(Cancelled);
        await using var film = await OpenFilm.StartAsync(cluster, Cancelled);

        foreach (var process in ProcessTree.Of(cluster.ProcessOf("cache-2")))
        {
            PosixSignal.Send(process, PosixSignal.Kill);
        }

        await film.ReadAsync(30 * Length, Cancelled); // none of so many chunks at one of three members by chance has the probability (2/3)^85
        await cluster.WhenStateAsync("cache-2", KnownResourceStates.TerminalStates, Cancelled);
        await cluster.ExecuteAsync("cache-2", KnownResourceCommands.StartCommand, Cancelled);
        await cluster.WhenAnsweringAsync("cache-2", Cancelled);
    }

    [Fact]
    public async Task Member_StoppedAndStartedFromTheDashboardWhileAFilmIsRead_NoByteIsLostAndItIsAMemberAgain()
    {
        var cluster = await shared.GetAsync(Cancelled);
        await using var film = await OpenFilm.StartAsync(cluster, Cancelled);

        var stop = cluster.ExecuteAsync("cache-1", KnownResourceCommands.StopCommand, Cancelled);
        await film.ReadAsync(30 * Length, Cancelled);
        await stop;
        await cluster.WhenStateAsync("cache-1", KnownResourceStates.TerminalStates, Cancelled);
        await cluster.ExecuteAsync("cache-1", KnownResourceCommands.StartCommand, Cancelled);
        await cluster.WhenAnsweringAsync("cache-1", Cancelled);
        await film.ReadAsync(Length, Cancelled);
    }
}
