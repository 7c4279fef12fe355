using System.Runtime.Versioning;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Settings;

[SupportedOSPlatform("linux")] // modes of files
public sealed class CacheDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EnsureUsable_NotThere_IsMadeForThisUserAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modes of files");

        CacheDirectory.EnsureUsable(new CacheOptions { Dir = _folder.Combine("new", "cache") });

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Combine("new", "cache")));
    }

    [Fact]
    public void EnsureUsable_EveryUserCanWriteThere_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modes of files");
        var directory = Directory.CreateDirectory(_folder.Combine("cache")).FullName;
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.OtherWrite);

        var error = Assert.Throws<StartException>(() => CacheDirectory.EnsureUsable(new CacheOptions { Dir = directory }));

        Assert.Contains("every user can write", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EnsureUsable_AnotherUsersDirectory_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can give a directory away");
        var directory = Directory.CreateDirectory(_folder.Combine("cache")).FullName;
        using (var chown = System.Diagnostics.Process.Start("chown", ["12345", directory]))
        {
            chown.WaitForExit();
        }

        var error = Assert.Throws<StartException>(() => CacheDirectory.EnsureUsable(new CacheOptions { Dir = directory }));

        Assert.Contains("uid 12345", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chunkproxy.lock")]
    [InlineData("chunkproxy.purges")]
    [InlineData("chunkproxy-1")]
    [InlineData("chunkproxy-1/7")]
    [InlineData("chunkproxy-1/7/f")]
    public void EnsureUsable_ALinkInPlaceOfWhatIsOurs_IsRefused(string name)
    {
        var directory = Directory.CreateDirectory(_folder.Combine("cache")).FullName;
        var elsewhere = Directory.CreateDirectory(_folder.Combine("elsewhere")).FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(directory, name))!);
        File.CreateSymbolicLink(Path.Combine(directory, name), elsewhere);

        Assert.Throws<StartException>(() => CacheDirectory.EnsureUsable(new CacheOptions { Dir = directory }));
    }

    [Fact]
    public void EnsureUsable_OneOfSeveralCannotBeMade_IsLeftToTheTierUnlessAllAreSo()
    {
        File.WriteAllText(_folder.Combine("file"), "no directory");

        CacheDirectory.EnsureUsable(new CacheOptions { Dir = $"{_folder.Combine("file")},{_folder.Combine("cache")}" });
        var error = Assert.Throws<StartException>(() => CacheDirectory.EnsureUsable(new CacheOptions { Dir = $"{_folder.Combine("file")},{_folder.Combine("file", "cache")}" }));

        Assert.StartsWith("ChunkProxy:Dir: cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder.Combine("cache")));
    }

    [Fact]
    public void EnsureUsable_EveryUserCanWriteToOneOfSeveral_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modes of files");
        var directory = Directory.CreateDirectory(_folder.Combine("cache")).FullName;
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.OtherWrite);

        Assert.Throws<StartException>(() => CacheDirectory.EnsureUsable(new CacheOptions { Dir = $"{_folder.Combine("other")},{directory}" }));
    }

    [Fact]
    public void OverlapIn_DirectoriesThatAreOneThroughALink_AreNamed()
    {
        Directory.CreateDirectory(_folder.Combine("disk", "a"));
        File.CreateSymbolicLink(_folder.Combine("link"), _folder.Combine("disk"));
        var (real, linked) = (_folder.Combine("disk", "a"), _folder.Combine("link", "a"));

        Assert.Equal($"'{real}' and '{linked}' are the same directory: takes each once", CacheDirectory.OverlapIn([real, linked]));
        Assert.StartsWith($"'{linked}' is in '{_folder.Combine("disk")}'", CacheDirectory.OverlapIn([linked, _folder.Combine("disk")]), StringComparison.Ordinal);
        Assert.Null(CacheDirectory.OverlapIn([real, _folder.Combine("link", "b"), _folder.Combine("disk", "ab")]));
    }

    [Fact]
    public void RealPath_LinksInACircle_Ends()
    {
        File.CreateSymbolicLink(_folder.Combine("a"), _folder.Combine("b"));
        File.CreateSymbolicLink(_folder.Combine("b"), "a");

        Assert.NotEmpty(RealPath.Of(_folder.Combine("a", "cache")));
    }

    [Fact]
    public void EnsureUsable_TheDirectoryIsALinkToOneOfOurs_IsUsed()
    {
        Directory.CreateDirectory(_folder.Combine("disk"));
        File.CreateSymbolicLink(_folder.Combine("cache"), _folder.Combine("disk"));

        CacheDirectory.EnsureUsable(new CacheOptions { Dir = _folder.Combine("cache") });
    }
}
