using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Http;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Redis;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Leaks;

/// <summary>Queries carry signatures and tokens: they reach the origin and nobody else.</summary>
public sealed class QueryTests(RedisServer redis, SharedNodes shared) : IClassFixture<RedisServer>, IClassFixture<SharedNodes>
{
    private const string Secret = "Sup3rS3cret";
    private const string Key = "an-admin-key-for-tests";
    private const int Size = 300_000;

    // A film that is asked for with a signature, and one whose whole query is a token without a name.
    private const string Film = "/films/a.mp4?sig=" + Secret + "&user=7";
    private const string Token = "/films/b.mp4?" + Secret;

    private static readonly string[] Malformed =
    [
        $"GET /films/%zz?{Secret} HTTP/1.1", $"GET /films/a.mp4?x={Secret} and more HTTP/1.1", $"GET http://user:{Secret}@origin/a.mp4?{Secret} HTTP/1.1",
        $"GET /films/../a?{Secret} HTTP/1.1", $"BREW /a.mp4?{Secret} HTTP/1.1", $"GET /_chunkproxy/nothing?{Secret} HTTP/1.1",
    ];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Query_OfEveryKindOfRequest_IsShownNowhere()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var sink = new TelemetrySink();
        using var folder = new TemporaryFolder();
        string[] pools = [$"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}"];
        var nodes = await Task.WhenAll(pools.Select((pool, i) => Node.StartAsync(
            [
                "-url", origin.BaseAddress.ToString(), "-poolpeers", string.Join(',', pools), "-pooladdr", pool, "-dir", folder.Combine($"cache{i}"),
                "-size-c", "64KiB", "-size-m", "8MiB", "-size-d", "64MiB", "-redis", redis.Endpoint, "-adminkey", Key, "-requestlog",
            ],
            Now,
            Environment(sink))));
        await using var one = nodes[0];
        await using var two = nodes[1];
        var answers = new List<string>();

        await ReadAsync(origin, nodes, answers);
        await OperateAsync(nodes, answers);
        foreach (var line in Malformed)
        {
            answers.Add(Encoding.Latin1.GetString((await RawHttp.SendAsync(one.Address.Port, line, [], Now)).Body));
        }

        var shown = ShownForm.Of(Film);
        await sink.WhenAsync("traces", shown, Now);
        await sink.WhenAsync("metrics", "chunkproxy.chunk.reads", Now);
        await one.WhenLineAsync(line => line.Contains("BREW", StringComparison.Ordinal), "the last request is in the log", Now);
        foreach (var node in nodes)
        {
            foreach (var path in new[] { "stats", "stats?cluster=true", "history", "metrics", "warm", "map?path=" + Uri.EscapeDataString(Film) })
            {
                answers.Add(await AskAsync(node, HttpMethod.Get, path));
            }
        }

