using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class MachineLimitsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("chunkproxy-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void SpaceFor_MoreFilesThanAreCounted_IsAtMostTheWholeFileSystem()
    {
        for (var i = 0; i < 3; i++)
        {
            File.WriteAllBytes(Path.Combine(_directory.FullName, $"{i}"), new byte[1000]);
        }

        var whole = new DriveInfo(_directory.FullName).TotalSize;
        var (least, most) = MachineLimits.SpaceFor(_directory.FullName, mostFiles: 2)!.Value;
        Assert.Equal(whole, most); // the others may occupy all of it
        Assert.InRange(least, 2000, whole - 1); // a default follows what is known

        (least, most) = MachineLimits.SpaceFor(_directory.FullName, mostFiles: 3)!.Value;
        Assert.Equal(least, most);
        Assert.InRange(least, 3000, whole - 1);
    }
}
