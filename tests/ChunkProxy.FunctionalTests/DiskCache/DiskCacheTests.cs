using System.Net;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.DiskCache;

/// <summary>The disk tier of a real process: kills, damage, budget.</summary>
public sealed class DiskCacheTests
{
    private const int Size = 16 * OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_StartedAgain_ServesFromDisk()
    {
        await using var one = await OneNode.StartAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add("/film.mp4", Size);
        await one.VerifyAsync(film, Now);
        await WhenOnDiskAsync(one, Size / OneNode.MiB);

        await one.Node.KillAsync();
        await one.StartNodeAsync(Now);
        var before = film.BodyBytesSent;
        await one.VerifyAsync(film, Now);
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
        for (var round = 0; round < 3; round++)
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
        await using var one = await OneNode.StartAsync("-size-c 1MiB", Now);
        using var cache = new FolderWatch(one.CacheFolder);
        var film = one.Origin.Add("/film.mp4", Size);
        await one.VerifyAsync(film, Now);
        await WhenOnDiskAsync(one, Size / OneNode.MiB);
        await one.Node.KillAsync();
        await film.WhenIdleAsync(Now);
        var before = film.BodyBytesSent;

        var random = new Random(1);
        var damaged = 0;
        foreach (var file in cache.Files.Where(file => new FileInfo(file).Length >= OneNode.MiB))
        {
            Flip(file, random.NextInt64(new FileInfo(file).Length));
            damaged++;
        }

        await one.StartNodeAsync(Now);
        await one.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);

        Assert.True(damaged >= Size / OneNode.MiB, $"{damaged} files were damaged");
        Assert.True(film.BodyBytesSent - before >= damaged, $"the origin gave {film.BodyBytesSent - before} bytes anew");
    }

    [Theory]
    [InlineData(0)] // the header's first byte
    [InlineData(200)] // somewhere in or near the header
    [InlineData(600_000)] // the middle of the chunk
    [InlineData(-1)] // the last byte
    public async Task EveryFileDamagedAtOnePlace_NoDamagedByteIsServed(int place)
    {
        await using var one = await OneNode.StartAsync("-size-c 1MiB", Now);
        using var cache = new FolderWatch(one.CacheFolder);
        var film = one.Origin.Add("/film.mp4", 4 * OneNode.MiB);
        await one.VerifyAsync(film, Now);
        await WhenOnDiskAsync(one, chunks: 4);
        await one.Node.KillAsync();

        foreach (var file in cache.Files.Where(file => new FileInfo(file).Length >= OneNode.MiB))
        {
            Flip(file, place < 0 ? new FileInfo(file).Length + place : place);
        }

        await one.StartNodeAsync(Now);
        await one.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task FilesTruncatedEmptiedOrForeign_NoWrongByteIsServed()
    {
        await using var one = await OneNode.StartAsync("-size-c 1MiB", Now);
        using var cache = new FolderWatch(one.CacheFolder);
        var film = one.Origin.Add("/film.mp4", 8 * OneNode.MiB);
        await one.VerifyAsync(film, Now);
        await WhenOnDiskAsync(one, chunks: 8);
        await one.Node.KillAsync();

        var files = cache.Files.Where(file => new FileInfo(file).Length >= OneNode.MiB).Order().ToList();
        using (var torn = File.OpenWrite(files[0]))
        {
            torn.SetLength(torn.Length - 1);
        }

        await File.WriteAllBytesAsync(files[1], [], Now);
        await File.WriteAllBytesAsync(files[2], new byte[OneNode.MiB], Now);
        File.Copy(files[3], files[4], overwrite: true); // a sound file in another's place
        File.Delete(files[5]);

        await one.StartNodeAsync(Now);
        await one.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task MoreReadThanTheBudget_FolderNeverHoldsMore()
    {
        await using var one = await OneNode.StartAsync("-size-c 1MiB -size-d 64 -size-m 32", Now);
        using var cache = new FolderWatch(one.CacheFolder);
        for (var seed = 1; seed <= 4; seed++)
        {
            await one.VerifyAsync(one.Origin.Add($"/film{seed}.mp4", 50 * OneNode.MiB, seed), Now);
        }

        await cache.UntilAsync(it => it.MostBytes > 32 * OneNode.MiB, "the disk tier has been used", Now);
        Assert.InRange(cache.MostBytes, 32 * OneNode.MiB, 64 * OneNode.MiB);
    }

    [Fact]
    public async Task OriginAway_WhatIsCachedIsServed()
    {
        await using var one = await OneNode.StartAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add("/film.mp4", Size);
        var other = one.Origin.Add("/other.mp4", Size);
        await one.VerifyAsync(film, Now);

        await one.Origin.RefuseAsync();

        await one.VerifyAsync(film, Now);
        using var refused = await one.Node.GetAsync(other.Path, Now);
        Assert.Contains(refused.StatusCode, new[] { HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable }); // 503 once the origin counts as down

        one.Origin.Listen();
        await one.Node.WhenLineAsync(line => line.Contains("Origin available again", StringComparison.Ordinal), "the end of the outage", Now);
        await one.VerifyAsync(other, Now);
    }

    // Each chunk and the record of the version: files that are written, not those that are being written.
    private static Task WhenOnDiskAsync(OneNode one, int chunks) => one.Node.WhenStatAsync("disk.writes", writes => writes >= chunks + 1, Now);

    private static void Flip(string file, long place)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = place;
        var old = stream.ReadByte();
        stream.Position = place;
        stream.WriteByte((byte)(old ^ 0x10));
    }
}
