using System.Net;
using System.Net.Sockets;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.FunctionalTests.Commands;
using ChunkProxy.FunctionalTests.PrivateOrigins;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Two members with the settings file of docs/routes.md: a public site with CORS, and a private one in Azure Blob Storage with signed URLs.</summary>
internal sealed class VideoSite : IAsyncDisposable
{
    public const string Films = "films.example";
    public const string Members = "members.example";

    /// <summary>The host by which pages of another site read the private site, once there is a route for it.</summary>
    public const string Embed = "embed.example";

    public const string OldKey = "the-first-key-of-the-signed-urls";
    public const string NewKey = "the-second-key-of-the-signed-urls";
    public const string ForeignKey = "the-key-of-another-site";

    private const string AdminKey = "the-key-of-the-operators";

    private readonly TemporaryFolder _folder = new();
    private readonly SampleSettings _settings = SampleSettings.Read();
    private readonly string _pages;
    private readonly int[] _ports = [FreePort.Next(), FreePort.Next()];
    private readonly string _sas = AzuriteServer.SharedAccessSignature();
    private readonly List<string> _outputs = []; // of processes that have ended
    private readonly List<string> _queries = []; // signatures that clients have used

    private VideoSite(string pages, SiteContent content, AzuriteServer azurite)
    {
        _pages = pages;
        Content = content;
        (string, string)[] settings =
        [
            .. EtcdCluster.NobodyHangs, ("Origins:media:Origin:FirstByteTimeout", "00:01:00"), ("Origins:vault:Origin:CaFile", azurite.CertificateFile), ("AccessLog:FlushInterval", "00:00:00.010"),
        ];
        Nodes = [.. new[] { "00:00:01", "00:01:00" }.Select((drain, i) => new ClusterMember(
            ["-webaddr", $"127.0.0.1:{_ports[i]}", "-size-m", "64MiB", "-accesslog", AccessLog(i)], [.. settings, ("DrainTimeout", drain)], isBehindProxy: false, _folder.Path))];
    }

    /// <summary>The members. The first one cuts responses off when it stops; the second one waits for them.</summary>
    public IReadOnlyList<ClusterMember> Nodes { get; }

    public SiteContent Content { get; }

    /// <summary>The signature of all paths of the private site that clients use now.</summary>
    public string Query { get; private set; } = "";

    /// <summary>Waits while a member starts.</summary>
    public static IReadOnlyList<string> CurlRetries { get; } = ["--retry", "60", "--retry-delay", "1", "--retry-connrefused", "--retry-all-errors"];

    private string Certificate => _folder.Combine("node.pem");

    private string UrlKeys => _folder.Combine("urlkeys");

    /// <param name="pages">The origin of the pages with the players.</param>
    /// <param name="content">What the sites have.</param>
    /// <param name="azurite">The private origin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<VideoSite> StartAsync(Uri pages, SiteContent content, AzuriteServer azurite, CancellationToken cancellationToken)
    {
        var site = new VideoSite(pages.GetLeftPart(UriPartial.Authority), content, azurite);
        await site.WriteAsync(azurite, cancellationToken);
        await Task.WhenAll(site.Nodes.Select(member => member.StartAsync(cancellationToken)));
        await site.SignAsync(hours: 1);
        return site;
    }

    /// <summary>The URL of a site at a member, for clients that resolve its host.</summary>
    public Uri AddressOf(ClusterMember at, string host) => new($"https://{host}:{PortOf(at)}/");

    /// <summary>The URL of an object of a site, signed if the site is private.</summary>
    public string UrlFor(string host, string path) => $"https://{host}{path}{(host == Films ? "" : "?" + Query)}";

    /// <summary>The URL of an object at a member, for clients that send the host in a field of their own.</summary>
    public string UrlFor(ClusterMember at, string host, string path) => UrlFor(host, path).Replace(host, $"127.0.0.1:{PortOf(at)}", StringComparison.Ordinal);

    public IEnumerable<string> CurlArguments(ClusterMember at, string host) =>
        ["-sS", "--fail", "--cacert", Certificate, "--connect-to", $"{host}:443:127.0.0.1:{PortOf(at)}"];

    public IEnumerable<string> Aria2Arguments(string host, bool resumes) =>
    [
        "-x4", "-s4", "-k1M", "--file-allocation=none", "--console-log-level=warn", "--summary-interval=0", $"--ca-certificate={Certificate}", $"--header=Host: {host}",
        .. resumes ? (string[])["-c", "--max-tries=0", "--retry-wait=1"] : ["--max-tries=1"],
    ];

    /// <summary>Signs all paths of the private site with <c>chunkproxy sign</c>; from now on clients use this signature.</summary>
    /// <param name="hours">How long it is valid. Another time is another signature.</param>
    public async Task SignAsync(int hours)
    {
        var url = (await CommandCluster.RunAsync(0, "sign", "-urlkeyfile", UrlKeys, "-for", $"{hours}h", "-prefix", "/", $"https://{Members}{SiteContent.PrivateFilm}")).Single();
        Query = url.Split('?')[1];
        _queries.Add(Query);
    }

