using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Tls;

/// <summary>Handshakes contain an answer of the OCSP responder that the certificate names, and never wait for it.</summary>
public sealed class OcspTests : IDisposable
{
    private const string None = "OCSP response: no response sent";

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private string File => _folder.Combine("node.pem");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Handshake_CertificateNamesAResponder_AnswerIsStapledAlsoAfterARenewal()
    {
        await using var responder = await OcspResponder.StartAsync(_authority, Now);
        responder.Gate.Open();
        var first = _authority.Issue(File, "localhost", responder.Address);
        await using var one = await OneNode.StartAsync($"-cert {File}", Now, ("CertificateCheckInterval", "00:00:01"));

        await WhenStapledAsync(one, first);

        var second = _authority.Issue(_folder.Combine("new.pem"), "localhost", responder.Address);
        System.IO.File.Move(_folder.Combine("new.pem"), File, overwrite: true);
        await one.Node.WhenLineAsync(line => line.Contains("Loaded the certificate", StringComparison.Ordinal), "the second certificate", Now);

        await WhenStapledAsync(one, second);
    }

    [Fact]
    public async Task Handshake_ResponderDoesNotAnswer_IsNotDelayedAndHasNoAnswerUntilThereIsOne()
    {
        await using var responder = await OcspResponder.StartAsync(_authority, Now);
        var serial = _authority.Issue(File, "localhost", responder.Address);
        await using var one = await OneNode.StartAsync($"-cert {File}", Now);

        await responder.Gate.WhenReachedAsync(Now);
        Assert.Contains(None, await HandshakeAsync(one), StringComparison.Ordinal); // the gate is closed until here, so it has waited for nothing

        responder.Gate.Open();
        await WhenStapledAsync(one, serial);
    }

    [Fact]
    public async Task Handshake_ResponderIsAway_Succeeds()
    {
        _authority.Issue(File, "localhost", new Uri($"http://127.0.0.1:{FreePort.Next()}/"));
        await using var one = await OneNode.StartAsync($"-cert {File}", Now);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.Contains(None, await HandshakeAsync(one), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_StaplingIsOff_ResponderIsNotAsked()
    {
        await using var responder = await OcspResponder.StartAsync(_authority, Now);
        responder.Gate.Open();
        _authority.Issue(File, "localhost", responder.Address);
        await using var one = await OneNode.StartAsync($"-cert {File}", Now, ("OcspStapling", "false"));

        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.Contains(None, await HandshakeAsync(one), StringComparison.Ordinal);
        }

        Assert.False(responder.Gate.WhenReachedAsync(Now).IsCompleted);
    }

    // Nothing tells when the answer has come.
    private static async Task WhenStapledAsync(OneNode one, string serial)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var said = await HandshakeAsync(one);
            if (said.Contains($"Serial Number: {serial}", StringComparison.Ordinal))
            {
                Assert.Contains("OCSP Response Status: successful", said, StringComparison.Ordinal);
                Assert.Contains("Cert Status: good", said, StringComparison.Ordinal);
                return;
            }

            Assert.False(patience.IsCancellationRequested, said);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Now);
        }
    }

    private static async Task<string> HandshakeAsync(OneNode one)
    {
        var openssl = await ChildProcess.RunAsync(
            "/bin/sh", ["-c", $"openssl s_client -connect 127.0.0.1:{one.Node.Address.Port} -servername localhost -status </dev/null"], Now);
        var said = string.Join('\n', openssl.Lines);
        Assert.True(openssl.ExitCode == 0, said);
        return said;
    }
}
