using System.Text.RegularExpressions;
using ChunkProxy.Testing.Processes;
using YamlDotNet.RepresentationModel;

namespace ChunkProxy.AppHost.Tests.OnAspire;

public sealed partial class KubernetesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Kubernetes_AMemberIsOnePodWithAVolumeAndAName()
    {
        using var chart = await PublishAsync("--Sizes:Disk", "4GiB");

        var values = Yaml.Read(chart.Combine("values.yaml"));
        Assert.Equal("cache-1-service:7070", values.Text("config", "cache_1", Setting.PoolAddr));
        Assert.Equal(Published.Origin, values.Text("config", "cache_1", Setting.Url));
        Assert.Equal("http://etcd-service:2379", values.Text("config", "cache_1", Setting.Coord));

        var set = Yaml.Read(chart.Combine("templates/cache-1/statefulset.yaml"));
        Assert.Equal("1", set.Text("spec", "replicas"));
        var pod = set.At("spec", "template", "spec");
        Assert.Equal("1654", pod.Text("securityContext", "fsGroup"));
        var container = Assert.Single((YamlSequenceNode)pod.At("containers"));
        Assert.Equal("/home/app", Assert.Single((YamlSequenceNode)container.At("volumeMounts")).Text("mountPath"));
        Assert.Equal("/alive", container.Text("livenessProbe", "httpGet", "path"));

        var claim = Yaml.Read(chart.Combine("templates/cache-1-disk/cache-1-disk.yaml"));
        Assert.Equal("5120Mi", claim.Text("spec", "resources", "requests", "storage"));
        Assert.Equal(claim.Text("metadata", "name"), Assert.Single((YamlSequenceNode)pod.At("volumes")).Text("persistentVolumeClaim", "claimName"));
        Assert.Equal("true", Yaml.Read(chart.Combine("templates/cache-1/service.yaml")).Text("spec", "publishNotReadyAddresses"));
    }

    [Fact]
    public async Task Publish_Kubernetes_TheFrontEndIsProbedWhereItAnswersClients()
    {
        using var chart = await PublishAsync();

        var container = Assert.Single((YamlSequenceNode)Yaml.Read(chart.Combine("templates/web/deployment.yaml")).At("spec", "template", "spec", "containers"));
        Assert.Equal("8080", container.Text("readinessProbe", "httpGet", "port"));
        Assert.Equal("/_chunkproxy/health", container.Text("readinessProbe", "httpGet", "path"));
        Assert.Equal("/_chunkproxy/alive", container.Text("livenessProbe", "httpGet", "path"));
    }

    [Fact]
    public async Task Publish_Kubernetes_ThePoolKeyIsASecret()
    {
        using var chart = await PublishAsync();

        foreach (var name in new[] { "cache-1", "cache-2", Topology.Web })
        {
            Assert.NotEmpty(Yaml.Read(chart.Combine($"templates/{name}/secrets.yaml")).Text("stringData", Setting.PoolKey));
            Assert.DoesNotContain(Setting.PoolKey, await File.ReadAllTextAsync(chart.Combine($"templates/{name}/config.yaml"), Cancelled), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Publish_Kubernetes_ProbesSpellTheirSchemeAsKubernetesDoes()
    {
        using var chart = await PublishAsync();

        var schemes = from file in Templates(chart)
                      from Match scheme in ProbeScheme().Matches(File.ReadAllText(file))
                      select scheme.Groups[1].Value;
        Assert.Equal(["HTTP"], schemes.Distinct());
    }

    [Fact]
    public async Task Publish_Kubernetes_EveryValueThatATemplateTakesIsInTheChart()
    {
        using var chart = await PublishAsync("--Redis:Enabled", "true");

        var values = Yaml.Read(chart.Combine("values.yaml"));
        var taken = Templates(chart).SelectMany(file => HelmValue().Matches(File.ReadAllText(file))).Select(value => value.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(taken);
        Assert.All(taken, value => values.Text(value.Split('.')));
    }

    private static string[] Templates(TemporaryFolder chart) => Directory.GetFiles(chart.Combine("templates"), "*.yaml", SearchOption.AllDirectories);

    [GeneratedRegex(@"\{\{ \.Values\.(\S+) ")]
    private static partial Regex HelmValue();

    [GeneratedRegex("scheme: \"?(\\w+)")]
    private static partial Regex ProbeScheme();

    private static async Task<TemporaryFolder> PublishAsync(params string[] arguments)
    {
        var folder = new TemporaryFolder();
        await Published.ToAsync(folder.Path, ["--step", "publish"], ["--Publish:To", "kubernetes", .. arguments], Cancelled);
        return folder;
    }
}
