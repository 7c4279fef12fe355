using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Tls;

/// <summary>A node that speaks TLS and HTTP/2 to its clients.</summary>
[Collection(TlsCollection.Name)]
public sealed class TlsTests(TlsNode shared, TlsFolderNode folder) : IClassFixture<TlsFolderNode>, IDisposable
{
    private const long Size = (12L * OneNode.MiB) + 345;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    [InlineData("--tlsv1.3")]
    [InlineData("--tls-max 1.2")]
    public async Task Curl_Https_FilmAndRangesAreTheOrigins(string option)
    {
        var film = shared.One.Origin.Add(SharedNodes.FreshPath(), Size);
        var target = _folder.Combine("film.mp4");
        var url = new Uri(shared.Node.Address, film.Path).ToString();
        string[] options = ["-sS", "-k", "--fail", .. option.Split(' '), "-w", "%{http_version} %{http_code} %{size_download}\n", "-o", target];

        var whole = await CurlAsync([.. options, url]);
        await VerifyAsync(target, 0, Size);
        var range = await CurlAsync([.. options, "-r", "3000000-9000000", url]);
        await VerifyAsync(target, 3_000_000, 6_000_001);

        var version = option == "--http1.1" ? "1.1" : "2";
        Assert.Equal([$"{version} 200 {Size}"], whole);
        Assert.Equal([$"{version} 206 6000001"], range);
    }

    [Fact]
    public async Task Curl_SecondConnection_ResumesTheSession()
    {
        var film = shared.One.Origin.Add(SharedNodes.FreshPath(), 1000);
        var url = new Uri(shared.Node.Address, film.Path).ToString();

        var lines = await CurlAsync(["-sSvk", "--http1.1", "--tls-max", "1.2", "-H", "Connection: close", "-o", _folder.Combine("a"), url, "-o", _folder.Combine("b"), url]);

        Assert.Contains(lines, line => line.Contains("SSL re-using session ID", StringComparison.Ordinal));
        await VerifyAsync(_folder.Combine("b"), 0, 1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Get_CertificateIsReplacedDuringAFilm_FilmGoesOnAndNewConnectionsGetTheNewOne(int http)
    {
        var second = TestCertificate.For("localhost");
        var film = shared.One.Origin.Add(SharedNodes.FreshPath(), 64L * OneNode.MiB); // more than all buffers on its way
        using var request = new HttpRequestMessage(HttpMethod.Get, film.Path) { Version = new Version(http, http == 1 ? 1 : 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await shared.Node.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Now);
        await using var body = await response.Content.ReadAsStreamAsync(Now);
        var first = new byte[OneNode.MiB];
        await body.ReadExactlyAsync(first, Now);
        await TestData.VerifyAsync(film.Answer.Seed, 0, first.Length, new MemoryStream(first), Now);

        await shared.ReplaceAsync(second, Now);

        Assert.Equal(second.Thumbprint, await ThumbprintAsync(shared.Node, "localhost"));
        await TestData.VerifyAsync(film.Answer.Seed, first.Length, film.Answer.Size - first.Length, body, Now);
    }

    [Fact]
    public async Task Hangup_CertificateIsReplaced_NewConnectionsGetTheNewOne()
    {
        var second = TestCertificate.For("replaced.test");

        folder.Write(second);
        PosixSignal.Send(folder.Node.ProcessId, PosixSignal.Hangup);
        await folder.Node.WhenLineAsync(line => line.Contains("Reloaded the certificates", StringComparison.Ordinal), "the reload", Now);

        Assert.Equal(second.Thumbprint, await ThumbprintAsync(folder.Node, "replaced.test"));
    }

    [Fact]
    public async Task Handshake_DirectoryOfCertificates_EachNameGetsItsOwnAndOldVersionsAreRefused()
    {
        Assert.Equal(folder.A.Thumbprint, await ThumbprintAsync(folder.Node, "a.test"));
        Assert.Equal(folder.B.Thumbprint, await ThumbprintAsync(folder.Node, "b.test"));
        Assert.Equal(folder.A.Thumbprint, await ThumbprintAsync(folder.Node, "c.test"));
#pragma warning disable SYSLIB0039, CA5397 // the old version is what the node must refuse
        await Assert.ThrowsAnyAsync<Exception>(() => ThumbprintAsync(folder.Node, "a.test", SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
    }

    [Fact]
    public async Task Get_OperatorsPaths_WorkOverHttps()
    {
        Assert.StartsWith("https://127.0.0.1:", shared.Node.Address.ToString(), StringComparison.Ordinal);
        foreach (var path in (string[])["_chunkproxy/", "_chunkproxy/page.js", "_chunkproxy/stats", "_chunkproxy/health"])
        {
            using var answer = await shared.Node.GetAsync(path, Now);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Get_AddressesWithoutTls_AreServedBesides()
    {
        var film = shared.One.Origin.Add(SharedNodes.FreshPath(), Size);
        await shared.Node.WhenLineAsync(line => line.EndsWith("for HTTP/2 without TLS", StringComparison.Ordinal), "the last address", Now);
        var lines = shared.Node.Output.Split('\n').Where(line => line.Contains("web listening on http://", StringComparison.Ordinal)).ToList();
        var urls = lines.ConvertAll(line => line.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal)) + film.Path[1..]);
        var target = _folder.Combine("film.mp4");

        Assert.Equal(["1.1 200"], await CurlAsync(["-sS", "-w", "%{http_version} %{http_code}\n", "-o", target, urls[0]]));
        await VerifyAsync(target, 0, Size);
        Assert.Equal(["2 200"], await CurlAsync(["-sS", "--http2-prior-knowledge", "-w", "%{http_version} %{http_code}\n", "-o", target, urls[1]]));
        await VerifyAsync(target, 0, Size);
    }

    [Fact]
    public async Task Start_WrongCertificate_EndsWithTwoAndOneLine()
    {
        await File.WriteAllTextAsync(_folder.Combine("node.pem"), "nonsense", Now);
        await using var process = Node.Launch(["-url", "http://origin.example/", "-dir", _folder.Combine("cache"), "-webaddr", "127.0.0.1:0", "-cert", _folder.Combine("node.pem")]);

        Assert.Equal(2, await process.WhenExitedAsync(Now));
        Assert.StartsWith("chunkproxy: -cert: ", Assert.Single(process.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_Certificate_LoadsTlsOnlyIfThereIsOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var without = await OneNode.StartAsync("", Now); // nobody has read from it

        var maps = await File.ReadAllLinesAsync($"/proc/{without.Node.ProcessId}/maps", Now);

        Assert.Contains(shared.MapsAtStart, IsOfTls);
        Assert.DoesNotContain(maps, IsOfTls);

        static bool IsOfTls(string line) => line.EndsWith("/System.Net.Security.dll", StringComparison.Ordinal) || line.Contains("libssl", StringComparison.Ordinal);
    }

    private static async Task<string> ThumbprintAsync(Node node, string name, SslProtocols protocols = SslProtocols.None)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", node.Address.Port, Now);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = name, EnabledSslProtocols = protocols, RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null }, Now);
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }

    private static async Task<IReadOnlyList<string>> CurlAsync(IEnumerable<string> arguments)
    {
        var curl = await ChildProcess.RunAsync("curl", arguments, Now);
        Assert.True(curl.ExitCode == 0, string.Join('\n', curl.Lines));
        return curl.Lines;
    }

    private static async Task VerifyAsync(string path, long start, long length)
    {
        await using var file = File.OpenRead(path);
        Assert.Equal(length, file.Length);
        await TestData.VerifyAsync(1, start, length, file, Now);
    }
}
