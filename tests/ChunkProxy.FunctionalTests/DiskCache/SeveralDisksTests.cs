using System.Text.Json;
using ChunkProxy.Testing.Processes;
using static ChunkProxy.FunctionalTests.Commands.CommandCluster;

namespace ChunkProxy.FunctionalTests.DiskCache;

/// <summary>A real process with three directories, of which one is lost.</summary>
public sealed class SeveralDisksTests : IDisposable
{
    private const int Chunks = 48;

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _directories;

    public SeveralDisksTests() => _directories = [_folder.Combine("a"), _folder.Combine("b"), _folder.Combine("c")];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OneDirectoryIsLost_ItsPartIsFetchedAgainAndTheRestIsServedFromDisk()
    {
        // Memory holds a part of the film only.
        await using var one = await OneNode.StartAsync($"-dir {string.Join(',', _directories)} -size-c 1MiB -size-m 16MiB -size-d 300MiB", Now);
        var film = one.Origin.Add("/film.mp4", Chunks * OneNode.MiB);
        await one.VerifyAsync(film, Now);
        await one.Node.WhenStatAsync("disk.waitingBytes", waiting => waiting == 0, Now);
        var lost = FilesIn(1);
        Assert.All([0, 1, 2], i => Assert.InRange(FilesIn(i), 4, 28));
        lost += Chunks - (FilesIn(0) + lost + FilesIn(2)); // on a busy machine some leave the small memory before they are written
        Assert.InRange(lost, 4, 36);

        // The directory fails while the process runs: a file is in its place.
        Directory.Move(_directories[1], _folder.Combine("away"));
        await File.WriteAllTextAsync(_directories[1], "a disk that fails", Now);
        var before = film.BodyBytesSent;
        await one.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        Assert.InRange(film.BodyBytesSent - before, 0, (lost + 1) * OneNode.MiB);
        await one.Node.WhenStatAsync("disk.waitingBytes", waiting => waiting == 0, Now);

        // And at the start.
        await one.Node.KillAsync();
        await one.StartNodeAsync(Now);
        before = film.BodyBytesSent;
        await one.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        Assert.InRange(film.BodyBytesSent - before, 0, (lost + 1) * OneNode.MiB); // those that were in memory were not written again
        var status = await RunAsync(0, "status", "-node", one.Node.Address.ToString());
        Assert.Contains(status, line => line.Contains(_directories[1], StringComparison.Ordinal) && line.Contains("unavailable", StringComparison.Ordinal));
        Assert.Contains(status, line => line.Contains(_directories[0], StringComparison.Ordinal) && line.Contains("healthy", StringComparison.Ordinal));
        using var stats = JsonDocument.Parse(await one.Node.Client.GetStringAsync("_chunkproxy/stats", Now));
        var disk = stats.RootElement.GetProperty("disk");
        Assert.Contains(_directories[1], disk.GetProperty("degradedReason").GetString(), StringComparison.Ordinal);
        Assert.Equal(_directories, disk.GetProperty("directories").EnumerateArray().Select(it => it.GetProperty("directory").GetString()));
    }

    private int FilesIn(int directory) => Directory.EnumerateFiles(_directories[directory], "*.chunk", SearchOption.AllDirectories).Count();
}
