using ChunkProxy.Testing.Http;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>No request leaves the origin's base path, nor touches a file outside the cache folder.</summary>
public sealed class HostilePathTests(HostilePathTests.Servers servers) : IClassFixture<HostilePathTests.Servers>
{
    private static readonly int[] Refusals = [400, 404, 405, 414];

    public static TheoryData<string> Targets =>
    [
        "/../secret.txt", "/../../etc/passwd", "/a/../../secret.txt", "/%2e%2e/secret.txt", "/%2E%2E/secret.txt", "/.%2e/secret.txt", "/%2e./secret.txt",
        "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/a%2f..%2f..%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt", "/a\\..\\..\\secret.txt",
        "/%252e%252e/secret.txt", "/%c0%ae%c0%ae/secret.txt", "/..;/secret.txt", "/film.mp4%00", "/%00", "/film.mp4%00.txt", "/%0d%0aX-Injected:%201",
        "//elsewhere.example/secret.txt", "///secret.txt", "http://elsewhere.example/secret.txt", "*", "secret.txt", "/%", "/%4", "/%zz", "/a/./../../secret.txt",
        "/videos/../../secret.txt", "/" + new string('a', 65_536), "/?" + new string('a', 65_536), "/@elsewhere.example/secret.txt", "/\u00ff",
        "/%2e%2e%5c%2e%2e%5csecret.txt", "/...", "/.", "/..", "/%2e", "/%2e%2e",
    ];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Get_HostileTarget_IsRefusedAndStaysInsideTheBasePath(string target)
    {
        var answer = await RawHttp.SendAsync(servers.Node.Address.Port, $"GET {target} HTTP/1.1", [], Now);

        Assert.Contains(answer.Status, Refusals);
        Assert.Null(answer["X-Injected"]);
        Assert.All(servers.Origin.Requests, request => Assert.StartsWith("/videos/", request.Path, StringComparison.Ordinal));
        Assert.DoesNotContain("..", servers.Origin.Requests.SelectMany(request => Uri.UnescapeDataString(request.Path).Split('/', '\\', '?')));
        Assert.Equal(["cache"], Directory.GetFileSystemEntries(servers.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Get_OrdinaryPath_IsAppendedToTheBasePath()
    {
        servers.Origin.Add("/videos/a/film.mp4?token=1%2F2", 100);

        var answer = await RawHttp.SendAsync(servers.Node.Address.Port, "GET /a/film.mp4?token=1%2F2 HTTP/1.1", [], Now);

        Assert.Equal(200, answer.Status);
    }

    public sealed class Servers : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

        internal Node Node { get; private set; } = null!;

        internal string Folder => _folder.Path;

        public async ValueTask InitializeAsync()
        {
            Origin.Add("/secret.txt", 100);
            Node = await Node.StartAsync(["-url", $"{Origin.BaseAddress}videos/", "-dir", _folder.Combine("cache")], CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            await Origin.DisposeAsync();
            _folder.Dispose();
        }
    }
}
