using ChunkProxy.AppHost.OnAspire;
using ChunkProxy.Testing.Processes;
using YamlDotNet.RepresentationModel;

namespace ChunkProxy.AppHost.Tests.OnAspire;

public sealed class ComposeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Compose_EachMemberHasItsNameItsDiskAndTheKey()
    {
        var compose = await PublishAsync();

        foreach (var name in new[] { "cache-1", "cache-2" })
        {
            var cache = compose.At("services", name);
            var environment = cache.At("environment");
            Assert.Equal($"{name}:7070", environment.Text(Setting.PoolAddr));
            Assert.Equal(":7070", environment.Text(Setting.PoolListen));
            Assert.Equal("${POOL_KEY}", environment.Text(Setting.PoolKey));
            Assert.Equal("http://etcd:2379", environment.Text(Setting.Coord));
            Assert.Equal(Published.Origin, environment.Text(Setting.Url));
            var volume = Assert.Single((YamlSequenceNode)cache.At("volumes"));
            Assert.StartsWith($"{volume.Text("target")}/", environment.Text(Setting.Dir), StringComparison.Ordinal);
            Assert.Contains(new YamlScalarNode(volume.Text("source")), ((YamlMappingNode)compose.At("volumes")).Children.Keys);
            Assert.False(((YamlMappingNode)cache).Children.ContainsKey("ports"));
        }
    }

    [Fact]
    public async Task Publish_Compose_OnlyTheFrontEndIsReachedFromOutside()
    {
        var compose = await PublishAsync("--Web:Port", "9000");

        var web = compose.At("services", Topology.Web);
        Assert.Equal("9000:8080", Assert.Single((YamlSequenceNode)web.At("ports")).ToString());
        Assert.Equal(":8080", web.At("environment").Text(Setting.WebAddr));
        Assert.Equal(Setting.OwnsNothing, web.At("environment").Text(Setting.PoolAddr));
        Assert.Equal("0", web.At("environment").Text(Setting.DiskSize));
    }

    [Fact]
    public async Task Publish_Compose_StrangersMayNeitherLookNorForgeTheirAddress()
    {
        var compose = await PublishAsync();

        var environment = (YamlMappingNode)compose.At("services", Topology.Web, "environment");
        Assert.Equal("${ADMIN_KEY}", environment.Text(Setting.AdminKey));
        Assert.Equal("Everything", environment.Text(Setting.AdminKeyGuards));
        Assert.DoesNotContain(new YamlScalarNode("ASPNETCORE_FORWARDEDHEADERS_ENABLED"), environment.Children.Keys);
    }

    [Fact]
    public async Task Publish_Compose_EveryServiceComesBackAndHasTimeToDrain()
    {
        var compose = await PublishAsync("--Redis:Enabled", "true");

        foreach (var name in new[] { Topology.Etcd, Topology.Redis, "cache-1", "cache-2", Topology.Web })
        {
            Assert.Equal("unless-stopped", compose.At("services", name).Text("restart"));
            Assert.Equal("30s", compose.At("services", name).Text("stop_grace_period"));
        }
    }

    [Fact]
    public async Task Publish_ComposeWithRedis_MembersGetItsPasswordAndItsMemoryIsBounded()
    {
        var compose = await PublishAsync("--Redis:Enabled", "true");

        Assert.Equal("superhot:6379,password=${SUPERHOT_PASSWORD}", compose.At("services", "cache-1", "environment").Text(Setting.Redis));
        Assert.Equal("superhot:6379,password=${SUPERHOT_PASSWORD}", compose.At("services", Topology.Web, "environment").Text(Setting.Redis));
        var command = ((YamlSequenceNode)compose.At("services", Topology.Redis, "command")).Select(word => word.ToString());
        Assert.Equal(["-c", "redis-server --requirepass $$REDIS_PASSWORD --save '' --maxmemory 320mb --maxmemory-policy volatile-lru"], command);
    }

    [Fact]
    public async Task Publish_ComposeWithoutMembers_TheFrontEndStandsAlone()
    {
        var compose = await PublishAsync("--Cluster:Nodes", "0");

        var environment = (YamlMappingNode)compose.At("services", Topology.Web, "environment");
        Assert.Equal(PublishedContainer.Disk, environment.Text(Setting.Dir));
        Assert.Equal("1GiB", environment.Text(Setting.DiskSize));
        Assert.DoesNotContain(new YamlScalarNode(Setting.Coord), environment.Children.Keys);
        Assert.DoesNotContain(new YamlScalarNode(Setting.PoolAddr), environment.Children.Keys);
        Assert.DoesNotContain(new YamlScalarNode(Topology.Etcd), ((YamlMappingNode)compose.At("services")).Children.Keys);
    }

    private static async Task<YamlNode> PublishAsync(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        await Published.ToAsync(folder.Path, ["--step", "publish"], ["--Publish:To", "compose", .. arguments], Cancelled);
        return Yaml.Read(folder.Combine("docker-compose.yaml"));
    }
}
