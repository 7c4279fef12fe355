using System.Diagnostics;
using ChunkProxy.Cache.Chunks;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>A file system that is really full: a small tmpfs, which only root can mount.</summary>
public sealed class FullDiskTests : IAsyncDisposable
{
    private const int ChunkSize = 256 * 1024;
    private const int FileSystemSize = 4 * 1024 * 1024;

    private readonly string _mount = Directory.CreateTempSubdirectory("chunkproxy-full-").FullName;
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 100L * ChunkSize, ChunkSize);
    private bool _isMounted;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await RunAsync("umount", "-l", _mount);
        }

        Directory.Delete(_mount);
    }

    [Fact]
    public async Task Store_DiskFullOfOthersFiles_ChunksThereAreServedAndWritesGoOnWhenThereIsSpace()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "Mounting a tmpfs takes root.");
        _isMounted = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={FileSystemSize}", "tmpfs", _mount) == 0;
        Assert.SkipUnless(_isMounted, "This system does not let us mount a tmpfs.");
        await using var directory = new TierDirectory(Path.Combine(_mount, "cache"));
        await directory.StartAndScanAsync();
        await directory.StoreAsync(_film.Chunk(0));
        var filler = Path.Combine(_mount, "filler");
        await File.WriteAllBytesAsync(filler, new byte[FileSystemSize - (5 * ChunkSize / 2)], Cancel);

        await directory.StoreAsync(Enumerable.Range(1, 10).Select(i => _film.Chunk(i)));
        Assert.Equal("no space left on the device", directory.Tier.State.DegradedReason);
        Assert.Single(directory.Log.Of(LogLevel.Error));
        Assert.True(directory.Tier.State.DroppedWrites > 5);
        Assert.InRange(directory.Tier.State.UsedBytes, 0, 3 * ChunkSize);
        await directory.AssertHitAsync(_film.Chunk(0));
        await directory.AssertMissAsync(_film.Chunk(10));

        File.Delete(filler);
        directory.Time.Advance(TimeSpan.FromSeconds(2));
        await directory.StoreAsync(Enumerable.Range(1, 10).Select(i => _film.Chunk(i)));
        Assert.Null(directory.Tier.State.DegradedReason);
        for (var i = 0; i <= 10; i++)
        {
            await directory.AssertHitAsync(_film.Chunk(i));
        }
    }

    private static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
