using System.Net;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.FunctionalTests.Purging;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>One machine with two sites: a public one with CORS, and a private one with signed URLs at an origin that wants a token.</summary>
internal sealed class SeveralSites : IAsyncDisposable
{
    public const string UrlKey = "the-key-of-the-signed-urls";
    public const string Token = "the-token-of-the-private-origin";
    public const int Size = 3 * OneNode.MiB;

    private readonly TemporaryFolder _folder = new();

    public ScriptedOrigin Public { get; } = ScriptedOrigin.Start();

    public ScriptedOrigin Private { get; } = ScriptedOrigin.Start();

    public List<Node> Nodes { get; } = [];

    public string UrlKeyFile => _folder.Combine("urlkeys");

    /// <summary>Starts nodes of one cluster, each with both sites; one node alone stands alone.</summary>
    public static async Task<SeveralSites> StartAsync(int nodes, CancellationToken cancellationToken)
    {
        var sites = new SeveralSites();
        await File.WriteAllTextAsync(sites.UrlKeyFile, UrlKey + "\n", cancellationToken);
        await File.WriteAllTextAsync(sites._folder.Combine("fields"), $"X-Token: {Token}\n", cancellationToken);
        var pool = Enumerable.Range(0, nodes).Select(_ => $"127.0.0.1:{FreePort.Next()}").ToList();
        for (var i = 0; i < nodes; i++)
        {
            string[] cluster = nodes == 1 ? [] : ["-pooladdr", pool[i], "-poolpeers", string.Join(',', pool)];
            sites.Nodes.Add(await sites.StartNodeAsync(i, cluster, cancellationToken));
        }

        return sites;
    }

    /// <summary>Sends a request for a host to a node.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        Node node, string host, string target, CancellationToken cancellationToken, HttpMethod? method = null, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, target);
        request.Headers.Host = host;
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await node.Client.SendAsync(request, cancellationToken);
    }

    /// <summary>Reads an object of a host, and compares every byte.</summary>
    public static async Task VerifyAsync(Node node, string host, string target, long seed, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(node, host, target, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await TestData.VerifyAsync(seed, 0, Size, await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
    }

    public static void Add(ScriptedOrigin origin, string path, long seed) =>
        origin.Add(path, new OriginAnswer { Size = Size, Seed = seed }.WithHeader("Cache-Control", "max-age=3600"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await Public.DisposeAsync();
        await Private.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<Node> StartNodeAsync(int index, string[] cluster, CancellationToken cancellationToken)
    {
        (string Key, string Value)[] settings =
        [
            ("Origins:public:Url", Public.BaseAddress.ToString()),
            ("Origins:public:CacheKey:Ignore", "CMCD"),
            ("Origins:private:Url", Private.BaseAddress.ToString()),
            ("Origins:private:OriginAccess:FieldsFile", _folder.Combine("fields")),
            ("Routes:open:Hosts", "open.test"),
            ("Routes:open:Origin", "public"),
            ("Routes:open:Cors", "https://site.test"),
            ("Routes:vip:Hosts", "vip.test"),
            ("Routes:vip:Path", "/films/"),
            ("Routes:vip:OriginPath", "/vault/"),
            ("Routes:vip:Origin", "private"),
            ("Routes:vip:Access:UrlKeyFile", UrlKeyFile),
            .. EtcdCluster.NobodyHangs,
        ];
        return await Node.StartAsync(
            ["-dir", _folder.Combine($"cache{index}"), "-size-c", "1MiB", "-size-m", "32MiB", "-adminkey", PurgeCluster.Key, .. cluster],
            cancellationToken,
            settings.ToDictionary(setting => "ChunkProxy__" + setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => (string?)setting.Value));
    }
}
