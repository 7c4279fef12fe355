using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Tls;

/// <summary>A node with a directory of certificates, which it reads again only when it is told to.</summary>
public sealed class TlsFolderNode : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private OneNode? _one;

    internal Node Node => _one!.Node;

    internal TestCertificate A { get; } = TestCertificate.For("a.test");

    internal TestCertificate B { get; } = TestCertificate.For("b.test");

    public async ValueTask InitializeAsync()
    {
        A.WriteOneFile(_folder.Combine("a.pem"));
        B.Write(_folder.Combine("b.crt"));
        Write(TestCertificate.For("replaced.test"));
        _one = await OneNode.StartAsync($"-cert {_folder.Path}", CancellationToken.None, ("CertificateCheckInterval", "1.00:00:00"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_one is { } one)
        {
            await one.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Writes the certificate that a test may replace.</summary>
    internal void Write(TestCertificate certificate) => certificate.WriteOneFile(_folder.Combine("replaced.pem"));
}
