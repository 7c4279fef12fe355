using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class MembershipServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddMembership_NoCluster_Alone()
    {
        await using var services = Services();

        var source = Assert.IsType<StaticMembership>(services.GetRequiredService<IMembershipSource>());

        Assert.Equal("127.0.0.1:7070", Assert.Single(source.Owners.Epoch.Members).Id);
        Assert.Equal(MemberRole.Node, source.Self!.Role);
    }

    [Fact]
    public async Task AddMembership_Peers_Static()
    {
        await using var services = Services(("PoolAddr", "10.0.0.1:7070"), ("PoolKey", "a key of the cluster"), ("PoolPeers", "10.0.0.1:7070,10.0.0.2:7070"));

        var source = Assert.IsType<StaticMembership>(services.GetRequiredService<IMembershipSource>());

        Assert.Equal(2, source.Owners.Epoch.Members.Count);
    }

    [Fact]
    public async Task AddMembership_FrontEndWithPeers_OwnsNothing()
    {
        await using var services = Services(("PoolAddr", "none"), ("PoolPeers", "10.0.0.1:7070,10.0.0.2:7070"));

        var source = services.GetRequiredService<IMembershipSource>();

        Assert.Null(source.Self);
        Assert.Equal(2, source.Owners.Epoch.Members.Count);
    }

    [Fact]
    public async Task AddMembership_Coordinator_Etcd()
    {
        await using var services = Services(("PoolAddr", "10.0.0.1:7070"), ("PoolKey", "a key of the cluster"), ("Coord", "http://127.0.0.1:1,http://127.0.0.1:2"), ("Weight", "2.5"));

        var source = Assert.IsType<EtcdMembership>(services.GetRequiredService<IMembershipSource>());

        Assert.Equal(2.5, source.Self!.Weight);
        Assert.NotEqual("", source.Self.Version);
    }

    [Theory]
    [InlineData("Etcd:LeaseTtl", "00:00:01")]
    [InlineData("Etcd:LeaseTtl", "00:00:03.5")]
    [InlineData("Etcd:LeaseTtl", "10")]
    [InlineData("Etcd:Username", "root")]
    [InlineData("Etcd:CaFile", "/no/such/file.pem")]
    [InlineData("Etcd:ReconcileInterval", "00:00:00")]
    [InlineData("Weight", "0")]
    [InlineData("Weight", "NaN")]
    public async Task AddMembership_ValueOutOfRange_NamedAtStart(string key, string value)
    {
        await using var services = Services(("Coord", "http://127.0.0.1:1"), (key, value));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IMembershipSource>());

        Assert.Contains(key == "Etcd:Username" ? "Etcd:Password" : key, failure.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings) =>
        new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"ChunkProxy:{setting.Key}", (string?)setting.Value)))
                .Build())
            .AddLogging()
            .AddMembership(MemberRole.Node)
            .BuildServiceProvider();
}
