using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Tls;

/// <summary>A node with a certificate, which tests may replace, and with addresses without TLS.</summary>
public sealed class TlsNode : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal OneNode One { get; private set; } = null!;

    internal Node Node => One.Node;

    /// <summary>What the process has loaded before anybody read from it.</summary>
    internal IReadOnlyList<string> MapsAtStart { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var file = TestCertificate.For("localhost").WriteOneFile(_folder.Combine("node.pem"));
        One = await OneNode.StartAsync(
            $"-cert {file} -size-c 256KiB",
            CancellationToken.None,
            ("CertificateCheckInterval", "00:00:01"),
            ("PlainAddress", "127.0.0.1:0"),
            ("Http2Address", "127.0.0.1:0"));
        MapsAtStart = await File.ReadAllLinesAsync($"/proc/{Node.ProcessId}/maps");
    }

    /// <summary>Gives the node another certificate, and returns when it is loaded.</summary>
    internal async Task ReplaceAsync(TestCertificate certificate, CancellationToken cancellationToken)
    {
        var before = LoadedCertificates();
        certificate.WriteOneFile(_folder.Combine("new.pem"));
        File.Move(_folder.Combine("new.pem"), _folder.Combine("node.pem"), overwrite: true);
        await Node.WhenLineAsync(_ => LoadedCertificates() > before, "the certificate is loaded", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        _folder.Dispose();
    }

    private int LoadedCertificates() => Node.Output.Split('\n').Count(line => line.Contains("Loaded the certificate", StringComparison.Ordinal));
}
