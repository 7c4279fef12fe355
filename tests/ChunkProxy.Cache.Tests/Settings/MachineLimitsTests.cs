using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class MachineLimitsTests
{
    [Fact]
    public void SpaceFor_MoreFilesThanAreCounted_IsAtMostTheWholeFileSystem()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 3; i++)
        {
            File.WriteAllBytes(folder.Combine($"{i}"), new byte[1000]);
        }

        var whole = new DriveInfo(folder.Path).TotalSize;
        var (least, most) = MachineLimits.SpaceFor(folder.Path, mostFiles: 2)!.Value;
        Assert.Equal(whole, most); // the others may occupy all of it
        Assert.InRange(least, 2000, whole - 1); // a default follows what is known

        (least, most) = MachineLimits.SpaceFor(folder.Path, mostFiles: 3)!.Value;
        Assert.Equal(least, most);
        Assert.InRange(least, 3000, whole - 1);
    }
}
