using System.IO.Compression;
using ChunkProxy.Packaging;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Release.Tests.Packaging;

public sealed class ZipTimesTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 30, 12, 34, 56, TimeSpan.Zero);

    [Fact]
    public async Task Set_PackagesOfOtherTimesAndOrder_BecomeEqual()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (folder.Combine("first.nupkg"), folder.Combine("second.nupkg"));
        Pack(first, Time.AddDays(-3), "a.txt", "b/c.txt");
        Pack(second, Time.AddDays(-1), "b/c.txt", "a.txt");

        ZipTimes.Set(first, Time);
        ZipTimes.Set(second, Time);

        var bytes = await File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken));
        await using var package = await ZipFile.OpenReadAsync(first, TestContext.Current.CancellationToken);
        Assert.Equal(["a.txt", "b/c.txt"], package.Entries.Select(entry => entry.FullName));
        Assert.All(package.Entries, entry => Assert.Equal(Time.DateTime, entry.LastWriteTime.DateTime));
        using var content = new StreamReader(await package.Entries[1].OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal("b/c.txt", await content.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static void Pack(string file, DateTimeOffset time, params IEnumerable<string> names)
    {
        using var package = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var name in names)
        {
            var entry = package.CreateEntry(name);
            entry.LastWriteTime = time;
            using var content = new StreamWriter(entry.Open());
            content.Write(name);
        }
    }
}
