using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class RereadFileTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _failures = [];

    [Fact]
    public void Value_FileChanged_IsTheNewOneAfterTheInterval()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("secret");
        File.WriteAllText(path, "one");
        var file = FileAt(path);
        Assert.Equal("one", file.Value);

        File.WriteAllText(path, "two");

        Assert.Equal("one", file.Value);
        _time.Advance(Interval);
        Assert.Equal("two", file.Value);
    }

    [Fact]
    public void Value_LinkIsReplaced_IsTheNewOne()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("a"), "one");
        File.WriteAllText(folder.Combine("b"), "two");
        var link = folder.Combine("secret");
        File.CreateSymbolicLink(link, folder.Combine("a"));
        var file = FileAt(link);
        Assert.Equal("one", file.Value);

        File.Delete(link);
        File.CreateSymbolicLink(link, folder.Combine("b"));
        _time.Advance(Interval);

        Assert.Equal("two", file.Value);
    }

    [Theory]
    [InlineData("bad")]
    [InlineData(null)]
    public void Value_FileBecomesUnusable_StaysAndIsReported(string? content)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("secret");
        File.WriteAllText(path, "one");
        var file = FileAt(path);
        Assert.Equal("one", file.Value);

        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        _time.Advance(Interval);
        Assert.Equal(("one", "one"), (file.Value, file.Value));
        Assert.Single(_failures);

        File.WriteAllText(path, "two");
        _time.Advance(Interval);
        Assert.Equal("two", file.Value);
    }

    [Fact]
    public void Read_FileIsTooLong_Throws()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("secret");
        File.WriteAllText(path, new string('x', RereadFile<string>.Longest + 1));

        Assert.Throws<IOException>(() => RereadFile<string>.Read(path, text => text));
    }

    private RereadFile<string> FileAt(string path) => new(
        path, text => text == "bad" ? throw new FormatException("is bad") : text, Interval, _failures.Add, _time);
}
