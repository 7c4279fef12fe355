using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Http.Access;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Cli.Commands;

public sealed class SignCommandTests
{
    private const string Keys = "the first key of the site\nthe second key of the site\n";

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/films/a%20b.mp4", "/films/a%20b.mp4", "/films/a%20b.mp4?")]
    [InlineData("https://cdn.example/films/a.mp4?v=1", "/films/a.mp4", "https://cdn.example/films/a.mp4?v=1&")]
    [InlineData("https://cdn.example/a?cp-expires=1&cp-signature=x", "/a", "https://cdn.example/a?")]
    public async Task Sign_Url_IsAdmittedForTheTime(string url, string path, string beginning)
    {
        using var folder = new TemporaryFolder();
        var signed = await SignAsync(folder, "-for", "2h", url);

        Assert.StartsWith(beginning + "cp-expires=", signed, StringComparison.Ordinal);
        Assert.Equal(AccessVerdict.Admitted, Judge(signed, path, Now.AddHours(2).AddSeconds(-1)));
        Assert.Equal(AccessVerdict.Expired, Judge(signed, path, Now.AddHours(2)));
    }

    [Fact]
    public async Task Sign_Prefix_IsAdmittedForEachPathBelow()
    {
        using var folder = new TemporaryFolder();

        var signed = await SignAsync(folder, "-prefix", "/films/orbit/", "/films/orbit/master.m3u8");

        Assert.StartsWith("/films/orbit/master.m3u8?cp-expires=", signed, StringComparison.Ordinal);
        Assert.Equal(AccessVerdict.Admitted, Judge("/films/orbit/1.ts" + signed[signed.IndexOf('?', StringComparison.Ordinal)..], "/films/orbit/1.ts", Now));
    }

    [Theory]
    [InlineData("-for: '0h' is not a time above 0, such as 6h", "-for", "0h", "/a")]
    [InlineData("-for: '1' is not a time above 0, such as 6h", "-for", "1", "/a")]
    [InlineData("-prefix: '/b/' is not a beginning of /a/c", "-prefix", "/b/", "/a/c")]
    [InlineData("-prefix: '/a' is not a beginning of /a/c", "-prefix", "/a", "/a/c")]
    [InlineData("'/a/../b' is not the URL or the path of an object", "/a/../b")]
    [InlineData("sign needs a url", "-for", "1h")]
    [InlineData("-node: no such flag", "-node", "http://127.0.0.1:1", "/a")]
    public async Task Sign_WrongUsage_EndsWithTwoAndOneLine(string line, params string[] args)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("keys"), Keys, TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync(["sign", "-urlkeyfile", folder.Combine("keys"), .. args]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("chunkproxy: " + line, run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> SignAsync(TemporaryFolder folder, params string[] args)
    {
        await File.WriteAllTextAsync(folder.Combine("keys"), Keys, TestContext.Current.CancellationToken);
        using var output = new StringWriter();
        var exitCode = await NodeCommandProcess.RunAsync(
            new SignCommand(new FakeTimeProvider(Now)),
            ["-urlkeyfile", folder.Combine("keys"), .. args],
            new CommandOutput(output, output, isTerminal: false, _ => null),
            _ => null,
            TestContext.Current.CancellationToken);
        Assert.Equal(0, exitCode);
        return output.ToString().TrimEnd();
    }

    private static AccessVerdict Judge(string url, string path, DateTimeOffset now) =>
        UrlSignature.Read(url[url.IndexOf(path, StringComparison.Ordinal)..])!.Judge(UrlKeys.Parse(Keys), path, now);
}
