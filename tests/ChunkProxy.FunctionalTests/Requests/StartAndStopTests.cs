using System.Net;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>The command as a process: how it starts, refuses to start, and ends.</summary>
public sealed class StartAndStopTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "-url")]
    [InlineData("-url ftp://origin.example/", "-url")]
    [InlineData("-url http://origin.example/ -size-c 0", "-size-c")]
    [InlineData("-url http://origin.example/ -size-c many", "-size-c")]
    [InlineData("-url http://origin.example/ -size-m", "-size-m")]
    [InlineData("-url http://origin.example/ -size-d 12parsec", "-size-d")]
    [InlineData("-url http://origin.example/ -webaddr nowhere", "-webaddr")]
    [InlineData("-url http://origin.example/ -nonsense 1", "-nonsense")]
    public async Task Start_WrongValue_EndsWithOneLineThatNamesTheFlag(string arguments, string flag)
    {
        await using var command = Node.Launch(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, await command.WhenExitedAsync(Now));
        Assert.Contains(flag, Assert.Single(command.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Help_NamesEveryFlagOfTheSeed()
    {
        await using var command = Node.Launch(["-help"]);

        Assert.Equal(0, await command.WhenExitedAsync(Now));
        var page = string.Join('\n', command.Lines);
        Assert.All(
            ["-url", "-dir", "-webaddr", "-pooladdr", "-poolpeers", "-coord", "-cluster", "-size-c", "-size-s", "-size-d", "-size-m", "-help", "-version"],
            flag => Assert.Contains(flag, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WhileAResponseIsUnderWay_TheResponseIsWholeAndTheExitCodeZero()
    {
        await using var one = await OneNode.StartAsync("", Now);
        var film = one.Origin.Add("/film.mp4", new OriginAnswer { Size = 3 * OneNode.MiB, BytesPerSecond = 2 * OneNode.MiB });

        using var response = await one.Node.GetAsync(film.Path, Now);
        var stopped = one.Node.StopAsync(Now);
        await TestData.VerifyAsync(1, 0, film.Answer.Size, await response.Content.ReadAsStreamAsync(Now), Now);

        Assert.Equal(0, await stopped);
    }

    [Fact]
    public async Task Flags_TwoDashesAndEqualsSign_AreTaken()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film.mp4", 1000);
        using var folder = new ChunkProxy.Testing.Processes.TemporaryFolder();
        await using var node = await Node.StartAsync(
            [$"--url={origin.BaseAddress}", $"-dir={folder.Path}", "--webaddr=127.0.0.1:0", "--size-c", "64KiB"], Now);

        using var response = await node.GetAsync("/film.mp4", Now);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
