using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DirectoryMountTests
{
    private readonly Dictionary<string, ulong> _devices = new() { ["/"] = 1, ["/mnt"] = 1, ["/mnt/a"] = 2, ["/mnt/a/cache"] = 2 };

    [Fact]
    public void Require_DiskIsUnmounted_Throws()
    {
        var mount = MountOf("/mnt/a/cache");
        mount.Require();

        _devices["/mnt/a"] = 1;
        _devices.Remove("/mnt/a/cache");

        Assert.Equal("its disk is not mounted", Assert.Throws<IOException>(mount.Require).Message);
    }

    [Fact]
    public void Require_AnotherDiskIsMountedThere_IsAccepted()
    {
        var mount = MountOf("/mnt/a/cache");
        mount.Require();

        _devices["/mnt/a"] = 7;
        _devices.Remove("/mnt/a/cache");

        mount.Require();
    }

    [Fact]
    public void Require_DirectoryOnTheSystemsDisk_IsAccepted()
    {
        var mount = MountOf("/var/cache/chunkproxy");

        mount.Require();
        mount.Require();
    }

    [Fact]
    public void Of_DirectoryThatExists_HasTheDeviceOfItsParent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "statx");
        var directory = Directory.CreateTempSubdirectory("chunkproxy-mount-");
        try
        {
            Assert.Equal(FileStatus.Of(directory.Parent!.FullName)!.Value.Device, FileStatus.Of(directory.FullName)!.Value.Device);
            Assert.NotEqual(FileStatus.Of("/proc")!.Value.Device, FileStatus.Of(directory.FullName)!.Value.Device);
            Assert.Null(FileStatus.Of(Path.Combine(directory.FullName, "absent")));
        }
        finally
        {
            directory.Delete();
        }
    }

    [Fact]
    public async Task Store_DiskIsUnmounted_TheDirectoryIsNotMadeAgainUntilItIsBack()
    {
        await using var disks = new SeveralDirectories(16, 16);
        var isMounted = true;
        var above = Path.GetDirectoryName(disks.Paths[0])!;
        disks.MountOf = directory => new DirectoryMount(
            directory, path => !path.StartsWith(above, StringComparison.Ordinal) || path == above ? 1 : path == disks.Paths[0] && !isMounted ? null : 2);
        await disks.StartAsync();
        var film = TestChunks.Version("/film.mp4", 100L * 1000, 1000);
        await disks.StoreAsync(Enumerable.Range(0, 20).Select(i => film.Chunk(i)));

        Directory.Delete(disks.Paths[0], recursive: true);
        isMounted = false;
        await disks.StoreAsync(Enumerable.Range(20, 20).Select(i => film.Chunk(i)));
        disks.Heal();
        await disks.StoreAsync(Enumerable.Range(40, 20).Select(i => film.Chunk(i)));

        Assert.False(Directory.Exists(disks.Paths[0]));
        Assert.Equal("its disk is not mounted", disks.States[0].DegradedReason);
        await disks.AssertHitsAsync(Enumerable.Range(20, 40).Select(i => film.Chunk(i)));

        isMounted = true;
        disks.Heal();
        await disks.StoreAsync(Enumerable.Range(60, 20).Select(i => film.Chunk(i)));
        Assert.NotEmpty(disks.FilesIn(0));
        Assert.Null(disks.Tier.State.DegradedReason);
        await disks.AssertHitsAsync(Enumerable.Range(20, 60).Select(i => film.Chunk(i)));
    }

    private DirectoryMount MountOf(string directory) => new(directory, path => _devices.TryGetValue(path, out var device) ? device : null);
}