    /// <summary>Adds a route by which the players' pages may read the private site, and reloads both members.</summary>
    public async Task AddEmbedRouteAsync(CancellationToken cancellationToken)
    {
        var route = _settings.AllRoutes["members"]!.DeepClone();
        route["Hosts"] = Embed;
        route["Cors"] = _pages;
        _settings.AllRoutes["embed"] = route;
        await _settings.WriteAsync(_folder.Path, cancellationToken);
        await ReloadAsync();
    }

    /// <summary>Writes the keys of signed URLs, and reloads both members.</summary>
    public async Task UseKeysAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(UrlKeys, keys, cancellationToken);
        await ReloadAsync();
    }

    /// <summary>Runs <c>chunkproxy purge -prefix</c>.</summary>
    /// <param name="prefix">A URL of a client, or the name of an origin with a path.</param>
    public async Task PurgeAsync(string prefix)
    {
        var lines = await RunAsync(Nodes[0], "purge", "-prefix", prefix);
        Assert.Contains(lines, static line => line.EndsWith("removed from every member", StringComparison.Ordinal));
    }

    /// <summary>Stops a member; returns when the process has ended.</summary>
    public async Task StopAsync(ClusterMember member, CancellationToken cancellationToken)
    {
        var code = await member.Node.StopAsync(cancellationToken);
        _outputs.Add(member.Node.Output);
        Assert.True(code == 0, $"exit code {code}\n{member.Node.Output}");
    }

    /// <summary>Completes when a member accepts no more connections. It does not announce it.</summary>
    public async Task WhenRefusedAsync(ClusterMember member, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        try
        {
            while (true)
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(IPAddress.Loopback, PortOf(member), patience.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            // Reset: the port was closed while this connection was on its way.
        }
    }

    /// <summary>Stops both members, and verifies that no token or key is in what they and their access logs say.</summary>
    /// <param name="more">Other texts without tokens.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task VerifyNoSecretAsync(IEnumerable<string> more, CancellationToken cancellationToken)
    {
        var logs = new List<string>();
        foreach (var (i, member) in Nodes.Index())
        {
            logs.Add(await member.Node.Client.GetStringAsync("_chunkproxy/stats", cancellationToken));
            await StopAsync(member, cancellationToken);
            logs.Add(await File.ReadAllTextAsync(AccessLog(i), cancellationToken));
            Assert.Contains("\"target\":\"/clips/0.mp4?…#", logs[^1], StringComparison.Ordinal);
        }

        var secrets = _queries.Append(_sas).Select(static query => query[(query.LastIndexOf('=') + 1)..]).Concat([OldKey, NewKey, AdminKey]);
        Assert.All(secrets, secret => Assert.All(logs.Concat(_outputs).Concat(more), text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Nodes)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(member.Node.Output); // shown where the test has failed
            await member.DisposeAsync();
        }

        _folder.Dispose();
    }

    private int PortOf(ClusterMember member) => _ports[Nodes.Index().Single(it => it.Item == member).Index]; // also while it is stopped

    private string AccessLog(int member) => _folder.Combine($"access-{member}.log");

    private Task<IReadOnlyList<string>> RunAsync(ClusterMember at, params IEnumerable<string> command) =>
        CommandCluster.RunAsync(0, [.. command, "-node", at.Node.Address.ToString(), "-cafile", Certificate, "-adminkeyfile", _folder.Combine("admin-key")]);

    private async Task ReloadAsync()
    {
        var lines = await Task.WhenAll(Nodes.Select(member => RunAsync(member, "reload")));
        Assert.All(lines, static lines => Assert.Contains("reloaded: routes", lines));
    }

    private async Task WriteAsync(AzuriteServer azurite, CancellationToken cancellationToken)
    {
        TestCertificate.For(Films, Members, Embed).WriteOneFile(Certificate);
        (string Key, string File, string Text)[] files =
        [
            ("AdminKeyFile", "admin-key", AdminKey), ("PoolKeyFile", "pool-key", "the-key-that-the-members-share"), ("Origins:vault:OriginAccess:QueryFile", "sas", _sas),
            ("Routes:members:Access:UrlKeyFile", "urlkeys", OldKey),
        ];
        foreach (var (key, file, text) in files)
        {
            await File.WriteAllTextAsync(_folder.Combine(file), text + "\n", cancellationToken);
            _settings.Replace(key, _folder.Combine(file));
        }

        _settings.Replace("Certificate", Certificate);
        _settings.Replace("PoolPeers", string.Join(',', Nodes.Select(static member => member.Id)));
        _settings.Replace("Origins:media:Url", Content.Media.BaseAddress.ToString());
        _settings.Replace("Origins:vault:Url", azurite.Url.ToString());
        _settings.Replace("Routes:films:Cors", _pages);
        await _settings.WriteAsync(_folder.Path, cancellationToken);
    }
}
