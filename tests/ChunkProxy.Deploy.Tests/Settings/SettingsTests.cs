using ChunkProxy.Deploy.Tests.Compose;
using ChunkProxy.Deploy.Tests.Kubernetes;
using k8s.Models;

namespace ChunkProxy.Deploy.Tests.Settings;

/// <summary>The deployments give each role the same settings as the AppHost: none is missing, none is unknown.</summary>
public sealed class SettingsTests
{
    // Settings that are not the product's: connection strings, telemetry, and the platform's own.
    private static readonly HashSet<string> Foreign =
        ["ConnectionStrings__superhot", "OTEL_EXPORTER_OTLP_ENDPOINT", "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "POD_NAME"];

    // What the AppHost publishes has one port for clients and operators, and no load balancer.
    private static readonly HashSet<string> OnlyDeployed = ["ChunkProxy__AdminAddress", "ChunkProxy__LameDuck"];

    // Addresses and names of the place, and keys.
    private static readonly HashSet<string> OfThePlace =
        [
        "ChunkProxy__Url", "ChunkProxy__Coord", "ChunkProxy__Cluster", "ChunkProxy__PoolKey", "ChunkProxy__AdminKey", "ChunkProxy__Etcd__Password",
        "ConnectionStrings__superhot",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public async Task Deployment_HasOnlySettingsThatTheProductKnows(string deployment)
    {
        var processes = await Deployments.ReadAsync(deployment, Cancelled);

        Assert.Equal([ProcessRole.Cache, ProcessRole.FrontEnd], processes.Select(process => process.Role).Distinct().Order());
        Assert.All(processes, process => Assert.All(process.Settings.Keys, name => Assert.True(
            ProductSettings.Names.Contains(name) || Foreign.Contains(name), $"{process.Name} is told {name}, which the product does not know.")));
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public async Task Deployment_TellsEachRoleWhatTheAppHostTellsIt(string deployment)
    {
        var manifest = await AppHostManifest.GetAsync(Cancelled);
        var processes = await Deployments.ReadAsync(deployment, Cancelled);

        foreach (var process in processes)
        {
            var expected = OurSettings(manifest.Processes.First(candidate => candidate.Role == process.Role));
            var actual = OurSettings(process);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Except(OnlyDeployed).Order(StringComparer.Ordinal));
            foreach (var name in expected.Keys.Except(OfThePlace).Where(name => !BelongsToOneMember(process, name)))
            {
                Assert.Equal((name, expected[name]), (name, actual[name]));
            }
        }
    }

    [Fact]
    public void ProductSettings_AreFound()
    {
        string[] some = ["ChunkProxy__Url", "ChunkProxy__DiskSize", "ChunkProxy__Etcd__Password", "ChunkProxy__WebAddr", "ChunkProxy__AdminKeyFile"];
        Assert.All(some, name => Assert.True(ProductSettings.Names.Contains(name), name));
        Assert.False(ProductSettings.Names.Contains("ChunkProxy__DiskBudget")); // the property's name, and not the key
    }

    [Fact]
    public async Task Servers_HaveTheSameImagesEverywhere()
    {
        var manifest = await AppHostManifest.GetAsync(Cancelled);
        var images = manifest.Images.Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, images.Length);
        var bicep = await File.ReadAllTextAsync(DeployFolder.Combine("azure", "main.bicep"), Cancelled);
        var script = await File.ReadAllTextAsync(DeployFolder.Combine("..", "eng", "containers.sh"), Cancelled);

        Assert.Equal(
            images,
            ComposeFile.Read(("ORIGIN_URL", "http://origin.example/")).Services.Select(entry => (string)entry.Service["image"])
                .Where(image => !image.StartsWith("chunkproxy-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains(Manifests.One<V1Deployment>("etcd").Spec.Template.Spec.Containers[0].Image, images);
        Assert.All(images, image => Assert.Contains($"'{image}'", bicep, StringComparison.Ordinal));
        Assert.All(images, image => Assert.Contains($"_image={image}\n", script, StringComparison.Ordinal)); // otherwise the tests would pull images
    }

    // A secret in a file is the same setting.
    private static Dictionary<string, string> OurSettings(DeployedProcess process) =>
        process.Settings
            .Where(setting => setting.Key.StartsWith("ChunkProxy__", StringComparison.Ordinal) || setting.Key == "ConnectionStrings__superhot")
            .ToDictionary(setting => setting.Key.Replace("KeyFile", "Key", StringComparison.Ordinal).Replace("PasswordFile", "Password", StringComparison.Ordinal), setting => setting.Value);

    private static bool BelongsToOneMember(DeployedProcess process, string name) => process.Role == ProcessRole.Cache && name is "ChunkProxy__PoolAddr" or "ChunkProxy__Name";
}
