using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member with another <c>-url</c> or chunk size.</summary>
public sealed class DisagreementTests
{
    private const int Size = 20 * OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("other/", "1MiB", "origin (-url, or OriginName)")]
    [InlineData("", "2MiB", "chunk size (-size-c)")]
    public async Task Member_WithOtherSettings_IsNamedAndBypassedByEachSide(string path, string chunkSize, string named)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film.mp4", Size);
        origin.Add("/other/film.mp4", Size);
        var (p1, p2) = (FreePort.Next(), FreePort.Next());
        var common = $"-size-d 0 -poolpeers 127.0.0.1:{p1},127.0.0.1:{p2}".Split(' ');
        await using var one = await Node.StartAsync(["-url", origin.BaseAddress.ToString(), "-size-c", "1MiB", "-pooladdr", $"127.0.0.1:{p1}", .. common], Now);
        await using var two = await Node.StartAsync(["-url", origin.BaseAddress + path, "-size-c", chunkSize, "-pooladdr", $"127.0.0.1:{p2}", .. common], Now);

        await one.WhenLineAsync(line => IsNamed(line, p2), "the first names the second", Now);
        await two.WhenLineAsync(line => IsNamed(line, p1), "the second names the first", Now);
        await Task.WhenAll(one.VerifyAsync(film, Now), two.VerifyAsync(film, Now));

        Assert.Equal((0, 0), (await one.ReadsFromPeersAsync(Now), await two.ReadsFromPeersAsync(Now)));

        bool IsNamed(string line, int port) =>
            line.Contains($"Member 127.0.0.1:{port} has other settings, and is bypassed until they are equal: {named} is ", StringComparison.Ordinal);
    }
}
