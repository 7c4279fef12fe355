using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary>The separate admin address with TLS, and the commands that ask it.</summary>
public sealed class AdminTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Status_AdminAddressHasTls_WorksWithTheCertificateAndSaysWhatIsMissingWithout()
    {
        var file = TestCertificate.For("localhost").WriteOneFile(_folder.Combine("node.pem"));
        var other = TestCertificate.For("localhost").WriteOneFile(_folder.Combine("other.pem"));
        await using var one = await OneNode.StartAsync($"-cert {file} -adminaddr 127.0.0.1:0", Now, ("AdminTls", "true"));
        one.Origin.Add("/film.mp4", 1000);
        var admin = await one.Node.WhenAdminAddressAsync(Now);
        var node = admin.GetLeftPart(UriPartial.Authority);
        using (var objects = await one.Node.Client.GetAsync(new Uri(admin, "film.mp4"), Now))
        {
            Assert.Equal(System.Net.HttpStatusCode.NotFound, objects.StatusCode);
        }

        Assert.Equal(Uri.UriSchemeHttps, admin.Scheme);
        Assert.Contains("Origin traffic saved", await RunAsync(0, "status", "-node", node, "-cafile", file), StringComparison.Ordinal);
        Assert.Contains("pass -cafile", await RunAsync(1, "status", "-node", node), StringComparison.Ordinal);
        Assert.Contains("pass -cafile", await RunAsync(1, "status", "-node", node, "-cafile", other), StringComparison.Ordinal);
        Assert.Contains("-cafile", await RunAsync(2, "status", "-node", node, "-cafile", _folder.Combine("none")), StringComparison.Ordinal);
        Assert.Contains("no node answers", await RunAsync(1, "status", "-node", node.Replace("https", "http", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(int expected, params string[] arguments)
    {
        await using var process = Node.Launch(arguments);
        Assert.Equal(expected, await process.WhenExitedAsync(Now));
        return string.Join('\n', process.Lines);
    }
}
