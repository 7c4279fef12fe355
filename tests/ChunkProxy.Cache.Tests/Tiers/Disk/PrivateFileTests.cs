using System.Runtime.Versioning;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

[SupportedOSPlatform("linux")] // modes of files
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NewFileOrOneOfAnEarlierRelease_IsForThisUserAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modes of files");
        File.WriteAllText(_folder.Combine("old"), "");
        File.SetUnixFileMode(_folder.Combine("old"), OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        PrivateFile.Open(_folder.Combine("old"), FileMode.OpenOrCreate).Dispose();
        PrivateFile.Open(_folder.Combine("new"), FileMode.OpenOrCreate).Dispose();

        Assert.Equal((OwnerOnly, OwnerOnly), (File.GetUnixFileMode(_folder.Combine("old")), File.GetUnixFileMode(_folder.Combine("new"))));
    }

    [Fact]
    public void Create_ALinkIsThere_IsReplacedAndNotFollowed()
    {
        File.WriteAllText(_folder.Combine("elsewhere"), "not ours");
        File.CreateSymbolicLink(_folder.Combine("file"), _folder.Combine("elsewhere"));
        File.CreateSymbolicLink(_folder.Combine("dangling"), _folder.Combine("nowhere"));

        using (var file = PrivateFile.Create(_folder.Combine("file")))
        {
            RandomAccess.Write(file, "ours"u8, 0);
        }

        PrivateFile.Create(_folder.Combine("dangling")).Dispose();

        Assert.Equal("not ours", File.ReadAllText(_folder.Combine("elsewhere")));
        Assert.Equal("ours", File.ReadAllText(_folder.Combine("file")));
        Assert.False(File.Exists(_folder.Combine("nowhere")));
    }

    [Fact]
    public void Open_ItIsOpenAlready_IsRefused()
    {
        using var held = PrivateFile.Open(_folder.Combine("lock"), FileMode.OpenOrCreate);
        GC.Collect();
        GC.WaitForPendingFinalizers(); // collects the opener's objects, but not the handle

        Assert.Throws<IOException>(() => PrivateFile.Open(_folder.Combine("lock"), FileMode.OpenOrCreate));
    }

    [Fact]
    public void Walk_LinksInTheTiersDirectory_AreFilesOfNobody()
    {
        Directory.CreateDirectory(_folder.Combine("tier"));
        File.WriteAllText(_folder.Combine("elsewhere"), "not ours");
        File.CreateSymbolicLink(_folder.Combine("tier", "file"), _folder.Combine("elsewhere"));
        Directory.CreateSymbolicLink(_folder.Combine("tier", "directory"), _folder.Path);

        var found = new DiskFiles().Walk(_folder.Combine("tier")).ToList();

        Assert.Equal(2, found.Count);
        Assert.All(found, it => Assert.Equal((0, false), (it.Length, it.IsDirectory)));
    }
}