        Assert.Contains(shown, one.Output, StringComparison.Ordinal);
        Assert.Contains(answers, answer => answer.Contains(shown, StringComparison.Ordinal) && answer.Contains("\"events\"", StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal));
        Assert.All(nodes, node => Assert.DoesNotContain(Secret, node.Output, StringComparison.Ordinal));
        Assert.All(["traces", "logs", "metrics"], signal => Assert.DoesNotContain(Secret, sink.Of(signal), StringComparison.Ordinal));
        Assert.Contains(origin.Requests, request => request.Path == Film);
    }

    [Fact]
    public async Task Operator_NamesAnObjectAsItIsShown_FindsIt()
    {
        var one = await LoggingAsync();
        one.Origin.Add(Film, Size);
        using (var read = await one.Node.GetAsync(Film, Now))
        {
            await read.Content.CopyToAsync(Stream.Null, Now);
        }

        await one.Node.WhenFilledAsync(Now);
        var shown = "path=" + Uri.EscapeDataString(ShownForm.Of(Film));

        Assert.Contains("\"cachedChunks\": 5", await AskAsync(one.Node, HttpMethod.Get, "map?" + shown), StringComparison.Ordinal);
        Assert.Contains("\"chunks\": 5", await AskAsync(one.Node, HttpMethod.Post, "purge?" + shown), StringComparison.Ordinal);
        Assert.Contains("No object known here is shown in this way.", await AskAsync(one.Node, HttpMethod.Get, "map?" + shown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestLog_SetToHaveQueries_HasThem()
    {
        const string Logged = "/films/logged.mp4?sig=" + Secret;
        var one = await LoggingAsync();
        one.Origin.Add(Logged, Size);

        using (await one.Node.GetAsync(Logged, Now))
        {
        }

        await one.Node.WhenLineAsync(line => line.Contains("GET " + Logged, StringComparison.Ordinal), "the request with its query", Now);
    }

    [Theory]
    [InlineData("-url", "http://user:" + Secret + "@origin.example/", "-coord", "http://etcd:" + Secret + "@127.0.0.1:1,nonsense", "-redis", "127.0.0.1:6379,password=" + Secret + ",nonsense=" + Secret)]
    [InlineData("-url", "ftp://user:" + Secret + "@origin.example/?" + Secret, "-coord", "http://etcd:" + Secret + "@127.0.0.1:x", "-redis", "nonsense=1,password=a," + Secret)]
    [InlineData("-url", "http://user:" + Secret + "@[origin")]
    [InlineData("-url", "http://origin.example/?" + Secret)]
    public async Task Start_WrongUrlsWithAPassword_AreRefusedWithoutIt(params string[] flags)
    {
        await using var process = Node.Launch([.. flags, "-webaddr", "127.0.0.1:0", "-size-d", "0"]);
        var code = await process.WhenExitedAsync(Now);

        Assert.NotEqual(0, code);
        Assert.All(flags.Where(static flag => flag.StartsWith('-')), flag => Assert.Contains(process.Lines, line => line.Contains(flag + ": ", StringComparison.Ordinal)));
        Assert.DoesNotContain(process.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_EtcdAndRedisWithPasswords_AreShownWithoutThem()
    {
        await using var node = await Node.StartAsync(
            [
                "-url", "http://127.0.0.1:1/", "-coord", $"http://etcd:{Secret}@127.0.0.1:1", "-redis", $"127.0.0.1:1,password={Secret}", "-pooladdr", $"127.0.0.1:{FreePort.Next()}",
                "-size-d", "0",
            ],
            Now,
            new Dictionary<string, string?> { ["Logging__LogLevel__Default"] = "Trace" });
        await node.WhenLineAsync(line => line.Contains("etcd unavailable", StringComparison.Ordinal), "etcd is away", Now);
        await node.WhenLineAsync(line => line.Contains("Redis unavailable", StringComparison.Ordinal), "Redis is away", Now);

        Assert.Contains("http://etcd:***@127.0.0.1:1", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, node.Output + await node.Client.GetStringAsync("_chunkproxy/stats?cluster=true", Now), StringComparison.Ordinal);
    }

    private Task<OneNode> LoggingAsync() => shared.GetAsync($"-size-c 64KiB -size-m 8MiB -size-d 0 -requestlog -adminkey {Key}", Now, ("RequestLogQueries", "true"));

    private static Dictionary<string, string?> Environment(TelemetrySink sink) => new(
        EtcdCluster.NobodyHangs.Select(it => KeyValuePair.Create(Setting.InEnvironment(it.Key), (string?)it.Value))
            .Concat(sink.Environment.Select(it => KeyValuePair.Create(it.Name, (string?)it.Value))))
    {
        ["OTEL_METRICS_EXPORTER"] = "otlp,prometheus",
        ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
        ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
        ["Logging__LogLevel__Default"] = "Trace",
        ["Logging__Console__LogLevel__Default"] = "Trace",
        ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
        ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        [Setting.InEnvironment("SuperHot:Threshold")] = "1",
        [Setting.InEnvironment("NearCopies:Threshold")] = "1",
        [Setting.InEnvironment("Origin:Attempts")] = "1",
        [Setting.InEnvironment("NotFoundLifetime")] = "00:00:00",
    };

    private static async Task ReadAsync(ScriptedOrigin origin, Node[] nodes, List<string> answers)
    {
        var film = origin.Add(Film, Size);
        origin.Add(Token, Size);
        origin.Add("/none.mp4?" + Secret, new OriginAnswer { Status = HttpStatusCode.NotFound });
        origin.Add("/broken.mp4?" + Secret, new OriginAnswer { Status = HttpStatusCode.ServiceUnavailable });
        origin.Add("/garbage.mp4?" + Secret, new OriginAnswer { Raw = "nonsense\r\n\r\n"u8.ToArray() });
        origin.Add("/private.mp4?" + Secret, new OriginAnswer { Size = 1000 }.WithHeader("Cache-Control", "no-store"));
        origin.Add("/short.mp4?" + Secret, new OriginAnswer { Size = Size, DropAfter = 150_000 });
        string[] paths = [Film, Token, .. new[] { "none", "broken", "garbage", "private", "short" }.Select(name => $"/{name}.mp4?{Secret}")];
        foreach (var path in paths.Concat([Film, Film, Film, Token]))
        {
            foreach (var node in nodes)
            {
                await ReadAsync(node, path, answers);
            }
        }

        film.Answer = film.Answer with { ETag = "\"v2\"" };
        await ReadAsync(nodes[0], Film, answers, "no-cache");
    }

    private static async Task ReadAsync(Node node, string path, List<string> answers, string? cacheControl = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Cache-Control", cacheControl);
        using var answer = await node.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Now);
        try
        {
            answers.Add(answer.Headers + await answer.Content.ReadAsStringAsync(Now));
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // The origin broke off, and so did the answer.
        }
    }

    private static async Task OperateAsync(Node[] nodes, List<string> answers)
    {
        var film = Uri.EscapeDataString(Film);
        var warmed = await AskAsync(nodes[0], HttpMethod.Post, $"warm?path={film}&range=bytes=0-99999");
        answers.Add(warmed);
        await nodes[0].WhenLineAsync(line => line.Contains("Warm-up", StringComparison.Ordinal), "the warm-up has ended", Now);
        answers.Add(await AskAsync(nodes[0], HttpMethod.Post, $"purge?path={film}"));
        answers.Add(await AskAsync(nodes[0], HttpMethod.Post, "purge?path=" + Uri.EscapeDataString("/a\\b?" + Secret)));
        answers.Add(await AskAsync(nodes[0], HttpMethod.Get, "map?path=" + Uri.EscapeDataString("/a\\b?" + Secret)));
        answers.Add(await AskAsync(nodes[0], HttpMethod.Post, $"purge?path={film}", "another-key-that-is-wrong"));
        using var purge = new HttpRequestMessage(new HttpMethod("PURGE"), Token) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Key) } };
        using var purged = await nodes[1].Client.SendAsync(purge, Now);
        answers.Add(await purged.Content.ReadAsStringAsync(Now));
        await ReadAsync(nodes[0], Film, answers);
        await ReadAsync(nodes[1], Token, answers);
    }

    private static async Task<string> AskAsync(Node node, HttpMethod method, string path, string key = Key)
    {
        using var request = new HttpRequestMessage(method, "_chunkproxy/" + path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        using var answer = await node.Client.SendAsync(request, Now);
        return answer.Headers + await answer.Content.ReadAsStringAsync(Now);
    }
}
