using System.Text.Json;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
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
        Assert.All([0, 1, 2], i => Assert.InRange(ChunksIn(i).Count, 4, 28));
        int[] there = [.. ChunksIn(0), .. ChunksIn(2)];
        Assert.InRange(there.Length, 12, 44);

        // The directory fails while the process runs: a file is in its place.
        Directory.Move(_directories[1], _folder.Combine("away"));
        await File.WriteAllTextAsync(_directories[1], "a disk that fails", Now);
        await VerifyWithoutFetchingAsync(one, film, there);
        await one.Node.WhenStatAsync("disk.waitingBytes", waiting => waiting == 0, Now);

        // And at the start. If the lost directory had the film's record, the response that finds the film brings the first chunk.
        await one.Node.KillAsync();
        there = [.. ChunksIn(0).Concat(ChunksIn(2)).Where(chunk => chunk != 0)];
        await one.StartNodeAsync(Now);
        await VerifyWithoutFetchingAsync(one, film, there);
        var status = await RunAsync(0, "status", "-node", one.Node.Address.ToString());
        Assert.Contains(status, line => line.Contains(_directories[1], StringComparison.Ordinal) && line.Contains("unavailable", StringComparison.Ordinal));
        Assert.Contains(status, line => line.Contains(_directories[0], StringComparison.Ordinal) && line.Contains("healthy", StringComparison.Ordinal));
        using var stats = JsonDocument.Parse(await one.Node.Client.GetStringAsync("_chunkproxy/stats", Now));
        var disk = stats.RootElement.GetProperty("disk");
        Assert.Contains(_directories[1], disk.GetProperty("degradedReason").GetString(), StringComparison.Ordinal);
        Assert.Equal(_directories, disk.GetProperty("directories").EnumerateArray().Select(it => it.GetProperty("directory").GetString()));
    }

    // The others may be fetched more than once: memory does not hold them all.
    private static async Task VerifyWithoutFetchingAsync(OneNode one, ScriptedObject film, int[] there)
    {
        var before = Enumerable.Range(0, Chunks).Select(BytesSent).ToList();
        await one.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        Assert.DoesNotContain(there, chunk => BytesSent(chunk) != before[chunk]);

        long BytesSent(int chunk) => film.BytesSentWithin((long)chunk * OneNode.MiB, (chunk + 1L) * OneNode.MiB);
    }

    // A file's name ends with the index of its chunk.
    private List<int> ChunksIn(int directory) =>
        [.. Directory.EnumerateFiles(_directories[directory], "*.chunk", SearchOption.AllDirectories)
            .Select(file => Convert.ToInt32(Path.GetFileNameWithoutExtension(file)[^16..], 16))];
}
