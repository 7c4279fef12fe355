using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>Slow readers at a front end with a low limit of open files, over few connections (HTTP/2): what they read from a member would take more than the limit.</summary>
public sealed partial class SlowPeerReaderTests
{
    private const int Limit = 640;
    private const int Readers = 300;
    private const int ChunkSize = 256 * 1024;
    private const int Apart = 2 * ChunkSize;
    private const int Length = 4 * Apart;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_MorePeerReadsThanTheLimit_EveryReaderGetsEveryByte()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film.mp4", (Readers + 4L) * Apart);
        string[] arguments = ["-url", origin.BaseAddress.ToString(), "-size-c", "256KiB", "-size-m", "512MiB", "-size-d", "0"];
        await using var member = new ClusterMember(arguments, [], isBehindProxy: false);
        var peers = await ClusterMember.StartListedAsync([member], Now);
        await member.Node.VerifyAsync(film, Now);
        await member.Node.WhenFilledAsync(Now);
        var brought = film.BodyBytesSent;
        await using var front = await Node.StartAsync(
            [.. arguments, .. peers, "-pooladdr", "none"], Now, new Dictionary<string, string?> { [Setting.InEnvironment("Http2Address")] = "127.0.0.1:0" }, openFiles: Limit);
        var address = Http2Line().Match(await front.WhenLineAsync(line => Http2Line().IsMatch(line), "the address for HTTP/2", Now)).Groups[1].Value;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true })
        {
            BaseAddress = new Uri(address),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Testing.Signals.Patience.Limit,
        };

        var slow = await Task.WhenAll(Enumerable.Range(0, Readers).Select(i => RequestAsync(client, film, (long)i * Apart))); // none reads its body yet

        await front.VerifyAsync(film, Now);
        Assert.InRange(Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{front.ProcessId}/fd")).Length, 1, Limit);
        for (var i = 0; i < Readers; i++)
        {
            using var response = slow[i];
            await TestData.VerifyAsync(film.Answer.Seed, (long)i * Apart, Length, await response.Content.ReadAsStreamAsync(Now), Now);
        }

        Assert.Equal(brought, film.BodyBytesSent);
    }

    private static async Task<HttpResponseMessage> RequestAsync(HttpClient client, ScriptedObject film, long start)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, film.Path) { Headers = { Range = new(start, start + Length - 1) } };
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Now);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        return response;
    }

    [GeneratedRegex(@"web listening on (http://\S+) for HTTP/2 without TLS")]
    private static partial Regex Http2Line();
}
