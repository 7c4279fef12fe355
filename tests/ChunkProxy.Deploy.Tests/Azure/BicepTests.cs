using System.Text.Json;
using ChunkProxy.Deploy.Tests.Settings;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Azure;

public sealed class BicepTests
{
    private const string WithRedis = "\nparam redis = true\nparam redisPassword = readEnvironmentVariable('POOL_KEY')\n";

    private const int LongestName = 32;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("main.bicep")]
    [InlineData("main.bicepparam")]
    public async Task Lint_FindsNothing(string file)
    {
        var command = file.EndsWith("param", StringComparison.Ordinal) ? "build-params" : "build";
        using var folder = new TemporaryFolder();

        Assert.Empty(await BicepCompiler.RunAsync(["lint", DeployFolder.Combine("azure", file)], Cancelled));
        Assert.Empty(await BicepCompiler.RunAsync([command, DeployFolder.Combine("azure", file), "--outfile", folder.Combine("out.json")], Cancelled));
    }

    [Fact]
    public async Task Lint_WrongProperty_IsFound()
    {
        using var folder = new TemporaryFolder();
        var broken = (await File.ReadAllTextAsync(DeployFolder.Combine("azure", "main.bicep"), Cancelled)).Replace("maxReplicas:", "mostReplicas:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.Combine("main.bicep"), broken, Cancelled);

        Assert.Contains("mostReplicas", await BicepCompiler.RunAsync(["lint", folder.Combine("main.bicep")], Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_AreAppsOfExactlyOneReplicaWithInternalTcp()
    {
        var template = await Template.EvaluateAsync("\nparam members = 4\n", Cancelled);

        var caches = template.Processes.Where(process => process.Role == ProcessRole.Cache).ToArray();
        Assert.Equal(4, caches.Length);
        Assert.All(caches, cache =>
        {
            var app = template.Apps[cache.Name];
            Assert.Equal((1, 1), Scale(app));
            Assert.Equal((false, "tcp", 7070), Ingress(app));
            Assert.Equal($"{cache.Name}:7070", cache.Settings["ChunkProxy__PoolAddr"]);
        });
    }

    [Fact]
    public async Task EtcdAndRedis_AreOneEachAndInternal()
    {
        var template = await Template.EvaluateAsync(WithRedis, Cancelled);

        Assert.Equal((1, 1), Scale(template.Apps["chunkproxy-etcd"]));
        Assert.Equal((false, "tcp", 2379), Ingress(template.Apps["chunkproxy-etcd"]));
        Assert.Equal((1, 1), Scale(template.Apps["chunkproxy-superhot"]));
        Assert.Equal((false, "tcp", 6379), Ingress(template.Apps["chunkproxy-superhot"]));
        Assert.All(template.Processes, process => Assert.Equal("http://chunkproxy-etcd:2379", process.Settings["ChunkProxy__Coord"]));
        Assert.All(template.Processes, process => Assert.Equal(DeployedProcess.Secret, process.Settings["ConnectionStrings__superhot"]));
    }

    [Fact]
    public async Task FrontEnd_IsReachedByHttpsAndScales()
    {
        var template = await Template.EvaluateAsync(WithRedis, Cancelled);

        var web = template.Apps["chunkproxy-web"];
        var ingress = web.GetProperty("configuration").GetProperty("ingress");
        Assert.Equal((true, "auto", 8080), Ingress(web));
        Assert.False(ingress.GetProperty("allowInsecure").GetBoolean());
        Assert.Equal((1, 10), Scale(web));
        Assert.Equal(
            ["Liveness /_chunkproxy/alive", "Readiness /_chunkproxy/health", "Startup /_chunkproxy/alive"],
            web.GetProperty("template").GetProperty("containers")[0].GetProperty("probes").EnumerateArray()
                .Select(probe => $"{probe.GetProperty("type").GetString()} {probe.GetProperty("httpGet").GetProperty("path").GetString()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Names_LongestPrefixAndMostMembers_FitThePlatform()
    {
        var template = await Template.EvaluateAsync($"{WithRedis}param members = 30\nparam name = 'abcdefghijklmnopqrst'\n", Cancelled);

        Assert.Equal(30 + 3, template.Apps.Count);
        Assert.All(template.Apps.Keys, name => Assert.InRange(name.Length, 2, LongestName));
    }

    [Fact]
    public async Task Secrets_AreParametersAndNeverLiterals()
    {
        var template = await Template.EvaluateAsync(WithRedis, Cancelled);

        var secrets = template.Apps.Values
            .Select(app => app.GetProperty("configuration"))
            .Where(configuration => configuration.TryGetProperty("secrets", out _))
            .SelectMany(configuration => configuration.GetProperty("secrets").EnumerateArray())
            .ToArray();
        Assert.Equal(
            ["admin-key", "etcd-password", "password", "pool-key", "redis"],
            secrets.Select(secret => secret.GetProperty("name").GetString()).Distinct().Order(StringComparer.Ordinal));
        Assert.All(secrets, secret => Assert.Contains("parameters('", secret.GetProperty("value").GetString(), StringComparison.Ordinal));
        Assert.All(template.Processes, process => Assert.Equal(DeployedProcess.Secret, process.Settings["ChunkProxy__PoolKey"]));
        Assert.All(template.Processes, process => Assert.Equal(DeployedProcess.Secret, process.Settings["ChunkProxy__Etcd__Password"]));
    }

    private static (int Least, int Most) Scale(JsonElement app)
    {
        var scale = app.GetProperty("template").GetProperty("scale");
        return (scale.GetProperty("minReplicas").GetInt32(), scale.GetProperty("maxReplicas").GetInt32());
    }

    private static (bool External, string Transport, int Port) Ingress(JsonElement app)
    {
        var ingress = app.GetProperty("configuration").GetProperty("ingress");
        return (ingress.GetProperty("external").GetBoolean(), ingress.GetProperty("transport").GetString()!, ingress.GetProperty("targetPort").GetInt32());
    }
}
