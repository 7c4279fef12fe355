using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Cli.Commands;

namespace ChunkProxy.Web.Tests.Cli.Commands;

public sealed class FinishedItemsTests : IDisposable
{
    private static readonly WarmItem Film = new("/film.mp4", null);
    private static readonly WarmItem Start = new("http://cdn.example/film.mp4", "0-99");

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Combine("finished");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Add_ObjectsAndRanges_AreThereAtTheNextRun()
    {
        using (var finished = FinishedItems.Open(Path))
        {
            finished.Add(Start);
            Assert.False(finished.Contains(Start)); // those of this run are not asked for
        }

        using var next = FinishedItems.Open(Path);
        Assert.True(next.Contains(Start));
        Assert.True(next.Contains(new WarmItem("http://cdn.example/film.mp4", "bytes=0-99")));
        Assert.False(next.Contains(Film));
        Assert.False(next.Contains(new WarmItem("/film.mp4", "0-9")));
    }

    // A run that is killed may leave "/film" of "/film2.mp4".
    [Theory]
    [InlineData("/a.mp4\n/film.mp4")]
    [InlineData("/a.mp4\n/film.mp4\0")]
    [InlineData("/a.mp4\n\xe9/film")]
    public void Open_LastLineIsCutOff_IsNotFinishedAndIsRemoved(string lines)
    {
        using (FinishedItems.Open(Path))
        {
        }

        File.AppendAllText(Path, lines);
        using (var finished = FinishedItems.Open(Path))
        {
            Assert.True(finished.Contains(new WarmItem("/a.mp4", null)));
            Assert.False(finished.Contains(Film));
            finished.Add(new WarmItem("/b.mp4", null));
        }

        Assert.Equal(["/a.mp4", "/b.mp4"], File.ReadAllLines(Path).Skip(1));
    }

    [Theory]
    [InlineData("/a.mp4\n/b.mp4\n")]
    [InlineData("x")]
    public void Open_AnotherFile_IsRefusedAndUnchanged(string content)
    {
        File.WriteAllText(Path, content);

        Assert.Throws<InvalidDataException>(() => FinishedItems.Open(Path));
        Assert.Equal(content, File.ReadAllText(Path));
    }

    [Fact]
    public void Open_AnotherRunHasIt_IsRefused()
    {
        using var first = FinishedItems.Open(Path);

        Assert.Throws<IOException>(() => FinishedItems.Open(Path));
    }
}
