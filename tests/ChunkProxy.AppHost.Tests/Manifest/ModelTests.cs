using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ChunkProxy.AppHost.Tests.Manifest;

public sealed class ModelTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Model_TwoNodes_HasEveryResourceOfTheTopology()
    {
        await using var builder = await BuildAsync("--Cluster:Nodes", "2", "--Redis:Enabled", "true");

        string[] expected = [Names.Etcd, Names.Redis, Names.SampleOrigin, "cache-1", "cache-2", Names.Web];
        Assert.Subset(builder.Resources.Select(resource => resource.Name).ToHashSet(), expected.ToHashSet());
        Assert.DoesNotContain(builder.Resources, resource => resource.Name == "cache-3");
    }

    [Fact]
    public async Task Model_FrontEnd_WaitsForTheCacheServicesAndTheyForEtcd()
    {
        await using var builder = await BuildAsync("--Cluster:Nodes", "2");

        Assert.Subset(WaitsOf(builder, Names.Web), new HashSet<string> { "cache-1", "cache-2", Names.Etcd });
        Assert.Contains(Names.Etcd, WaitsOf(builder, "cache-1"));
    }

    [Fact]
    public async Task Model_OnlyTheFrontEnd_IsReachedFromOutside()
    {
        await using var builder = await BuildAsync("--Cluster:Nodes", "2");

        var external = builder.Resources.Where(resource => resource.Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.IsExternal));
        Assert.Equal([Names.Web], external.Select(resource => resource.Name));
    }

    [Fact]
    public async Task Model_OriginUrl_ReplacesTheSampleOrigin()
    {
        await using var builder = await BuildAsync("--Origin:Url", "http://origin.example/");

        Assert.DoesNotContain(builder.Resources, resource => resource.Name == Names.SampleOrigin);
    }

    [Fact]
    public async Task Model_NoNodes_TheFrontEndStandsAlone()
    {
        await using var builder = await BuildAsync("--Cluster:Nodes", "0");

        Assert.DoesNotContain(builder.Resources, resource => resource.Name == Names.Etcd);
        Assert.Empty(WaitsOf(builder, Names.Web));
    }

    [Fact]
    public async Task Model_OnThisMachine_EveryProcessListensOnLoopbackOnly()
    {
        await using var builder = await BuildAsync("--Cluster:Nodes", "1");

        foreach (var (name, setting) in new[] { ("cache-1", Setting.PoolListen), (Names.Web, Setting.WebAddr) })
        {
            var listen = (IManifestExpressionProvider)(await EnvironmentOfAsync(builder, name))[setting];
            Assert.StartsWith("localhost:{", listen.ValueExpression, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Model_Redis_IsReferredToByItsConnectionString()
    {
        await using var builder = await BuildAsync("--Cluster:Nodes", "1", "--Redis:Enabled", "true");

        foreach (var name in new[] { "cache-1", Names.Web })
        {
            Assert.Contains(Setting.Redis, await EnvironmentOfAsync(builder, name));
            Assert.Contains(Names.Redis, WaitsOf(builder, name));
        }
    }

    [Fact]
    public async Task Model_EtcdAndRedis_RequirePasswordsThatAreSecrets()
    {
        await using var builder = await BuildAsync("--Cluster:Nodes", "1", "--Redis:Enabled", "true");

        foreach (var name in new[] { "cache-1", Names.Web })
        {
            var environment = await EnvironmentOfAsync(builder, name);
            Assert.Equal("true", environment[Setting.EtcdEnableAuthentication]);
            Assert.True(Assert.IsType<ParameterResource>(environment[Setting.EtcdPassword]).Secret);
        }

        Assert.True(builder.Resources.OfType<RedisResource>().Single().PasswordParameter!.Secret);
    }

    private static async Task<IReadOnlyDictionary<string, object>> EnvironmentOfAsync(IDistributedApplicationTestingBuilder builder, string name)
    {
        var resource = builder.Resources.Single(resource => resource.Name == name);
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource, cancellationToken: Cancelled);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        return context.EnvironmentVariables;
    }

    private static Task<IDistributedApplicationTestingBuilder> BuildAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ChunkProxy_AppHost>(["--Servers:From", "Containers", .. arguments], Cancelled);

    private static HashSet<string> WaitsOf(IDistributedApplicationTestingBuilder builder, string name) =>
        [.. builder.Resources.Single(resource => resource.Name == name).Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name)];
}
