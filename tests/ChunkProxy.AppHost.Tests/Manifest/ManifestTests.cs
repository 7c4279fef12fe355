using System.Text.Json;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Manifest;

public sealed class ManifestTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Manifest_NamesEachMemberByItsOwnAddress()
    {
        using var folder = new TemporaryFolder();
        var manifest = folder.Combine("manifest.json");
        await Published.ToAsync(manifest, ["--publisher", "manifest"], [], Cancelled);

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(manifest, Cancelled));
        var resources = json.RootElement.GetProperty("resources");
        foreach (var cache in new[] { "cache-1", "cache-2" })
        {
            var environment = resources.GetProperty(cache).GetProperty("env");
            Assert.Contains($"{cache}.bindings.pool.host", environment.GetProperty(Setting.PoolAddr).GetString(), StringComparison.Ordinal);
            Assert.Equal("{pool-key.value}", environment.GetProperty(Setting.PoolKey).GetString());
            Assert.Equal("{etcd-password.value}", environment.GetProperty(Setting.EtcdPassword).GetString());
            Assert.Equal("{etcd.connectionString}", environment.GetProperty(Setting.Coord).GetString());
            Assert.Equal(Published.Origin, environment.GetProperty(Setting.Url).GetString());
        }

        Assert.Equal(Setting.OwnsNothing, resources.GetProperty(Names.Web).GetProperty("env").GetProperty(Setting.PoolAddr).GetString());
        Assert.False(resources.TryGetProperty(Names.SampleOrigin, out _));
    }
}
