using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>The command as a process: how it starts, refuses to start, and ends.</summary>
public sealed class StartAndStopTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    // Each value by itself: StartTests and CommandLineParserTests. Only a process shows that nothing else is printed.
    [Theory]
    [InlineData("-url ftp://origin.example/ -size-c 0", "-url", "-size-c")]
    [InlineData("-size-c many -size-d 12parsec -webaddr nowhere", "-size-c", "-size-d", "-webaddr")]
    [InlineData("", "-url")]
    [InlineData("-url http://origin.example/ -size-m", "-size-m")]
    public async Task Start_WrongValues_EndsWithOneLineThatNamesTheFlags(string arguments, params string[] flags)
    {
        await using var command = Node.Launch(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, await command.WhenExitedAsync(Now));
        var line = Assert.Single(command.Lines);
        Assert.All(flags, flag => Assert.Contains(flag + ":", line, StringComparison.Ordinal));
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
}
